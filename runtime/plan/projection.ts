// From a trial's condition to the unit of an earlier stage that serves it: a stage that uses some parameters only has one unit for
// all conditions that agree on them.
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { IndexedSpace } from "../../lib/experiment/space/space.ts";
import type { Job, UnitNumber } from "./plan.ts";
import { unitOf } from "./units.ts";

/** Maps (raw condition of the experiment, replicate) to the unit of `stage` that serves it. */
export function unitServing(
  stage: Job,
  space: IndexedSpace,
): (condition: number, replicate: number) => UnitNumber {
  const project = projectionOf(stage, space);
  return stage.per === "replicate"
    ? (condition, replicate) => unitOf(stage, project(condition), replicate)
    : (condition) => project(condition);
}

/** Maps a raw condition of the experiment to the condition's number as the stage counts them. */
export function projectionOf(stage: Job, space: IndexedSpace): (condition: number) => number {
  if (stage.per === "build") return () => 0;
  const { projected, uses } = stage;
  if (projected === null) return (condition) => condition;
  const numberByKey = new Map(projected.map((condition, index) => [conditionKeyOf(condition), index]));
  const known = new Int32Array(space.size).fill(-1);
  return (condition) => {
    const found = known[condition]!;
    if (found >= 0) return found;
    const key = conditionKeyOf(picked(space.at(condition), uses));
    const number = numberByKey.get(key);
    if (number === undefined)
      throw new Error(`stage ${stage.experiment}/${stage.stage} has no unit for ${key}`);
    known[condition] = number;
    return number;
  };
}

/** The parameters that a stage uses, in the condition's own order; those that a branch lacks are left out. */
export function picked(
  condition: Readonly<Record<string, unknown>>,
  uses: Job["uses"],
): Readonly<Record<string, unknown>> {
  if (uses === "all") return condition;
  return Object.fromEntries(Object.entries(condition).filter(([name]) => uses.includes(name)));
}
