// The conditions of a stage that uses some parameters only: the distinct projections of the experiment's admitted conditions, in
// order of first appearance. Over a plain product they are a smaller product, found without a walk.
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { indexedSpaceOf } from "../../../lib/experiment/space/indexed-space.ts";
import type { Condition, IndexedSpace, Space } from "../../../lib/experiment/space/space.ts";

export interface StageConditions {
  readonly conditions: number;
  /** Null when the stage sees the experiment's own space. */
  readonly projected: readonly Condition[] | null;
}

/** How a stage counts its conditions. `space` reads `tree`, with `admits` as the build evaluated it. */
export function stageConditions(of: {
  readonly tree: Space;
  readonly space: IndexedSpace;
  readonly per: "build" | "condition" | "replicate";
  readonly uses: readonly string[] | "all";
}): StageConditions {
  const { tree, space, per, uses } = of;
  if (per === "build") return { conditions: 1, projected: null };
  if (uses === "all" || space.parameters.every((name) => uses.includes(name))) {
    return { conditions: space.size, projected: null };
  }
  const smaller = projectedTree(tree, new Set(uses));
  const projected = smaller === null ? walked(space, uses) : listed(indexedSpaceOf(smaller));
  return { conditions: projected.length, projected };
}

function listed(space: IndexedSpace): Condition[] {
  return Array.from({ length: space.size }, (_, index) => space.at(index));
}

function walked(space: IndexedSpace, uses: readonly string[]): Condition[] {
  const found = new Map<string, Condition>();
  for (let index = 0; index < space.size; index++) {
    if (space.filtered && !space.admits(index)) continue;
    const seen = Object.fromEntries(Object.entries(space.at(index)).filter(([name]) => uses.includes(name)));
    const key = conditionKeyOf(seen);
    if (!found.has(key)) found.set(key, seen);
  }
  return [...found.values()];
}

/**
 * The space of the used parameters, for trees in which leaving a parameter out leaves no condition out and repeats none: products,
 * proposed parts of which none is used, and crosses of these. Null for all others.
 */
function projectedTree(tree: Space, uses: ReadonlySet<string>): Space | null {
  if (tree.kind === "product") {
    return { kind: "product", parameters: tree.parameters.filter(({ name }) => uses.has(name)) };
  }
  // A stage that uses a proposed parameter uses all (see checkProposed).
  if (tree.kind === "proposed") return { kind: "product", parameters: [] };
  if (tree.kind !== "cross") return null;
  const parts = tree.of.map((part) => projectedTree(part, uses));
  return parts.every((part) => part !== null) ? { kind: "cross", of: parts } : null;
}
