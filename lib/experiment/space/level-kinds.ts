// Which values a parameter is declared with, and of which kinds: what the command line may put in place of its levels, since types do
// not reach that far.
import type { Json } from "../json.ts";
import { levelsOf } from "./level-source.ts";
import type { LevelSource, SpaceTree } from "./space.ts";

export type LevelKind = "number" | "text" | "boolean" | "null" | "list" | "object";

export function levelKindOf(level: Json): LevelKind {
  if (level === null) return "null";
  if (Array.isArray(level)) return "list";
  // JSON has no other types.
  return typeof level === "string" ? "text" : (typeof level as "number" | "boolean" | "object");
}

/** Kinds of the declared values by parameter, over all branches; tags and derived parameters are left out. */
export function levelKindsOf<P, V>(space: SpaceTree<P, V>): ReadonlyMap<string, ReadonlySet<LevelKind>> {
  const kinds = new Map<string, Set<LevelKind>>();
  for (const { name, values } of declarationsOf(space)) {
    // A rule's levels, and what a range is sampled from, are numbers; they are not made for this.
    const own = values?.kind === "list" ? values.levels.map(levelKindOf) : (["number"] as const);
    kinds.set(name, new Set([...(kinds.get(name) ?? []), ...own]));
  }
  return kinds;
}

/** The declared values by parameter as a space has them, equal ones too; null where they are drawn from a range. */
export function declaredValuesOf<P, V>(space: SpaceTree<P, V>): ReadonlyMap<string, readonly Json[] | null> {
  const all = new Map<string, readonly Json[] | null>();
  for (const { name, values } of declarationsOf(space)) {
    const earlier = all.get(name);
    all.set(name, values === null || earlier === null ? null : [...(earlier ?? []), ...levelsOf(values)]);
  }
  return all;
}

interface Declaration {
  readonly name: string;
  /** Null for a sampled range of numbers. */
  readonly values: LevelSource | null;
}

function* declarationsOf<P, V>(tree: SpaceTree<P, V>): Generator<Declaration> {
  switch (tree.kind) {
    case "product":
      for (const one of tree.parameters)
        yield { name: one.name, values: one.kind === "constant" ? listOf([one.value]) : one.levels };
      return;
    case "sampled":
    case "proposed":
      for (const { name, range } of tree.ranges)
        yield { name, values: range.kind === "choice" ? range.levels : null };
      return;
    case "zip":
      for (const { name, levels } of tree.factors) yield { name, values: levels };
      return;
    case "conditions":
      for (const row of tree.rows)
        for (const [name, value] of Object.entries(row)) yield { name, values: listOf([value]) };
      return;
    case "oneOf":
      for (const { of } of tree.branches) yield* declarationsOf(of);
      return;
    case "cross":
    case "concat":
      for (const part of tree.of) yield* declarationsOf(part);
      return;
    case "where":
    case "derived":
      yield* declarationsOf(tree.of);
  }
}

function listOf(levels: readonly Json[]): LevelSource {
  return { kind: "list", levels };
}
