// What may stand where the cursor is: commands, flags, and the project's own names. A pure function of the words typed, the table of
// commands and the names, which are looked up only where one is asked for.
import type { Json } from "../../../lib/experiment/json.ts";
import type { CommandSpec, OptionSpec } from "../command.ts";
import { printValue } from "../values/print-value.ts";

/** Names of a project, each read when it is called for. */
export interface ProjectNames {
  experiments(): readonly string[];
  planFiles(): readonly string[];
  /** Tags of experiments and of runs. */
  tags(): readonly string[];
  /** Declared levels by parameter. */
  parameters(): ReadonlyMap<string, readonly Json[]>;
  /** Ids and names of runs, newest first. */
  runs(): readonly string[];
  /** Trials of the latest run without a measurement. */
  unmeasured(): Promise<readonly string[]>;
}

/** Levels offered of one parameter. */
const levelsMax = 100;

/** Words that the shell leaves as they are. */
const plain = /^[\p{L}\p{N}_.:/@%+~^,=-]+$/u;

/**
 * Whole words that go on from the last of `words` (what stands after `lab`, the last one unfinished or empty). Nothing where only a file
 * can stand, so that the shell offers those.
 */
export async function candidatesFor(
  words: readonly string[],
  { commands, names }: { readonly commands: readonly CommandSpec[]; readonly names: ProjectNames },
): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const all = await offered(words, { commands, names });
  return [...new Set(all)].filter((word) => word.startsWith(current) && plain.test(word));
}

async function offered(
  words: readonly string[],
  of: { readonly commands: readonly CommandSpec[]; readonly names: ProjectNames },
): Promise<readonly string[]> {
  const { commands, names } = of;
  const [name = ""] = words;
  const current = words.at(-1) ?? "";
  if (words.length <= 1) return [...commands.map((command) => command.name), "help", "--help", "--version"];
  const spec = commands.find((command) => command.name === name);
  if (spec === undefined) return name === "help" ? commands.map((command) => command.name) : [];
  const option = spec.options.find((each) => flagsOf(each).includes(words.at(-2) ?? ""));
  if (option !== undefined && takesValue(option)) return valuesOf(option, current, names);
  if (current.startsWith("-")) return [...spec.options.flatMap(flagsOf), "--help"];
  const [, flag = "", value] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  if (value !== undefined) return [flag];
  return positionalsOf(spec, names);
}

/** "-S, --set <key=values>" is "-S" and "--set". */
function flagsOf({ flags }: OptionSpec): readonly string[] {
  return flags.split(/[ ,]+/).filter((part) => part.startsWith("-"));
}

function takesValue({ flags }: OptionSpec): boolean {
  return flags.includes("<");
}

function valuesOf(
  option: OptionSpec,
  current: string,
  names: ProjectNames,
): readonly string[] | Promise<readonly string[]> {
  if (option.choices !== undefined) return option.choices;
  const long = flagsOf(option).at(-1);
  switch (long) {
    case "--set":
      return settings(current, names.parameters());
    case "--filter":
      return settings(current, new Map([...names.parameters(), ["replicate", []]]));
    case "--run":
    case "--pilot":
      return runWords(names);
    case "--trial":
      return names.unmeasured();
    case "--tag":
      return names.tags();
    case "--experiment":
      return names.experiments();
    default:
      return [];
  }
}

/** `key=`, and after it the levels; after a comma another. */
function settings(current: string, parameters: ReadonlyMap<string, readonly Json[]>): readonly string[] {
  const at = current.indexOf("=");
  if (at < 0) return [...parameters.keys()].map((name) => `${name}=`);
  const before = current.slice(0, Math.max(at, current.lastIndexOf(",")) + 1);
  const levels = parameters.get(current.slice(0, at)) ?? [];
  return levels.slice(0, levelsMax).map((level) => `${before}${printValue(level)}`);
}

function runWords(names: ProjectNames): readonly string[] {
  return ["latest", ...names.runs(), ...names.experiments(), ...names.planFiles()];
}

/** By what the words of the positional arguments say that they take. */
async function positionalsOf(
  { positional, choice }: CommandSpec,
  names: ProjectNames,
): Promise<readonly string[]> {
  const kinds = new Set(positional.match(/[a-z]+/g) ?? []);
  return [
    ...(kinds.has("experiment") ? [...names.experiments(), ...names.planFiles()] : []),
    ...(kinds.has("plan") ? names.planFiles() : []),
    ...(kinds.has("run") || kinds.has("before") ? runWords(names) : []),
    ...(kinds.has("trial") ? await names.unmeasured() : []),
    ...(choice?.words ?? []),
  ];
}

/** A line as typed up to the cursor, cut at spaces outside quotes; the last word is empty after a space. */
export function wordsOf(line: string): readonly string[] {
  const words = [""];
  let quote: string | null = null;
  for (const character of line) {
    if (quote === null && /\s/.test(character)) words.push("");
    else if (character === quote) quote = null;
    else if (quote === null && (character === '"' || character === "'")) quote = character;
    else words[words.length - 1] += character;
  }
  return words.filter((word, index) => word !== "" || index === words.length - 1);
}
