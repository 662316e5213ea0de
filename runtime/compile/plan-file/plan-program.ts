// What a plan file runs: `program`, a command line with what it reads and leaves behind, or `module`, a trial function of the project.
import { problemOf } from "../../../lib/experiment/problem.ts";
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { definitionProblem } from "../../diagnostic/problem-messages.ts";
import { code } from "./code-text.ts";
import type { Entry, Noted, PlanNode } from "./plan-document.ts";
import { bad, membersOf, notedText, pathBelow, type Reading, textOf, textsOf } from "./plan-reading.ts";

/** A program as the plan names it: parts of its command as TypeScript. */
export interface PlanProgram {
  readonly kind: "program";
  readonly place: SourcePlace;
  /** Arguments as TypeScript: texts and tokens. */
  readonly run: readonly { readonly code: string; readonly place: SourcePlace }[];
  /** Name of the configuration in the trial's folder; null where the plan names none. */
  readonly config: string | null;
  /** Where the seed goes in the configuration. */
  readonly seed: Noted<string>;
  readonly metrics: MetricSourceCode;
  /** Further options of `command`, as TypeScript. */
  readonly options: readonly { readonly name: string; readonly code: string; readonly place: SourcePlace }[];
}

/** A module of the project that exports a trial function. */
export interface PlanModule {
  readonly kind: "module";
  readonly place: SourcePlace;
  readonly specifier: string;
  readonly exportName: string;
}

/** Where metrics are read: as the plan writes it, or a file alone, whose keys may go by other names. */
export interface MetricSourceCode {
  readonly place: SourcePlace;
  readonly code: string;
  readonly file: { readonly kind: "json" | "jsonLines" | "csv"; readonly name: string } | null;
}

const programKeys = ["run", "config", "seed", "files", "environment", "metrics", "artifacts", "exits"];

export function readProgram(
  reading: Reading,
  entry: Entry,
  paths: ReadonlyMap<string, string>,
): PlanProgram | null {
  const { node, place } = entry;
  const isBare = node.entries === null;
  const parts = membersOf(reading, node.entries ?? [], { within: "program", known: programKeys });
  const written = isBare ? node : parts.get("run")?.node;
  if (written === undefined)
    return bad(
      reading,
      node,
      "program",
      'run, such as run: [python3, train.py, --config, "{config}"]',
      place,
    );
  const run = argumentsOf(reading, written, paths);
  if (run === null) return null;
  const options = ["files", "artifacts"].flatMap((name) => {
    const found = parts.get(name);
    const texts = textsOf(reading, found, "a list of paths");
    return found === undefined ? [] : [{ name, code: code(texts), place: found.place }];
  });
  for (const name of ["environment", "exits"]) {
    const found = parts.get(name);
    if (found === undefined) continue;
    if (found.node.entries === null) bad(reading, found.node, name, "keys and values");
    else options.push({ name, code: code(found.node.value), place: found.place });
  }
  const metrics = parts.get("metrics");
  const config = parts.get("config");
  const file = textOf(reading, config, "the name of a file in the trial's folder, such as config.yaml");
  if (config !== undefined && file !== null && pathBelow(file) === null)
    bad(reading, config.node, "config", "a name in the trial's folder");
  return {
    kind: "program",
    place,
    run,
    config: file,
    seed: notedText(reading, parts.get("seed")) ?? { value: "seed", place },
    metrics:
      metrics === undefined
        ? { place, code: "", file: { kind: "json", name: "metrics.json" } }
        : metricSource(reading, metrics),
    options,
  };
}

const metricKeys = ["json", "jsonLines", "csv", "output", "names"];

/** A file name is read by its ending; a mapping is what `command` takes. */
function metricSource(reading: Reading, { node, place }: Entry): MetricSourceCode {
  if (typeof node.value === "string") {
    return { place, code: "", file: { kind: fileKindOf(node.value), name: node.value } };
  }
  if (node.entries === null) {
    bad(reading, node, "metrics", 'a file such as metrics.json, or { output: { loss: "loss=(.*)" } }');
    return { place, code: "{}", file: null };
  }
  membersOf(reading, node.entries, { within: "metrics of program", known: metricKeys });
  return { place, code: code(node.value), file: null };
}

/** What a file is read as, by its ending. */
export function fileKindOf(name: string): "json" | "jsonLines" | "csv" {
  if (/[.]csv$/i.test(name)) return "csv";
  return /[.](?:jsonl|ndjson)$/i.test(name) ? "jsonLines" : "json";
}

/** The tokens of an argument list, by what stands in braces. */
const tokens: Readonly<Record<string, string>> = {
  config: "configFile",
  flags: "configFlags",
  seed: "trialSeed",
  checkpoint: "checkpointFolder",
};

function argumentsOf(
  reading: Reading,
  node: PlanNode,
  paths: ReadonlyMap<string, string>,
): PlanProgram["run"] | null {
  const expected =
    'a command line, or a list of arguments, such as [python3, train.py, --config, "{config}"]';
  if (typeof node.value === "string") {
    if (node.value.trim() === "") return bad(reading, node, "run", expected);
    if (/["'\\|&;<>$`]/.test(node.value))
      return bad(
        reading,
        node,
        "run",
        "a list of arguments where one holds a quote or a sign of the shell: no shell reads it",
      );
    const words = node.value.trim().split(/\s+/);
    return words.map((word) => ({ code: argument(reading, node, word, paths), place: node.place }));
  }
  if (node.items === null || node.items.length === 0) return bad(reading, node, "run", expected);
  return node.items.map((item) => {
    const { value } = item;
    if (typeof value === "number" || typeof value === "boolean")
      return { code: code(String(value)), place: item.place };
    if (typeof value === "string") return { code: argument(reading, item, value, paths), place: item.place };
    bad(reading, item, "an argument", 'text; in YAML a place for a value needs quotes: "{config}"');
    return { code: '""', place: item.place };
  });
}

function argument(
  reading: Reading,
  node: PlanNode,
  word: string,
  paths: ReadonlyMap<string, string>,
): string {
  const inside = /\{([\p{L}_$][\p{L}\p{N}_$.-]*)\}/u.exec(word);
  const name = inside?.[1];
  if (inside === null || name === undefined) return code(word);
  const token = tokens[name] ?? (paths.has(name) ? `parameter(${code(paths.get(name))})` : null);
  const known = [...Object.keys(tokens), ...paths.keys()];
  if (token === null) {
    const problem = problemOf({
      code: "unknown-parameter",
      subject: "program",
      found: name,
      candidates: known,
    });
    reading.say(definitionProblem(problem, node.place));
    return code(word);
  }
  if (inside[0] === word) return token;
  const [before, after] = [word.slice(0, inside.index), word.slice(inside.index + inside[0].length)];
  bad(
    reading,
    node,
    "an argument",
    `{${name}} as an argument of its own, without "${before}${before && after ? '" and "' : ""}${after}"`,
  );
  return code(word);
}

/** `simulate.ts`, or `simulate.ts#measure` for another export than `trial`. */
export function readModule(reading: Reading, entry: Entry): PlanModule | null {
  const expected =
    "a TypeScript or JavaScript file in the plan's folder or below it, such as simulate.ts or simulate.ts#measure";
  const text = textOf(reading, entry, expected);
  if (text === null) return null;
  const [name = "", exportName = "trial"] = text.split("#");
  const file = pathBelow(name);
  const isModule =
    file !== null && /[.]m?[jt]s$/.test(file) && /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(exportName);
  if (!isModule) return bad(reading, entry.node, "module", expected);
  return { kind: "module", place: entry.node.place, specifier: `./${file}`, exportName };
}
