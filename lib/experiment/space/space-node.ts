// One node of a space made ready for reading: it writes its part of a condition by index and finds the index again.
// Nodes nest as the tree does; none holds a list that its tree does not.
import type { Json } from "../json.ts";

/** A condition under construction. */
export type Draft = Record<string, Json>;

export interface SpaceNode {
  readonly size: number;
  /** Every parameter that any of its conditions has. */
  readonly parameters: readonly string[];
  /** The same without derived ones: what a condition is found by. */
  readonly coordinates: readonly string[];
  /** Whether a `where` lies within. */
  readonly filtered: boolean;
  /** Writes the parameters of the raw condition at `index` (0 to size-1) into `target`, in declared order. */
  write(target: Draft, index: number): void;
  /** Index of the raw condition that has these values, ignoring parameters that are not this node's; -1 when none has. */
  locate(condition: Readonly<Record<string, unknown>>): number;
  /** Whether every `where` within admits the condition at `index`. */
  admits(index: number): boolean;
}

/** The node's own part of a condition. */
export function draftOf(node: SpaceNode, index: number): Draft {
  const draft: Draft = {};
  node.write(draft, index);
  return draft;
}

/** Whether `condition` has exactly those of the node's coordinates that its condition at `index` has. */
export function hasSameParameters(
  node: SpaceNode,
  index: number,
  condition: Readonly<Record<string, unknown>>,
): boolean {
  const draft = draftOf(node, index);
  return node.coordinates.every((name) => Object.hasOwn(draft, name) === Object.hasOwn(condition, name));
}
