// Comments of a plan file that allow what a rule finds: `# lab-allow unread-parameter: the program draws by it`. At the end of a line one
// covers that line; on a line of its own the member or item below, whole. In the plan's module it stands above what it covers.
import { CST, type Document, isNode, Lexer, visit } from "yaml";
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { markedText, type Part } from "./module-text.ts";

export interface PlanAllow {
  readonly place: SourcePlace;
  /** From `lab-allow` on, in one line. */
  readonly text: string;
  /** Lines of the plan file that it covers, counted from 1, both included. */
  readonly lines: readonly [first: number, last: number];
}

const marks: readonly string[] = [CST.DOCUMENT, CST.FLOW_END, CST.SCALAR];

export function allowsIn(
  document: Document,
  text: string,
  placeOf: (start: number, end: number) => SourcePlace,
): readonly PlanAllow[] {
  if (!text.includes("lab-allow")) return [];
  const found: PlanAllow[] = [];
  let at = 0;
  for (const token of new Lexer().lex(text)) {
    // The lexer's own marks are no characters of the text.
    if (marks.includes(token)) continue;
    const [start, end] = [at, at + token.length];
    at = end;
    const said = /^#+[ \t]*(lab-allow(?:[\s:].*)?)$/s.exec(token)?.[1];
    if (said === undefined) continue;
    const place = placeOf(start, end);
    const isAlone = text.slice(text.lastIndexOf("\n", start) + 1, start).trim() === "";
    found.push({
      place,
      // TypeScript ends a comment at each of these.
      text: said.replace(/[\r\u2028\u2029]/g, " ").trimEnd(),
      lines: (isAlone ? linesBelow(document, { text, end, placeOf }) : null) ?? [place.line, place.line],
    });
  }
  return found;
}

/** The lines of the outermost member or item that begins next. */
function linesBelow(
  document: Document,
  of: {
    readonly text: string;
    readonly end: number;
    placeOf(start: number, end: number): SourcePlace;
  },
): readonly [first: number, last: number] | null {
  let next: readonly [start: number, end: number] | null = null;
  const look = (start: number | undefined, end: number | undefined): void => {
    if (start === undefined || start < of.end || (next !== null && start >= next[0])) return;
    next = [start, end ?? start];
  };
  visit(document, {
    Pair(_, { key, value }) {
      const start = isNode(key) ? key.range?.[0] : undefined;
      look(start, (isNode(value) ? value.range?.[1] : undefined) ?? start);
    },
    Node(index, node) {
      if (typeof index === "number") look(node.range?.[0], node.range?.[1]);
    },
  });
  if (next === null) return null;
  const [start, end] = next as readonly [number, number];
  const last = start + of.text.slice(start, end).trimEnd().length - 1;
  return [of.placeOf(start, end).line, of.placeOf(Math.max(start, last), end).line];
}

/** The members of the definition with each comment above the smallest one, or part of one, that holds all that it covers. */
export function withAllows(
  members: readonly (readonly Part[])[],
  allows: readonly PlanAllow[],
): readonly Part[] {
  const placed = [...members];
  for (const allow of allows) {
    const index = placed.findIndex((member) => member.some((part) => holds(part, allow.lines)));
    const member = placed[index];
    // What covers nothing of the module stands at its end, where it is told to be unused.
    if (member === undefined) placed.push([comment(allow, "  ")]);
    else placed[index] = placedIn(member, allow, "") ?? [comment(allow, "  "), ...member];
  }
  return placed.flat();
}

function comment({ place, text }: PlanAllow, indent: string): Part {
  return { of: place, parts: [`${indent}// ${text}\n`] };
}

/** The parts with the comment in them; null where no single part that begins a line holds all. `before` is the text up to them. */
function placedIn(parts: readonly Part[], allow: PlanAllow, before: string): readonly Part[] | null {
  const [index, ...more] = parts.flatMap((part, at) => (holds(part, allow.lines) ? [at] : []));
  const part = index === undefined ? undefined : parts[index];
  if (index === undefined || more.length > 0 || part === undefined || typeof part === "string") return null;
  const [head, tail] = [parts.slice(0, index), parts.slice(index + 1)];
  const ahead = before + markedText(head).text;
  const inner = covers(part, allow.lines) ? null : placedIn(part.parts, allow, ahead);
  if (inner !== null) return [...head, { ...part, parts: inner }, ...tail];
  if (ahead !== "" && !ahead.endsWith("\n")) return null;
  const indent = /^ */.exec(markedText([part]).text)?.[0] ?? "";
  return [...head, comment(allow, indent), part, ...tail];
}

function holds(part: Part, lines: PlanAllow["lines"]): boolean {
  if (typeof part === "string" || isComment(part)) return false;
  return covers(part, lines) || part.parts.some((inner) => holds(inner, lines));
}

function covers(part: Exclude<Part, string>, [first, last]: PlanAllow["lines"]): boolean {
  return first <= part.of.line && part.of.line <= last;
}

function isComment({ parts: [first] }: Exclude<Part, string>): boolean {
  return typeof first === "string" && first.trimStart().startsWith("// lab-allow");
}
