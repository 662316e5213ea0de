// The interval of a mean in an experiment whose data decided how many replicates there are: the confidence sequence over the values in order
// of replicate. A t interval promises nothing at such a stop; this one holds wherever the run ended.
import { asymptoticStart, confidenceSequence } from "../../../lib/stats/confidence-sequence.ts";
import type { Estimate } from "../../../lib/stats/estimate.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { MetricSummary } from "../analysis.ts";

/** The interval, or in words why there is none. */
export function stoppedIntervalOf(of: {
  /** In order of replicate. */
  readonly values: Float64Array;
  readonly isShare: boolean;
  readonly range: MetricSummary["range"];
  readonly level: number;
}): Estimate | string {
  const { values, isShare, level } = of;
  const range = isShare ? ([0, 1] as const) : finiteRangeOf(of.range);
  const found = orRefusal(() =>
    confidenceSequence(Array.from(values), { level, ...(range !== null && { range }) }),
  );
  const last = isRefused(found) ? undefined : found.steps.at(-1);
  if (isRefused(found) || last === undefined)
    return `the data decided how many replicates there are: without a declared range an interval that holds at the stop needs ${asymptoticStart} values that differ`;
  // A sequence whose intersection is empty has erred: it bounds nothing.
  if (last.low > last.high)
    return "the confidence sequence has contradicted itself, which it does in few experiments";
  const method = `${found.method}; it holds wherever the run stopped`;
  return { value: last.mean, low: last.low, high: last.high, level, method, n: values.length };
}

/** The declared range when both of its ends are finite. */
export function finiteRangeOf(range: MetricSummary["range"]): readonly [number, number] | null {
  const { min, max } = range ?? { min: null, max: null };
  return min !== null && max !== null && min < max ? [min, max] : null;
}
