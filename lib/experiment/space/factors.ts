// The factors and constants of a space, read off its tree: what reports call by name, without a look at any condition.
import type { Json } from "../json.ts";
import { levelKeyOf, levelsOf } from "./level-source.ts";
import type { Condition, Factor, LevelSource, SpaceTree } from "./space.ts";

type Branch = Factor["branch"];

/** Every factor once, in declared order; levels of a factor that occurs several times are joined. */
export function factorsOf<P, V>(tree: SpaceTree<P, V>): readonly Factor[] {
  const factors = new Map<string, Factor>();
  for (const factor of walk(tree, null)) {
    const known = factors.get(factor.name);
    factors.set(factor.name, known === undefined ? factor : joined(known, factor));
  }
  return [...factors.values()];
}

function joined(one: Factor, other: Factor): Factor {
  const sameBranch =
    one.branch !== null && one.branch.tag === other.branch?.tag && one.branch.value === other.branch.value;
  return {
    name: one.name,
    levels: one.levels === null || other.levels === null ? null : distinct([...one.levels, ...other.levels]),
    range: one.range ?? other.range,
    branch: sameBranch ? one.branch : null,
    zippedWith: one.zippedWith.filter((name) => other.zippedWith.includes(name)),
  };
}

function* walk<P, V>(tree: SpaceTree<P, V>, branch: Branch): Generator<Factor> {
  switch (tree.kind) {
    case "product":
      for (const parameter of tree.parameters) {
        if (parameter.kind === "sweep") {
          yield sweptFactorOf(parameter.name, parameter.levels, branch);
        }
      }
      return;
    case "zip":
      for (const { name, levels } of tree.factors) {
        const zippedWith = tree.factors.flatMap((other) => (other.name === name ? [] : [other.name]));
        yield { name, levels: distinct(levelsOf(levels)), range: null, branch, zippedWith };
      }
      return;
    case "conditions": {
      const names = new Set(tree.rows.flatMap((row) => Object.keys(row)));
      for (const name of names) {
        const values = tree.rows.filter((row) => Object.hasOwn(row, name)).map((row) => row[name] as Json);
        yield { name, levels: distinct(values), range: null, branch, zippedWith: [] };
      }
      return;
    }
    case "sampled":
    case "proposed":
      for (const { name, range } of tree.ranges) {
        yield range.kind === "choice"
          ? sweptFactorOf(name, range.levels, branch)
          : { name, levels: null, range, branch, zippedWith: [] };
      }
      return;
    case "oneOf":
      yield {
        name: tree.tag,
        levels: tree.branches.map(({ name }) => name),
        range: null,
        branch,
        zippedWith: [],
      };
      for (const { name, of } of tree.branches) yield* walk(of, { tag: tree.tag, value: name });
      return;
    case "cross":
    case "concat":
      for (const part of tree.of) yield* walk(part, branch);
      return;
    case "where":
    case "derived":
      yield* walk(tree.of, branch);
      return;
  }
}

/** A range's levels are made when they are first read: a definition only asks for names. */
function sweptFactorOf(name: string, source: LevelSource, branch: Branch): Factor {
  let levels: readonly Json[] | null = null;
  return {
    name,
    get levels() {
      levels ??= levelsOf(source);
      return levels;
    },
    range: null,
    branch,
    zippedWith: [],
  };
}

function distinct(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [levelKeyOf(value), value])).values()];
}

/** Parameters declared with one and the same value for every condition. */
export function constantsOf<P, V>(tree: SpaceTree<P, V>): Condition {
  switch (tree.kind) {
    case "product":
      return Object.fromEntries(
        tree.parameters.flatMap((parameter) =>
          parameter.kind === "constant" ? [[parameter.name, parameter.value]] : [],
        ),
      );
    case "cross":
      return Object.assign({}, ...tree.of.map(constantsOf));
    case "where":
    case "derived":
      return constantsOf(tree.of);
    case "oneOf":
      return shared(tree.branches.map(({ of }) => constantsOf(of)));
    case "concat":
      return shared(tree.of.map(constantsOf));
    default:
      return {};
  }
}

/** What all of several sets of constants agree on. */
function shared([first, ...others]: readonly Condition[]): Condition {
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, value]) =>
      others.every((other) => Object.hasOwn(other, name) && levelKeyOf(other[name]) === levelKeyOf(value)),
    ),
  );
}

/** Names of the derived parameters, in declared order. */
export function derivedNamesOf<P, V>(tree: SpaceTree<P, V>): readonly string[] {
  switch (tree.kind) {
    case "derived":
      return [...derivedNamesOf(tree.of), ...tree.values.map(({ name }) => name)];
    case "where":
      return derivedNamesOf(tree.of);
    case "cross":
    case "concat":
      return tree.of.flatMap(derivedNamesOf);
    case "oneOf":
      return tree.branches.flatMap(({ of }) => derivedNamesOf(of));
    default:
      return [];
  }
}
