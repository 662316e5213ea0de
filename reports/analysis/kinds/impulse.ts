// An impulse response: how far each unit moves from its own course before the impulse, averaged over units. Taking the change
// within a unit removes what differs between units, as a paired test does. The intervals hold at all points at once, since a reader, and
// the sentence, look at the point that moved furthest.

import { tInterval } from "../../../lib/stats/means/t-interval.ts";
import { meanOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { type SupT, supTCritical } from "../../../lib/stats/simultaneous/sup-t.ts";
import type { ImpulseResponse } from "../finding.ts";
import type { Interval } from "../interval.ts";
import { decimalsFor, intervalText, numberText, signedText } from "../words/number-text.ts";

/** Null where no unit has a value before the impulse. A unit counts at an x where it has a value. */
export function impulseResponseOf(of: {
  /** Ascending. */
  readonly x: readonly number[];
  /** y of each unit at each x; NaN where it has none. */
  readonly units: readonly { readonly y: ArrayLike<number> }[];
  readonly impulseAt: number;
  readonly level: number;
  /** Of the sign flips. */
  readonly seed: number;
}): ImpulseResponse | null {
  const { x, units, impulseAt, level, seed } = of;
  const first = x.findIndex((value) => value >= impulseAt);
  const after = first < 0 ? [] : x.slice(first);
  const held = units.flatMap(({ y }) => {
    const before = Array.from({ length: x.length - after.length }, (_, i) => y[i]!).filter(Number.isFinite);
    return before.length === 0 ? [] : [{ y, before: meanOf(before) }];
  });
  if (held.length === 0) return null;
  const rows = held.map(({ y, before }) => after.map((_, i) => y[first + i]! - before));
  const found = orRefusal(() => supTCritical({ rows, level, seed }));
  const supT = isRefused(found) ? null : found;
  return {
    before: meanOf(held.map(({ before }) => before)),
    changes: after.flatMap((at, i) => {
      const changes = rows.map((row) => row[i]!).filter(Number.isFinite);
      if (changes.length === 0) return [];
      // Where most units have ended, what is left is a selection that the band is not made for.
      const isCounted = supT !== null && 2 * changes.length >= rows.length;
      const interval = isCounted ? bandAt(changes, level, supT) : null;
      return [{ x: at, n: changes.length, change: meanOf(changes), interval }];
    }),
  };
}

/** Null where the changes do not vary, or there is one. */
function bandAt(changes: readonly number[], level: number, { critical, method }: SupT): Interval | null {
  const own = orRefusal(() => tInterval(changes, { level }));
  if (isRefused(own)) return null;
  const half = critical * own.standardError!;
  return { low: own.value - half, high: own.value + half, level, method };
}

/** Where it moves furthest, and where it ends. */
export function impulseSentence(
  { before, changes }: ImpulseResponse,
  of: { readonly subject: string; readonly x: string; readonly impulseAt: number | null },
): string {
  const { subject, x, impulseAt } = of;
  const [first] = changes;
  if (first === undefined)
    return `${subject} has no value after the impulse at ${x} ${numberText(impulseAt)}.`;
  const furthest = changes.reduce((most, one) => (Math.abs(one.change) > Math.abs(most.change) ? one : most));
  const last = changes.at(-1)!;
  const end = last === furthest ? "" : `; at ${x} ${numberText(last.x)} it is ${changeText(last)} from it`;
  const band = furthest.interval === null ? "" : `; intervals hold at all ${changes.length} points at once`;
  return `After the impulse at ${x} ${numberText(impulseAt)}, ${subject} is furthest from its value before (${numberText(before)}) at ${x} ${numberText(furthest.x)}: ${changeText(furthest)}${end} (n = ${furthest.n}${band}).`;
}

function changeText({ change, interval }: ImpulseResponse["changes"][number]): string {
  if (interval === null) return signedText(change);
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  return `${signedText(change, decimals)} ${intervalText(interval, decimals)}`;
}
