// Which kinds of value a parameter is declared with: what the command line may put in place of its levels, since types do not
// reach that far.
import type { Json } from "../json.ts";
import type { LevelSource, Space } from "./space.ts";

export type LevelKind = "number" | "text" | "boolean" | "null" | "list" | "object";

export function levelKindOf(level: Json): LevelKind {
  if (level === null) return "null";
  if (Array.isArray(level)) return "list";
  // JSON has no other types.
  return typeof level === "string" ? "text" : (typeof level as "number" | "boolean" | "object");
}

/** Kinds of the declared values by parameter, over all branches; tags and derived parameters are left out. */
export function levelKindsOf(space: Space): ReadonlyMap<string, ReadonlySet<LevelKind>> {
  const kinds = new Map<string, Set<LevelKind>>();
  const add = (name: string, of: readonly LevelKind[]) => {
    kinds.set(name, new Set([...(kinds.get(name) ?? []), ...of]));
  };
  const visit = (tree: Space): void => {
    switch (tree.kind) {
      case "product":
        for (const one of tree.parameters)
          add(one.name, one.kind === "constant" ? [levelKindOf(one.value)] : kindsOf(one.levels));
        return;
      case "sampled":
        for (const { name, range } of tree.ranges)
          add(name, range.kind === "choice" ? kindsOf(range.levels) : ["number"]);
        return;
      case "zip":
        for (const { name, levels } of tree.factors) add(name, kindsOf(levels));
        return;
      case "conditions":
        for (const row of tree.rows)
          for (const [name, value] of Object.entries(row)) add(name, [levelKindOf(value)]);
        return;
      case "oneOf":
        for (const { of } of tree.branches) visit(of);
        return;
      case "cross":
      case "concat":
        tree.of.forEach(visit);
        return;
      case "where":
      case "derived":
        visit(tree.of);
    }
  };
  visit(space);
  return kinds;
}

function kindsOf(source: LevelSource): readonly LevelKind[] {
  return source.kind === "list" ? source.levels.map(levelKindOf) : ["number"];
}
