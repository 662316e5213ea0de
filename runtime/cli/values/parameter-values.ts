// `-S key=values` and `--filter key=values` against the parameters of a plan: which kinds of value each takes, and entries within
// objects and lists (`env.size=20`), which change those of every declared value.
import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../lib/experiment/json.ts";
import { declaredValuesOf } from "../../../lib/experiment/space/level-kinds.ts";
import { levelKeyOf } from "../../../lib/experiment/space/level-source.ts";
import type { SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { PlannedExperiment } from "../../plan/plan.ts";
import type { Typed } from "./tokens.ts";
import { anything, type Declared, declaredOf, typedValues } from "./typed-values.ts";

export type ValuesByKey = Readonly<Record<string, readonly unknown[]>>;

const numbers: Declared = { kinds: new Set(["number"]), elements: new Set() };
const tags: Declared = { kinds: new Set(["text"]), elements: new Set() };

/** Levels by parameter for `-S`. Unknown names pass: the build words them. */
export function settingsOf(given: readonly Typed[], experiments: readonly PlannedExperiment[]): ValuesByKey {
  const settings: Record<string, readonly unknown[]> = {};
  for (const typed of given) {
    const [name = "", ...path] = pathOf(typed.key, experiments);
    if (path.length === 0) {
      settings[name] = typedValues(typed, declaredIn(experiments, name));
      continue;
    }
    const current = (settings[name] as readonly Json[] | undefined) ?? commonValues(typed, experiments, name);
    const values = typedValues(typed, declaredWithin(typed, current, path));
    settings[name] = distinct(
      current.flatMap((value) => values.map((entry) => withEntry(value, path, entry))),
    );
  }
  return settings;
}

/** Levels by parameter for `--filter`, with `settings` in force; `replicate` takes numbers. */
export function filterOf(
  given: readonly Typed[],
  experiments: readonly PlannedExperiment[],
  settings: ValuesByKey,
): ValuesByKey {
  const filter: Record<string, readonly unknown[]> = {};
  for (const typed of given) {
    const [name = "", ...path] = pathOf(typed.key, experiments);
    if (path.length === 0) {
      filter[name] = typedValues(typed, name === "replicate" ? numbers : declaredIn(experiments, name));
      continue;
    }
    const current = (filter[name] ?? settings[name] ?? allValues(experiments, name)) as readonly Json[];
    const wanted = typedValues(typed, declaredWithin(typed, current, path));
    const kept = current.filter((value) =>
      wanted.some((entry) => isDeepStrictEqual(entryOf(value, path), entry)),
    );
    if (kept.length === 0) throw noSuchEntry(typed, current, path);
    filter[name] = distinct(kept);
  }
  return filter;
}

/** A key is a name where there is one of that name; else a name and the way into its value. */
function pathOf(key: string, experiments: readonly PlannedExperiment[]): readonly string[] {
  const parts = key.split(".");
  const isDeclared = experiments.some(({ space }) => declaredValuesOf(space).has(parts[0] ?? ""));
  return parts.length > 1 && isDeclared && parts.every((part) => part !== "") ? parts : [key];
}

function declaredIn(experiments: readonly PlannedExperiment[], name: string): Declared {
  const found = experiments.flatMap(({ space }) => {
    if (isTag(space, name)) return [tags];
    const values = declaredValuesOf(space).get(name);
    if (values === undefined) return [];
    return [values === null ? numbers : declaredOf(values)];
  });
  if (found.length === 0) return anything;
  return {
    kinds: new Set(found.flatMap(({ kinds }) => [...kinds])),
    elements: new Set(found.flatMap(({ elements }) => [...elements])),
  };
}

function isTag(tree: SpaceDescriptor, name: string): boolean {
  switch (tree.kind) {
    case "oneOf":
      return tree.tag === name || tree.branches.some(({ of }) => isTag(of, name));
    case "cross":
    case "concat":
      return tree.of.some((part) => isTag(part, name));
    case "where":
    case "derived":
      return isTag(tree.of, name);
    default:
      return false;
  }
}

function allValues(experiments: readonly PlannedExperiment[], name: string): readonly Json[] {
  return distinct(experiments.flatMap(({ space }) => declaredValuesOf(space).get(name) ?? []));
}

/** The values that every experiment with the parameter declares; an entry of them can be set only where they are the same for all. */
function commonValues(
  typed: Typed,
  experiments: readonly PlannedExperiment[],
  name: string,
): readonly Json[] {
  const owners = experiments.flatMap(({ name: experiment, space }) => {
    const values = declaredValuesOf(space).get(name);
    return values === undefined || values === null ? [] : [{ experiment, values: distinct(values) }];
  });
  const [first, ...others] = owners;
  const other = others.find(({ values }) => !isDeepStrictEqual(values, first?.values));
  if (other !== undefined)
    throw new UserError(
      `${typed.option} ${typed.key}: ${first?.experiment} and ${other.experiment} declare different values of ${name}`,
      { hint: `Name one experiment, or set all of ${name}.` },
    );
  return first?.values ?? [];
}

function declaredWithin(typed: Typed, values: readonly Json[], path: readonly string[]): Declared {
  const entries = values.map((value) => entryOf(value, path)).filter((entry) => entry !== undefined);
  if (entries.length < values.length || entries.length === 0) throw noSuchEntry(typed, values, path);
  return declaredOf(entries);
}

function noSuchEntry(typed: Typed, values: readonly Json[], path: readonly string[]): UserError {
  for (let depth = 1; depth <= path.length; depth++) {
    const [without] = values.filter((value) => entryOf(value, path.slice(0, depth)) === undefined);
    if (without === undefined) continue;
    const parent = entryOf(without, path.slice(0, depth - 1));
    const known = typeof parent === "object" && parent !== null ? Object.keys(parent) : [];
    const name = path[depth - 1] ?? "";
    const where = typed.key.split(".").slice(0, depth).join(".");
    return new UserError(`${typed.option} ${typed.key}: ${where} has no entry "${name}"`, {
      hint: nearestOrAll(name, known, "entry") ?? `It is ${JSON.stringify(parent)}.`,
    });
  }
  const had = distinct(values.map((value) => entryOf(value, path) ?? null)).map((value) =>
    JSON.stringify(value),
  );
  return new UserError(`${typed.option} ${typed.key}=${typed.text}: no level has it`, {
    hint: `There are ${had.slice(0, 8).join(", ")}.`,
  });
}

function entryOf(value: Json, path: readonly string[]): Json | undefined {
  let at: Json | undefined = value;
  for (const part of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, part)) return undefined;
    // Lists are objects with the keys "0", "1", ... and nothing else that JSON has.
    at = (at as Readonly<Record<string, Json>>)[part];
  }
  return at;
}

function withEntry(value: Json, [part, ...rest]: readonly string[], entry: Json): Json {
  if (part === undefined) return entry;
  // declaredWithin has seen every step of the path.
  const inner = (value as Readonly<Record<string, Json>>)[part] as Json;
  const changed = withEntry(inner, rest, entry);
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === part ? changed : one));
  return { ...(value as Readonly<Record<string, Json>>), [part]: changed };
}

function distinct(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [levelKeyOf(value), value])).values()];
}
