// What is known of one metric in every trial of a condition that ran: its value, or the ends between which it must lie when the trial
// ended without one. In order of replicate, since some intervals depend on the order that was fixed before the data.
import { notRunCode } from "../../runtime/record/outcome.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { exposureReader, rowsByCondition } from "./cells.ts";

export interface TrialBounds {
  /** Index in `table.conditions`. */
  readonly condition: number;
  /** The least and the most that each trial's value can be; equal where it was measured, infinite where nothing bounds it. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly measured: number;
  /** Trials that ended with a bound instead of a value: `censored` ones, at least their bound. */
  readonly censored: number;
  /** Trials that ended with neither. */
  readonly lost: number;
  /** What the events of each trial were counted over, where that is not the trial: `low` and `high` are per unit of it. NaN for lost trials. */
  readonly exposure: Float64Array | null;
}

/**
 * One entry for each of the given conditions, in their order.
 *
 * @param range of the metric, ends null where open: what a lost value lies in.
 */
export function trialBoundsOf(
  table: TrialTable,
  of: {
    readonly metric: string;
    readonly range: { readonly min: number | null; readonly max: number | null } | null;
    readonly conditions: readonly number[];
  },
): readonly TrialBounds[] {
  const { rows, offsets } = rowsByCondition(table);
  const column = table.metrics[of.metric]!;
  const exposureOf = exposureReader(table, of.metric);
  // Of a lost trial neither the events nor what they were counted over is known.
  const least = (exposureOf === null ? of.range?.min : null) ?? Number.NEGATIVE_INFINITY;
  const most = (exposureOf === null ? of.range?.max : null) ?? Number.POSITIVE_INFINITY;
  return of.conditions.map((condition) => {
    const ran = rows
      .subarray(offsets[condition], offsets[condition + 1])
      .filter((row) => table.outcome[row] !== notRunCode);
    const low = new Float64Array(ran.length);
    const high = new Float64Array(ran.length);
    const exposure = exposureOf === null ? null : Float64Array.from(ran, exposureOf);
    const counts = { measured: 0, censored: 0, lost: 0 };
    ran.forEach((row, i) => {
      const over = exposure?.[i] ?? 1;
      const value = over > 0 ? column[row]! / over : Number.NaN;
      const bound = table.censored.get(row);
      const isKnown = Number.isFinite(value);
      const isBounded = !isKnown && bound?.metric === of.metric;
      counts[isKnown ? "measured" : isBounded ? "censored" : "lost"]++;
      low[i] = isKnown ? value : isBounded ? Math.max(least, bound.bound) : least;
      high[i] = isKnown ? value : Math.max(most, low[i]!);
    });
    return { condition, low, high, ...counts, exposure };
  });
}
