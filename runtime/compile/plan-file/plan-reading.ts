// What the readers of a plan file's parts share: the problems found so far, and values of a certain kind or a problem at their place.
import { posix } from "node:path";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { badPlanValue, unknownPlanKey } from "../../diagnostic/plan-file-messages.ts";
import type { Entry, Noted, PlanNode } from "./plan-document.ts";

export interface Reading {
  /** The plan file, relative to the project with forward slashes. */
  readonly file: string;
  say(problem: Diagnostic): void;
}

/** The members by key; those of other keys than `known` are problems. */
export function membersOf(
  reading: Reading,
  entries: readonly Entry[],
  of: { readonly within: string; readonly known: readonly string[] },
): ReadonlyMap<string, Entry> {
  for (const { key, place } of entries)
    if (!of.known.includes(key)) reading.say(unknownPlanKey({ place, key, ...of }));
  return new Map(entries.map((entry) => [entry.key, entry]));
}

export function bad(
  reading: Reading,
  node: PlanNode,
  subject: string,
  expected: string,
  place?: SourcePlace,
): null {
  reading.say(badPlanValue({ place: place ?? node.place, subject, found: shown(node), expected }));
  return null;
}

/** A value that is none of those that there are to choose from. */
export function badChoice(
  reading: Reading,
  node: PlanNode,
  subject: string,
  choices: readonly string[],
): null {
  const expected = `one of ${choices.join(", ")}`;
  reading.say(badPlanValue({ place: node.place, subject, found: shown(node), expected, choices }));
  return null;
}

export function textOf(reading: Reading, entry: Entry | undefined, expected = "text"): string | null {
  if (entry === undefined) return null;
  const { value } = entry.node;
  if (typeof value === "string" && value.trim() !== "") return value;
  return bad(reading, entry.node, entry.key, expected);
}

export function notedText(
  reading: Reading,
  entry: Entry | undefined,
  expected?: string,
): Noted<string> | null {
  const value = textOf(reading, entry, expected);
  return entry === undefined || value === null ? null : { value, place: entry.node.place };
}

export function wholeOf(
  reading: Reading,
  entry: Entry | undefined,
  { least, expected }: { readonly least: number; readonly expected: string },
): number | null {
  if (entry === undefined) return null;
  const { value } = entry.node;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least) return value;
  return bad(reading, entry.node, entry.key, expected);
}

/** A list of texts; one text is a list of one. */
export function textsOf(reading: Reading, entry: Entry | undefined, expected: string): readonly string[] {
  if (entry === undefined) return [];
  const { value } = entry.node;
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((one): one is string => typeof one === "string" && one !== "")) return list;
  bad(reading, entry.node, entry.key, expected);
  return [];
}

/** A path in the plan's folder, or below it: normalised, with forward slashes. */
export function pathBelow(name: string): string | null {
  const plain = posix.normalize(name.replaceAll("\\", "/"));
  return posix.isAbsolute(plain) || plain === ".." || plain.startsWith("../") ? null : plain;
}

function shown({ value }: PlanNode): string {
  if (value === null || value === undefined) return "empty";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
