// A YAML or JSON text as nodes with places: what the reader of plan files asks of the parser, and nothing else of it.
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { planSyntax } from "../../diagnostic/plan-file-messages.ts";
import { isMergeKey, mostAliases, ofWord, problemsOf } from "./document-problems.ts";
import { allowsIn, type PlanAllow } from "./plan-allows.ts";

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
  /** Its comments that allow what a rule finds. */
  readonly allows: readonly PlanAllow[];
}

/** Parses the text of `file`; JSON is read as YAML, which it is. `isKept` is for a text that is handed on as it is written. */
export function parsePlanText(file: string, given: string, isKept = false): ParsedDocument {
  // Editors do not count the mark of UTF-8 as a column.
  const text = given.replace(/^\uFEFF/, "");
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const document = parseDocument(text, { merge: true, prettyErrors: false });
  const placeOf = (start: number, end: number): SourcePlace => placeIn({ file, text, starts }, start, end);
  const errors = document.errors.map(({ pos, code, message }) =>
    planSyntax({
      place: placeOf(pos[0], code === "DUPLICATE_KEY" ? ofWord(text, pos[0])[1] : pos[1]),
      text: own[code] ?? sentence(message),
    }),
  );
  const problems =
    errors.length > 0
      ? errors
      : problemsOf(document, text, isKept).map((problem) =>
          planSyntax({ place: placeOf(...problem.range), text: problem.text }),
        );
  if (problems.length > 0 || document.contents === null) return { root: null, problems, allows: [] };
  return {
    root: nodeOf(document.contents, { document, placeOf }),
    problems: [],
    allows: allowsIn(document, text, placeOf),
  };
}

/** What is said in other words than the parser's. */
const own: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key stands twice",
  MULTIPLE_DOCS: "a second document begins here, and a file holds one",
};

/** The characters that begin at `start`, to the end of their line; what lies behind the text is its last character. */
function placeIn(
  of: { readonly file: string; readonly text: string; readonly starts: readonly number[] },
  start: number,
  end: number,
): SourcePlace {
  const { file, text } = of;
  let at = Math.max(0, Math.min(start, text.trimEnd().length - 1));
  while (at > 0 && /[\r\n]/.test(text.charAt(at)) && text.charAt(at - 1) !== "\n") at--;
  const index = lastUpTo(of.starts, at);
  const rest = /^[^\r\n]*/.exec(text.slice(at))?.[0].length ?? 0;
  const length = Math.max(1, Math.min(end - at, rest));
  return { file, line: index + 1, column: at - (of.starts[index] ?? 0) + 1, length };
}

/** The index of the last of these ascending numbers that is not above `most`. */
function lastUpTo(ascending: readonly number[], most: number): number {
  let [low, high] = [0, ascending.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((ascending[middle] ?? 0) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
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
  // Aliases and `<<` are followed; what they unfold to is bounded.
  const value: unknown = node === null ? null : node.toJS(document, { maxAliasCount: mostAliases });
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
  const [start, end] = map.range ?? [0, 1];
  let merges = reading.placeOf(start, end);
  const written = map.items.flatMap((pair): readonly Entry[] => {
    const { key, value: node } = pair as Pair<Node | null, Node | null>;
    const range = key?.range ?? [start, end];
    const place = reading.placeOf(range[0], range[1]);
    if (!isScalar(key)) return [];
    if (isMergeKey(key)) merges = place;
    return isMergeKey(key)
      ? []
      : [{ key: String(key.value), place, node: nodeOf(node, reading, [range[0], range[1]]) }];
  });
  const known = new Set(written.map(({ key }) => key));
  const merged = Object.entries(value as Record<string, unknown>)
    .filter(([key]) => !known.has(key))
    .map(([key, plain]) => ({ key, place: merges, node: plainNode(plain, merges) }));
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

/** The parser's message in the middle of a sentence. */
function sentence(message: string): string {
  const first = message.split("\n")[0] ?? "";
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`.replace(/[.]$/, "");
}
