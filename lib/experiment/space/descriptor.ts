// A space as JSON, its functions replaced by their position in a walk of the tree, and the one stream over all raw conditions in
// which a build evaluates them.
import type { Json } from "../json.ts";
import { derivedNamesOf } from "./factors.ts";
import { indexedSpaceOf } from "./indexed-space.ts";
import type { BeforeCall, Condition, Space, SpaceDescriptor } from "./space.ts";

/** The space without its functions: JSON. */
export function descriptorOf(space: Space): SpaceDescriptor {
  let functions = 0;
  const walk = (tree: Space): SpaceDescriptor => {
    switch (tree.kind) {
      case "cross":
      case "concat":
        return { ...tree, of: tree.of.map(walk) };
      case "oneOf":
        return { ...tree, branches: tree.branches.map(({ name, of }) => ({ name, of: walk(of) })) };
      case "where":
        return { kind: "where", of: walk(tree.of), predicate: functions++ };
      case "derived":
        return {
          kind: "derived",
          of: walk(tree.of),
          values: tree.values.map(({ name }) => ({ name, value: functions++ })),
        };
      default:
        return tree;
    }
  };
  return walk(space);
}

/** One raw condition as expandSpace gives it. */
export interface ExpandedCondition {
  readonly index: number;
  readonly admitted: boolean;
  /** With derived values; null when it is not admitted. */
  readonly condition: Condition | null;
  /** The derived values alone; null when the space has none or the condition is not admitted. */
  readonly derived: Readonly<Record<string, Json>> | null;
}

/**
 * Calls `visit` once for every raw condition in order, running the author's predicates and derived values. Holds one condition at a
 * time. `before` is told of each call of an author's function; what these throw passes through.
 */
export function expandSpace(
  space: Space,
  visit: (expanded: ExpandedCondition) => void,
  before?: BeforeCall,
): void {
  const indexed = indexedSpaceOf(space, before);
  const names = derivedNamesOf(space);
  for (let index = 0; index < indexed.size; index++) {
    if (!indexed.admits(index)) {
      visit({ index, admitted: false, condition: null, derived: null });
      continue;
    }
    const condition = indexed.at(index);
    const derived = names.length === 0 ? null : pick(condition, names);
    visit({ index, admitted: true, condition, derived });
  }
}

function pick(condition: Condition, names: readonly string[]): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(condition).filter(([name]) => names.includes(name)));
}
