// What is known of one metric in every trial of a condition that ran: its value, or the ends between which it must lie when the trial
// ended without one. In order of replicate, since some intervals depend on the order that was fixed before the data.
import { notRunCode } from "../../runtime/record/outcome.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { rowsByCondition } from "./cells.ts";

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
  const least = of.range?.min ?? Number.NEGATIVE_INFINITY;
  const most = of.range?.max ?? Number.POSITIVE_INFINITY;
  return of.conditions.map((condition) => {
    const ran = rows
      .subarray(offsets[condition], offsets[condition + 1])
      .filter((row) => table.outcome[row] !== notRunCode);
    const low = new Float64Array(ran.length);
    const high = new Float64Array(ran.length);
    const counts = { measured: 0, censored: 0, lost: 0 };
    ran.forEach((row, i) => {
      const value = column[row]!;
      const bound = table.censored.get(row);
      const isKnown = Number.isFinite(value);
      const isBounded = !isKnown && bound?.metric === of.metric;
      counts[isKnown ? "measured" : isBounded ? "censored" : "lost"]++;
      low[i] = isKnown ? value : isBounded ? Math.max(least, bound.bound) : least;
      high[i] = isKnown ? value : Math.max(most, low[i]!);
    });
    return { condition, low, high, ...counts };
  });
}
