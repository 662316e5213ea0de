// The public door `labwright/stats`: numbers in, small readonly records out.
//
// One rule for bad input: a function that has no honest answer (n < 2, no variation, all tied, a value that is not
// finite, an option out of range) throws a StatisticsRefusal whose message can be printed as it stands; nothing returns
// NaN. Wrap a call in orRefusal() to get { kind: "refused", code, reason } as a value instead of a throw.
export {
  type BootstrapEstimate,
  type BootstrapMethod,
  type BootstrapOptions,
  bootstrap,
} from "./stats/bootstrap.ts";
export { type BootstrapDifferenceOptions, bootstrapDifference } from "./stats/bootstrap-difference.ts";
export { type Description, describe } from "./stats/describe.ts";
export type { Alternative, Estimate, TestResult } from "./stats/estimate.ts";
export { median, quantile } from "./stats/quantile.ts";
export { isRefused, orRefusal, type RefusalCode, type Refused, StatisticsRefusal } from "./stats/refusal.ts";
export type { Statistic } from "./stats/resample-statistic.ts";
export { type OneSampleT, oneSampleT, tInterval } from "./stats/t-interval.ts";
export { type DifferenceOfMeans, pairedT, student, type TwoSamples, welch } from "./stats/t-test.ts";
export { interquartileMean, trimmedMean } from "./stats/trimmed-mean.ts";
