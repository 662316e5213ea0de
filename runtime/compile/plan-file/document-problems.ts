// What a plan file may not hold although YAML allows it: what has no value in JSON, or would be read as something else than what is written.
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Scalar,
  visit,
} from "yaml";

/** A problem in the middle of a sentence, and the characters that it is about. */
export interface DocumentProblem {
  readonly range: readonly [start: number, end: number];
  readonly text: string;
}

/** Aliases that one document may unfold to; a few lines of nested ones would make billions of values. */
export const mostAliases = 1000;

/** `isKept`: the text is handed on as it is written, so that its values need not be JSON's. */
export function problemsOf(document: Document, text: string, isKept: boolean): readonly DocumentProblem[] {
  const found: DocumentProblem[] = [];
  const { version, explicit } = document.directives?.yaml ?? {};
  if (explicit === true && version !== "1.2" && !isKept)
    found.push({
      range: ofWord(text, Math.max(0, text.indexOf("%YAML"))),
      text: `%YAML ${version} asks for other rules than those of YAML 1.2, by which plans are read; take the line out`,
    });
  const say = (node: Node, problem: string | null): void => {
    const [start = 0, end = start + 1] = node.range ?? [];
    if (problem !== null) found.push({ range: [start, end], text: problem });
  };
  visit(document, {
    Pair(_, { key, value }) {
      if (isAlias(key) || (key !== null && !isScalar(key)))
        say(key as Node, "a key is text; a list, a mapping or an alias is none");
      else if (key === null || key.value === null) {
        const range = (key as Scalar | null)?.range ?? (value as Node | null)?.range;
        found.push({ range: [range?.[0] ?? 0, range?.[1] ?? 1], text: "a key is missing before the colon" });
      } else if (key.value === "__proto__") say(key, '"__proto__" is no key that a value can have');
      else if (isMergeKey(key) && !isMergeable(value as Node | null, document))
        say(key, "<< takes a mapping, an alias of one, or a list of those");
    },
    Alias(_, alias, path) {
      say(alias, aliasProblem(alias, document, path as readonly Node[]));
    },
    Value(_, node) {
      if (isKept) return;
      say(node, tagProblem(node));
      if (isScalar(node)) say(node, numberProblem(node));
    },
  });
  return found.length > 0 ? found : unfolding(document);
}

/** `<<` without quotes, which the parser has as a symbol. */
export function isMergeKey({ value }: Scalar): boolean {
  return typeof value === "symbol";
}

function isMergeable(value: Node | null, document: Document): boolean {
  const node = isAlias(value) ? value.resolve(document) : value;
  if (isMap(node) || (isAlias(value) && node === undefined)) return true;
  return (
    isSeq(node) && node.items.every((item) => !isSeq(item) && isMergeable(item as Node | null, document))
  );
}

function aliasProblem(alias: Alias, document: Document, path: readonly Node[]): string | null {
  const target = alias.resolve(document);
  if (target === undefined) return `no anchor &${alias.source} stands before the alias *${alias.source}`;
  return path.includes(target) ? `the alias *${alias.source} stands within its own anchor` : null;
}

const plainTags = ["str", "int", "float", "bool", "null", "map", "seq", "merge"];

function tagProblem({ tag }: Node): string | null {
  if (tag === undefined || tag === "!" || plainTags.some((name) => tag === `tag:yaml.org,2002:${name}`))
    return null;
  return `the tag ${tag.replace("tag:yaml.org,2002:", "!!")} is none of JSON's kinds of values; take it out, or write !!str`;
}

function numberProblem({ value, source }: Scalar): string | null {
  if (typeof value !== "number") return null;
  const written = source ?? String(value);
  if (!Number.isFinite(value)) return `${written} is no finite number; as text it needs quotes`;
  return /[.eE]/.test(written) && !/^[-+]?0x/i.test(written)
    ? null
    : Number.isSafeInteger(value)
      ? null
      : `${written} lies beyond 2^53 - 1 and would be rounded; as text it needs quotes, as a rounded number an exponent`;
}

/** Whether the aliases unfold to too much: told at the one that goes too far. */
function unfolding(document: Document): readonly DocumentProblem[] {
  const sizes = new Map<Node, number>();
  let all = 0;
  let last: Alias | null = null;
  const sizeOf = (node: Node | undefined): number => {
    if (node === undefined) return 0;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    let size = 0;
    visit(node, {
      Alias(_, alias) {
        size += 1 + sizeOf(alias.resolve(document));
      },
    });
    sizes.set(node, size);
    return size;
  };
  visit(document, {
    Alias(_, alias) {
      all += 1 + sizeOf(alias.resolve(document));
      if (all <= mostAliases) return undefined;
      last = alias;
      return visit.BREAK;
    },
  });
  const range = (last as Alias | null)?.range;
  if (last === null) return [];
  return [
    {
      range: [range?.[0] ?? 0, range?.[1] ?? 1],
      text: `aliases unfold to more than ${mostAliases} here; write the values, or let a program write the file`,
    },
  ];
}

/** The characters from a place to the next blank. */
export function ofWord(text: string, start: number): readonly [start: number, end: number] {
  return [start, start + (/^[^\s:]+/.exec(text.slice(start))?.[0].length ?? 1)];
}
