// What levels are called in a picture, where there is little room: long numbers have the fewest digits that tell them apart, objects only
// the members in which they differ. Tables and files have them whole.
import { distinctNumbers } from "./axis.ts";

/**
 * A name for each level, in the same order; no two are the same unless two levels are.
 *
 * @example levelNames(['{"net":[32],"rate":0.1}', '{"net":[64],"rate":0.1}'], false)  // ["net [32]", "net [64]"]
 */
export function levelNames(levels: readonly string[], isNumeric: boolean): readonly string[] {
  if (isNumeric) return distinctNumbers(levels);
  const objects = levels.map(membersOf);
  if (levels.length < 2 || objects.some((members) => members === null)) return levels;
  const all = objects.map((members) => members!);
  const keys = [...new Set(all.flatMap((members) => [...members.keys()]))];
  const differing = keys.filter((key) => new Set(all.map((members) => members.get(key))).size > 1);
  const names = all.map((members) =>
    differing.flatMap((key) => (members.has(key) ? [`${key} ${members.get(key)!}`] : [])).join(", "),
  );
  return new Set(names).size === levels.length && names.every((name) => name !== "") ? names : levels;
}

/** The members of an object as text by path ("optimizer.rate"); null for a level that is none. */
function membersOf(level: string): ReadonlyMap<string, string> | null {
  if (!level.startsWith("{")) return null;
  try {
    const value: unknown = JSON.parse(level);
    return typeof value === "object" && value !== null ? new Map(pathsIn(value, "")) : null;
  } catch {
    // A text that only begins like an object.
    return null;
  }
}

function pathsIn(value: object, path: string): readonly (readonly [string, string])[] {
  return Object.entries(value).flatMap(([key, own]) => {
    const at = path === "" ? key : `${path}.${key}`;
    const isObject = typeof own === "object" && own !== null && !Array.isArray(own);
    return isObject
      ? pathsIn(own as object, at)
      : [[at, typeof own === "string" ? own : JSON.stringify(own)] as const];
  });
}
