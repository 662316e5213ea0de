// The configuration of a trial as the text of its file: the base with the trial's values in it, as JSON or YAML. YAML keeps its comments and
// whatever is not set; what is set is written so that YAML 1.1 (Python, R) and 1.2 read the same value.
import type { Document, Scalar, ScalarTag } from "yaml";
import type { Json } from "../../lib/experiment/json.ts";

/** Values by key; a dot goes deeper. */
export type Settings = Readonly<Record<string, Json>>;

export interface Base {
  /** For messages, and for its format. */
  readonly name: string;
  readonly text: string;
}

export function isYaml(name: string): boolean {
  return /[.]ya?ml$/i.test(name);
}

/** The text of a configuration file; `file` says its format, whatever that of the base. Throws, in words, where the base is none. */
export async function configTextOf(
  file: string,
  { base, settings }: { readonly base: Base | null; readonly settings: Settings },
): Promise<string> {
  if (isYaml(file)) return yamlText(base, settings);
  return `${JSON.stringify(await dataWith({ base, settings }), null, 2)}\n`;
}

/** The same as data. */
export async function dataWith({
  base,
  settings,
}: {
  readonly base: Base | null;
  readonly settings: Settings;
}): Promise<unknown> {
  let whole = base === null ? {} : await dataOf(base);
  for (const [key, value] of Object.entries(settings)) whole = withValue(whole, key.split("."), value);
  return whole;
}

/** What a base holds. Throws, in words, where it is no object. */
export async function dataOf({ name, text }: Base): Promise<unknown> {
  const data: unknown = isYaml(name) ? (await documentOf({ name, text })).toJS() : parsedJson(name, text);
  if (typeof data === "object" && data !== null && !Array.isArray(data)) return data;
  throw new Error(`${name} holds no object at its top`);
}

function parsedJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new Error(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function withValue(base: unknown, [first, ...rest]: readonly string[], value: Json): unknown {
  if (first === undefined) return value;
  if (Array.isArray(base) && /^\d+$/.test(first)) {
    const index = Number(first);
    if (index > base.length) throw new Error(`there is no place ${index} in a list of ${base.length}`);
    return Object.assign([...base], { [index]: withValue(base[index], rest, value) });
  }
  const own = typeof base === "object" && base !== null && !Array.isArray(base) ? base : {};
  return { ...own, [first]: withValue(Reflect.get(own, first), rest, value) };
}

async function yamlText(base: Base | null, settings: Settings): Promise<string> {
  const text = base === null ? "" : isYaml(base.name) ? base.text : JSON.stringify(await dataOf(base));
  const document = await documentOf({ name: base?.name ?? "", text });
  const { isMap, isSeq } = await import("yaml");
  if (document.contents === null) document.contents = document.createNode({});
  if (!isMap(document.contents)) throw new Error(`${base?.name} holds no object at its top`);
  await unshare(document);
  for (const [key, value] of Object.entries(settings)) {
    const path: (string | number)[] = [];
    for (const part of key.split(".")) {
      const above: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
      if (!isMap(above) && !isSeq(above)) document.setIn(path, document.createNode({}));
      path.push(isSeq(document.getIn(path, true)) && /^\d+$/.test(part) ? Number(part) : part);
    }
    document.setIn(path, await nodeOf(document, value));
  }
  return String(document);
}

/** Copies where aliases stand: what is set in one place must not change in another. */
async function unshare(document: Document): Promise<void> {
  const { visit } = await import("yaml");
  visit(document, { Alias: (_, alias) => alias.resolve(document)?.clone() as Scalar | undefined });
  visit(document, {
    Node(_, node) {
      if ("anchor" in node) delete node.anchor;
    },
  });
}

async function documentOf({ name, text }: Base): Promise<Document> {
  const { parseAllDocuments, Document: Empty } = await import("yaml");
  const [document = new Empty({}), second] = parseAllDocuments(text, {
    merge: true,
    customTags: (tags) => [exponent, ...tags],
  });
  if (second !== undefined) throw new Error(`${name} holds several YAML documents`);
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`${name} is no YAML: ${error.message.split("\n")[0]}`);
  return document as Document;
}

/** A value that is set, with texts in quotes: a bare `yes` or `1e3` is another value to YAML 1.1. */
async function nodeOf(document: Document, value: Json): Promise<unknown> {
  const { visit } = await import("yaml");
  const node: unknown = document.createNode(value);
  visit(node as Scalar, {
    Scalar(place, scalar) {
      if (place !== "key" && typeof scalar.value === "string") scalar.type = "QUOTE_DOUBLE";
    },
  });
  return node;
}

/** Writes numbers such as 1e-7 as 1.0e-7: without the point YAML 1.1 reads a text. It reads nothing. */
const exponent: ScalarTag = {
  identify: (value) => typeof value === "number" && /^-?\d+e/.test(String(value)),
  default: true,
  tag: "tag:yaml.org,2002:float",
  test: /(?!)/,
  resolve: Number,
  stringify: ({ value }) => String(value).replace(/^(-?\d+)e/, "$1.0e"),
};
