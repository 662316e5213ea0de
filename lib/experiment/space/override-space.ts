// Levels given on the command line (`-S key=value`) in place of the declared ones, in the same order of parameters.
// A definition is never changed: an overridden space is a new tree, and what cannot be set is a problem.
import { findNonJson, frozenCopy, type Json } from "../json.ts";
import { type DefinitionProblem, problemOf } from "../problem.ts";
import { derivedNamesOf } from "./factors.ts";
import { type LevelKind, levelKindOf, levelKindsOf } from "./level-kinds.ts";
import { levelCountOf } from "./level-source.ts";
import type { LevelSource, Space, SpaceParameter } from "./space.ts";
import { parameterNamesOf } from "./space-input.ts";

export type Overrides = Readonly<Record<string, readonly Json[]>>;

export interface OverriddenSpace {
  /** The space with the overrides that are sound. */
  readonly space: Space;
  /** An unknown name comes with all names as `candidates`, for the nearest. */
  readonly problems: readonly DefinitionProblem[];
}

/**
 * Replaces the levels of parameters, wherever they occur. One level for a constant leaves it a constant; several make it a factor. For
 * the tag of oneOf the levels choose branches. A zipped factor takes one level, or as many as it has.
 */
export function overrideSpace(space: Space, overrides: Overrides): OverriddenSpace {
  const names = parameterNamesOf(space);
  const derived = derivedNamesOf(space);
  const problems: DefinitionProblem[] = [];
  const sound: Record<string, readonly Json[]> = {};
  const kinds = levelKindsOf(space);
  for (const [name, levels] of Object.entries(overrides)) {
    const subject = `parameter "${name}"`;
    const wrong = levels.find((level) => findNonJson(level) !== null);
    if (!names.includes(name)) {
      problems.push(problemOf({ code: "unknown-parameter", subject, found: name, candidates: names }));
    } else if (derived.includes(name)) {
      const expected = "a parameter that is not derived from others";
      problems.push(problemOf({ code: "fixed-parameter", subject, expected }));
    } else if (levels.length === 0) {
      problems.push(problemOf({ code: "empty-sweep", subject }));
    } else if (wrong !== undefined) {
      problems.push(problemOf({ code: "not-json", subject, found: String(wrong) }));
    } else if (strange(levels, kinds.get(name)) !== undefined) {
      const found = JSON.stringify(strange(levels, kinds.get(name)));
      const expected = `${[...(kinds.get(name) ?? [])].join(" or ")}, as declared`;
      problems.push(problemOf({ code: "unknown-level", subject, found, expected }));
    } else {
      sound[name] = levels.map(frozenCopy);
    }
  }
  return { space: replaced(space, sound, problems), problems };
}

/** The first level of a kind that is not among the declared ones. */
function strange(levels: readonly Json[], kinds: ReadonlySet<LevelKind> | undefined): Json | undefined {
  return kinds === undefined ? undefined : levels.find((level) => !kinds.has(levelKindOf(level)));
}

function replaced(tree: Space, overrides: Overrides, problems: DefinitionProblem[]): Space {
  const inner = (of: Space): Space => replaced(of, overrides, problems);
  switch (tree.kind) {
    case "product":
      return { ...tree, parameters: tree.parameters.map((one) => replacedParameter(one, overrides)) };
    case "sampled":
    case "proposed":
      return {
        ...tree,
        ranges: tree.ranges.map(({ name, range }) => {
          const levels = overrides[name];
          return { name, range: levels === undefined ? range : { kind: "choice", levels: listOf(levels) } };
        }),
      };
    case "zip":
      return {
        ...tree,
        factors: tree.factors.map(({ name, levels }) => ({
          name,
          levels: zipped(name, { levels, override: overrides[name] }, problems),
        })),
      };
    case "conditions":
      return replacedRows(tree, overrides, problems);
    case "oneOf":
      return replacedBranches(tree, overrides, problems, inner);
    case "cross":
    case "concat":
      return { ...tree, of: tree.of.map(inner) };
    case "where":
      return { ...tree, of: inner(tree.of) };
    case "derived":
      return { ...tree, of: inner(tree.of) };
  }
}

function replacedParameter(parameter: SpaceParameter, overrides: Overrides): SpaceParameter {
  const levels = overrides[parameter.name];
  if (levels === undefined) return parameter;
  const [first = null] = levels;
  if (parameter.kind === "constant" && levels.length === 1) return { ...parameter, value: first };
  return { name: parameter.name, kind: "sweep", levels: listOf(levels) };
}

function zipped(
  name: string,
  { levels, override }: { readonly levels: LevelSource; readonly override: readonly Json[] | undefined },
  problems: DefinitionProblem[],
): LevelSource {
  if (override === undefined) return levels;
  const count = levelCountOf(levels);
  if (override.length === count) return listOf(override);
  if (override.length === 1) return listOf(Array.from({ length: count }, () => override[0] ?? null));
  problems.push(
    problemOf({
      code: "fixed-parameter",
      subject: `parameter "${name}"`,
      found: `${override.length} levels`,
      expected: `one level or ${count}, as it is zipped with others`,
    }),
  );
  return levels;
}

function replacedRows(
  tree: Extract<Space, { readonly kind: "conditions" }>,
  overrides: Overrides,
  problems: DefinitionProblem[],
): Space {
  const own = parameterNamesOf(tree);
  const single: Record<string, Json> = {};
  for (const [name, levels] of Object.entries(overrides)) {
    if (!own.includes(name)) continue;
    if (levels.length === 1) single[name] = levels[0] ?? null;
    else {
      const expected = "one level, as its conditions are listed one by one";
      problems.push(problemOf({ code: "fixed-parameter", subject: `parameter "${name}"`, expected }));
    }
  }
  const rows = tree.rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => [
        name,
        Object.hasOwn(single, name) ? (single[name] ?? null) : value,
      ]),
    ),
  );
  return { ...tree, rows };
}

function replacedBranches(
  tree: Extract<Space, { readonly kind: "oneOf" }>,
  overrides: Overrides,
  problems: DefinitionProblem[],
  inner: (of: Space) => Space,
): Space {
  const levels = overrides[tree.tag];
  const names = tree.branches.map(({ name }) => name);
  const unknown = (levels ?? []).filter((level) => typeof level !== "string" || !names.includes(level));
  for (const level of unknown) {
    problems.push(
      problemOf({
        code: "unknown-level",
        subject: `parameter "${tree.tag}"`,
        found: JSON.stringify(level),
        candidates: names,
      }),
    );
  }
  const branches = tree.branches
    .filter(({ name }) => levels === undefined || unknown.length > 0 || levels.includes(name))
    .map(({ name, of }) => ({ name, of: inner(of) }));
  return { ...tree, branches };
}

function listOf(levels: readonly Json[]): LevelSource {
  return { kind: "list", levels };
}
