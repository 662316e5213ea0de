// One pass over a space with the author's functions: which conditions `where` admits and what the derived values are. A space
// without such functions is not walked at all, so ten million conditions are ready at once.

import { findNonJson, type Json } from "../../../lib/experiment/json.ts";
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { type ExpandedCondition, expandSpace } from "../../../lib/experiment/space/descriptor.ts";
import { indexedSpaceOf } from "../../../lib/experiment/space/indexed-space.ts";
import type { BeforeCall, Condition, Space } from "../../../lib/experiment/space/space.ts";
import { bitmapOf, setBit } from "../../plan/bitmap.ts";
import type { SpaceProblem } from "./loaded-experiment.ts";

export interface ExpandedSpace {
  readonly conditions: number;
  readonly admittedCount: number;
  /** Null when every condition is admitted. */
  readonly admitted: Uint8Array | null;
  /** Derived values by raw condition; null when the space has none. */
  readonly derived: readonly (Readonly<Record<string, Json>> | null)[] | null;
  readonly problems: readonly SpaceProblem[];
}

/**
 * Expands a space. `alive` is called now and then during a long pass, `before` ahead of each call of an author's function. What these
 * throw passes through.
 */
export function expandedSpace(
  space: Space,
  { alive, before }: { readonly alive: () => void; readonly before: BeforeCall },
): ExpandedSpace {
  const indexed = indexedSpaceOf(space);
  const { size, filtered, derives, grows } = indexed;
  const repeats = mayRepeat(space);
  if (size === 0)
    return {
      conditions: 0,
      admittedCount: 0,
      admitted: null,
      derived: null,
      problems: [{ kind: "empty", raw: 0 }],
    };
  // Conditions that are proposed later are counted, and admitted one by one as they come.
  if (grows || (!filtered && !derives && !repeats)) {
    return { conditions: size, admittedCount: size, admitted: null, derived: null, problems: [] };
  }
  const admitted = bitmapOf(size);
  const derived: (Readonly<Record<string, Json>> | null)[] = [];
  const problems: SpaceProblem[] = [];
  const firstWith = new Map<string, number>();
  let admittedCount = 0;
  const visit = (expanded: ExpandedCondition): void => {
    const { index, condition } = expanded;
    if ((index & 0xf) === 0xf) alive();
    if (derives) derived.push(expanded.derived);
    if (condition === null) return;
    admittedCount += 1;
    setBit(admitted, index);
    if (expanded.derived !== null && problems.length === 0)
      problems.push(...derivedProblems(expanded.derived));
    if (!repeats || problems.length > 0) return;
    const key = conditionKeyOf(condition);
    const first = firstWith.get(key);
    if (first === undefined) firstWith.set(key, index);
    else problems.push({ kind: "equal", condition: shown(condition), first, second: index });
  };
  expandSpace(space, visit, before);
  if (admittedCount === 0) problems.push({ kind: "empty", raw: size });
  return {
    conditions: size,
    admittedCount,
    admitted: admittedCount === size ? null : admitted,
    derived: derives ? derived : null,
    problems,
  };
}

/** `firms=2, discount=0.95`: a condition in a message. */
export function shown(condition: Condition): string {
  return Object.entries(condition)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(", ");
}

function derivedProblems(values: Readonly<Record<string, unknown>>): SpaceProblem[] {
  return Object.entries(values).flatMap(([parameter, value]): SpaceProblem[] => {
    const bad = findNonJson(value);
    return bad === null ? [] : [{ kind: "derived", parameter: parameter + bad.path, found: bad.found }];
  });
}

/** Whether two conditions of this space can be equal although its parts are sound: lists can repeat, products cannot. */
function mayRepeat(tree: Space): boolean {
  switch (tree.kind) {
    case "product":
    case "proposed":
      return false;
    case "cross":
      return tree.of.some(mayRepeat);
    case "oneOf":
      return tree.branches.some(({ of }) => mayRepeat(of));
    case "where":
    case "derived":
      return mayRepeat(tree.of);
    case "zip":
    case "concat":
    case "conditions":
    case "sampled":
      return true;
  }
}
