// The base configuration of a plan file: its values by their paths, and what the plan sets that it does not have.
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { badPlanValue, missingBaseFile, unknownConfigKey } from "../../diagnostic/plan-file-messages.ts";
import { nearestFile } from "../load/nearest-file.ts";
import { type Entry, parsePlanText } from "./plan-document.ts";
import { leavesOf, type PlanParameter } from "./plan-parameters.ts";
import { pathBelow, type Reading, textOf } from "./plan-reading.ts";

export interface BaseConfig {
  /** Relative to the plan's folder. */
  readonly file: string;
  readonly place: Entry["place"];
  readonly leaves: ReadonlyMap<string, unknown>;
  /** Paths of all values, those that hold others too. */
  readonly paths: ReadonlySet<string>;
}

/** `isKept`: a program gets the file with its own text, whatever values stand in it. */
export function readBase(
  reading: Reading,
  entry: Entry,
  { root, isKept }: { readonly root: string; readonly isKept: boolean },
): BaseConfig | null {
  const name = textOf(reading, entry, "the path of a YAML or JSON file");
  if (name === null) return null;
  const { place } = entry.node;
  const folder = path.posix.dirname(reading.file);
  const missing = (reason: string, near: string | null = null): null => {
    reading.say(missingBaseFile({ place, file: name, folder, reason, near }));
    return null;
  };
  const file = pathBelow(name);
  if (file === null) return missing("lies outside the plan's folder");
  const absolute = path.join(root, folder, file);
  if (!existsSync(absolute)) return missing("is not there", nearestFile(path.join(root, folder), file));
  if (!statSync(absolute).isFile() || !/[.](?:ya?ml|json)$/i.test(file))
    return missing("is no YAML or JSON file");
  const { root: found, problems } = parsePlanText(
    path.posix.normalize(path.posix.join(folder, file)),
    readFileSync(absolute, "utf8"),
    isKept,
  );
  for (const problem of problems) reading.say(problem);
  if (problems.length > 0) return null;
  if (found?.entries === null || found === null) {
    const expected = "a file whose outermost value is a mapping";
    reading.say(badPlanValue({ place, subject: "the base configuration", found: name, expected }));
    return null;
  }
  return {
    file,
    place,
    leaves: new Map(leavesOf(found.entries, "").map((leaf) => [leaf.path, leaf.value])),
    paths: new Set(pathsOf(found.entries, "")),
  };
}

/** What the plan sets must be there: a mistyped key would leave the value as it was, and nobody would know. */
export function checkAgainstBase(
  reading: Reading,
  base: BaseConfig,
  parameters: readonly Pick<PlanParameter, "path" | "place">[],
): void {
  for (const { path: at, place } of parameters)
    if (!base.paths.has(at))
      reading.say(unknownConfigKey({ place, path: at, base: base.file, known: [...base.paths] }));
}

/** The values that the plan leaves as they are. */
export function leftAlone(
  base: BaseConfig,
  parameters: readonly Pick<PlanParameter, "path">[],
): readonly (readonly [path: string, value: unknown])[] {
  return [...base.leaves].filter(
    ([leaf]) => !parameters.some(({ path: at }) => leaf === at || leaf.startsWith(`${at}.`)),
  );
}

function pathsOf(entries: readonly Entry[], above: string): readonly string[] {
  return entries.flatMap(({ key, node }) => [above + key, ...pathsOf(node.entries ?? [], `${above}${key}.`)]);
}
