// A YAML or JSON text as nodes with places: what the reader of plan files asks of the parser, and nothing else of it.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { planSyntax } from "../../diagnostic/plan-file-messages.ts";

/** A value and where it stands. */
export interface Noted<T> {
  readonly value: T;
  readonly place: SourcePlace;
}

/** A member of a mapping. */
export interface Entry {
  readonly key: string;
  /** Of the key. */
  readonly place: SourcePlace;
  readonly node: PlanNode;
}

/** A value of the document, seen as what it is. */
export interface PlanNode {
  readonly place: SourcePlace;
  /** Members of a mapping; null for anything else. */
  readonly entries: readonly Entry[] | null;
  /** Items of a list; null for anything else. */
  readonly items: readonly PlanNode[] | null;
  /** The plain data below it. */
  readonly value: unknown;
}

export interface ParsedDocument {
  /** Null where the text has errors or holds nothing. */
  readonly root: PlanNode | null;
  readonly problems: readonly Diagnostic[];
}

/** Parses the text of `file`; JSON is read as YAML, which it is. */
export function parsePlanText(file: string, text: string): ParsedDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, prettyErrors: false });
  const placeOf = (start: number, end: number): SourcePlace => {
    const at = Math.min(start, text.length);
    const { line, col } = lines.linePos(at);
    const lineEnd = text.indexOf("\n", at);
    const stop = lineEnd < 0 ? end : Math.min(end, lineEnd);
    return { file, line: Math.max(1, line), column: Math.max(1, col), length: Math.max(1, stop - at) };
  };
  const problems = document.errors.map(({ pos, code, message }) =>
    planSyntax({
      place: placeOf(pos[0], code === "DUPLICATE_KEY" ? wordEnd(text, pos[0]) : pos[1]),
      text: code === "DUPLICATE_KEY" ? "this key stands twice" : sentence(message),
    }),
  );
  if (problems.length > 0) return { root: null, problems };
  try {
    const root = document.contents === null ? null : nodeOf(document.contents, { document, placeOf });
    return { root, problems: [] };
  } catch (thrown) {
    // An alias without its anchor, or one that would unfold to millions of values.
    const said = thrown instanceof Error ? sentence(thrown.message) : String(thrown);
    return { root: null, problems: [planSyntax({ place: placeOf(0, 1), text: said })] };
  }
}

interface Reading {
  readonly document: Document;
  placeOf(start: number, end: number): SourcePlace;
}

function nodeOf(given: Node | null, reading: Reading, at: readonly [number, number] = [0, 1]): PlanNode {
  const { document, placeOf } = reading;
  const own = given?.range ?? undefined;
  const place = placeOf(...(own === undefined ? at : ([own[0], own[1]] as const)));
  const node = isAlias(given) ? (given.resolve(document) ?? null) : given;
  // Aliases and `<<` are followed here once; their number is bounded by the parser.
  const value: unknown = node === null ? null : node.toJS(document);
  return {
    place,
    value,
    entries: isMap(node) ? entriesOf(node, value, reading) : null,
    items: isSeq(node)
      ? node.items.map((item) =>
          nodeOf(item as Node | null, reading, own?.slice(0, 2) as [number, number] | undefined),
        )
      : null,
  };
}

/** The members as they are written; what `<<` brings in stands at its place. */
function entriesOf(map: YAMLMap, value: unknown, reading: Reading): readonly Entry[] {
  const written = map.items.flatMap((pair): readonly Entry[] => {
    const { key, value: node } = pair as Pair<Node | null, Node | null>;
    const name = isScalar(key) ? String(key.value) : "";
    if (name === "<<" && typeof value === "object") return [];
    const range = key?.range ?? map.range ?? [0, 1];
    const place = reading.placeOf(range[0], range[1]);
    return [{ key: name, place, node: nodeOf(node, reading, [range[0], range[1]]) }];
  });
  const known = new Set(written.map(({ key }) => key));
  const range = map.range ?? [0, 1];
  const place = reading.placeOf(range[0], range[0] + 1);
  const merged = Object.entries(value as Record<string, unknown>)
    .filter(([key]) => !known.has(key))
    .map(([key, plain]) => ({ key, place, node: plainNode(plain, place) }));
  return [...written, ...merged];
}

/** Data without places of its own. */
function plainNode(value: unknown, place: SourcePlace): PlanNode {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return {
    place,
    value,
    entries: isObject
      ? Object.entries(value).map(([key, inner]) => ({ key, place, node: plainNode(inner, place) }))
      : null,
    items: Array.isArray(value) ? value.map((inner) => plainNode(inner, place)) : null,
  };
}

function wordEnd(text: string, start: number): number {
  return start + (/^[^\s:]+/.exec(text.slice(start))?.[0].length ?? 1);
}

/** The parser's message in the middle of a sentence. */
function sentence(message: string): string {
  const first = message.split("\n")[0] ?? "";
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`.replace(/[.]$/, "");
}
