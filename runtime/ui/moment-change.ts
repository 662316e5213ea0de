// What has changed between two moments of a run, and a moment with a change on top: the server sends the one, the page does the other.
import type { Arm, MomentChange, RunMoment } from "./view-data.ts";

/** The members that are not what they were; null when only time has passed. */
export function changeOf(before: RunMoment, after: RunMoment): MomentChange | null {
  // Members of the two moments are the same by type.
  const keys = Object.keys(after) as (keyof RunMoment)[];
  const changed = keys.filter((key) => key !== "arms" && !isSame(before[key], after[key]));
  const earlier = new Map(before.arms.map((arm) => [arm.index, arm]));
  const arms = after.arms.filter((arm: Arm) => !isSame(earlier.get(arm.index), arm));
  // A second that passes is told by the beat.
  if (changed.every((key) => key === "elapsedMs") && arms.length === 0) return null;
  return {
    ...Object.fromEntries(changed.map((key) => [key, after[key]])),
    ...(arms.length > 0 && { arms }),
  };
}

/** The moment with a change on top; arms that are new stand last. */
export function momentAfter(before: RunMoment, { arms = [], ...rest }: MomentChange): RunMoment {
  const newer = new Map(arms.map((arm) => [arm.index, arm]));
  const known = new Set(before.arms.map(({ index }) => index));
  return {
    ...before,
    ...rest,
    arms: [
      ...before.arms.map((arm) => newer.get(arm.index) ?? arm),
      ...arms.filter(({ index }) => !known.has(index)),
    ],
  };
}

/** Of JSON whose members come in one order. */
function isSame(left: unknown, right: unknown): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
