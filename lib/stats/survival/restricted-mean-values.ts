// What each trial adds to a restricted mean: one number a time, so that whatever compares, pairs or regresses means does so for times that
// may be cut off.
import { refuse } from "../refusal.ts";
import { type RestrictedMeanOptions, restrictedMean } from "./restricted-mean.ts";

/**
 * Pseudo-values of the restricted mean up to `tau`, by the infinitesimal jackknife: the mean plus what the observation's own weight moves
 * it. Their mean is the restricted mean, the sum of their squared deviations over n squared its variance of Greenwood's kind. An
 * observation is worth min(time, tau) where nothing was censored before `tau`. O(n log n).
 *
 * Source: Andersen, Hansen and Klein, Lifetime Data Analysis 10 (2004) 335-350; Parner, Andersen and Overgaard, Statistics in Medicine 42
 * (2023) 1-16 for the infinitesimal form.
 *
 * @throws StatisticsRefusal as `restrictedMean` does.
 * @example restrictedMeanValues({ time: [1, 4, 9], event: [true, true, false], tau: 5 }) // [1, 4, 5]
 */
export function restrictedMeanValues(options: Omit<RestrictedMeanOptions, "level">): Float64Array {
  const { time, event, tau } = options;
  const mean = restrictedMean(options).value;
  const n = time.length;
  const isWhole = time.every((value, i) => event[i]! || value >= tau);
  if (isWhole) return Float64Array.from(time, (value) => Math.min(value, tau));
  if (!Number.isFinite(mean)) refuse("not-estimable", "the restricted mean is no finite number");
  const order = Array.from(time.keys()).sort((a, b) => time[a]! - time[b]!);
  const steps = stepsOf(options, order);
  const values = new Float64Array(n);
  let passed = 0;
  let next = 0;
  for (const at of order) {
    const now = time[at]!;
    for (; next < steps.length && steps[next]!.time <= now; next += 1) passed += steps[next]!.ofRisk;
    const own = event[at]! && next > 0 && steps[next - 1]!.time === now ? steps[next - 1]!.ofEvent : 0;
    values[at] = mean + n * (passed - own);
  }
  return values;
}

interface WeighedStep {
  readonly time: number;
  /** What being at risk at this time moves the area by. */
  readonly ofRisk: number;
  /** What the event at this time moves it by. */
  readonly ofEvent: number;
}

/** The event times before `tau` at which the curve does not end, with the derivatives of the area by an observation's weight. */
function stepsOf(
  { time, event, tau }: Omit<RestrictedMeanOptions, "level">,
  order: readonly number[],
): readonly WeighedStep[] {
  const found: { time: number; atRisk: number; events: number; height: number }[] = [];
  let height = 1;
  for (let at = 0; at < order.length; ) {
    const now = time[order[at]!]!;
    if (now >= tau) break;
    let next = at;
    let events = 0;
    for (; next < order.length && time[order[next]!] === now; next += 1)
      if (event[order[next]!]!) events += 1;
    const atRisk = order.length - at;
    if (events > 0) {
      height *= (atRisk - events) / atRisk;
      found.push({ time: now, atRisk, events, height });
    }
    at = next;
  }
  const steps: WeighedStep[] = [];
  let area = 0;
  for (let i = found.length - 1; i >= 0; i -= 1) {
    const { time: now, atRisk, events, height: own } = found[i]!;
    area += own * ((found[i + 1]?.time ?? tau) - now);
    if (atRisk > events)
      steps.push({
        time: now,
        ofRisk: (area * events) / (atRisk * (atRisk - events)),
        ofEvent: area / (atRisk - events),
      });
    else steps.push({ time: now, ofRisk: 0, ofEvent: 0 });
  }
  return steps.reverse();
}
