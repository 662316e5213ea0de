// The Kaplan-Meier curve: the share that has had no event by each time, with Greenwood's variance and limits on a scale that keeps
// them between 0 and 1.
import { normalUpperQuantile } from "../distribution/normal.ts";
import { assertOpenUnit } from "../refusal.ts";
import { assertSurvival, riskSteps, type SurvivalSample } from "./survival-sample.ts";

/** On which scale the limits are symmetric. */
export type SurvivalInterval = "log-log" | "log" | "plain";

export interface KaplanMeierOptions extends SurvivalSample {
  /** Confidence level of each point's limits; default 0.95. */
  readonly level?: number;
  /** Default "log-log", whose limits hold at small n and never leave [0, 1]. */
  readonly interval?: SurvivalInterval;
}

/** The curve at its event times, all lists of one length. It is 1 before the first and flat between two. */
export interface KaplanMeier {
  readonly time: readonly number[];
  readonly atRisk: readonly number[];
  readonly events: readonly number[];
  /** Share without an event after that time, in [0, 1]. */
  readonly survival: readonly number[];
  /** Greenwood's standard error on the scale of the share; null once everybody has had the event. */
  readonly standardError: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly level: number;
  readonly method: string;
  readonly n: number;
  /** The last time of all, censored ones included: the curve says nothing beyond. */
  readonly last: number;
}

/**
 * The product-limit estimate (Kaplan and Meier 1958) with Greenwood's (1926) variance.
 *
 * @throws StatisticsRefusal for no times, negative or non-finite ones, or lists of unlike lengths.
 * @example kaplanMeier({ time: [6, 6, 7, 10], event: [true, false, true, true] }).survival // [0.75, 0.375, 0]
 */
export function kaplanMeier(options: KaplanMeierOptions): KaplanMeier {
  const { level = 0.95, interval = "log-log" } = options;
  assertSurvival(options, "the sample");
  assertOpenUnit(level, "level");
  const steps = riskSteps(options);
  const z = normalUpperQuantile((1 - level) / 2);
  const survival: number[] = [];
  const standardError: (number | null)[] = [];
  const limits: (readonly [number, number] | null)[] = [];
  let share = 1;
  let sum = 0;
  for (const { atRisk, events } of steps) {
    share *= (atRisk - events) / atRisk;
    sum += events / (atRisk * (atRisk - events));
    survival.push(share);
    standardError.push(share === 0 ? null : share * Math.sqrt(sum));
    limits.push(share === 0 ? null : limitsOf(share, z * Math.sqrt(sum), interval));
  }
  return {
    time: steps.map(({ time }) => time),
    atRisk: steps.map(({ atRisk }) => atRisk),
    events: steps.map(({ events }) => events),
    survival,
    standardError,
    low: limits.map((pair) => pair?.[0] ?? null),
    high: limits.map((pair) => pair?.[1] ?? null),
    level,
    method: `Kaplan-Meier, Greenwood's variance, ${interval} limits`,
    n: options.time.length,
    last: options.time.reduce((most, value) => Math.max(most, value), 0),
  };
}

/** `width` is z times the standard error of the logarithm of the share. */
function limitsOf(share: number, width: number, interval: SurvivalInterval): readonly [number, number] {
  switch (interval) {
    case "plain":
      return [Math.max(0, share - share * width), Math.min(1, share + share * width)];
    case "log":
      return [share * Math.exp(-width), Math.min(1, share * Math.exp(width))];
    case "log-log": {
      const spread = width / Math.log(share);
      return [share ** Math.exp(-spread), share ** Math.exp(spread)];
    }
  }
}

/** A quantile of the time with its interval; null where the curve does not fall so far. */
export interface SurvivalQuantile {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The time by which a share `p` has had the event, and the times at which the curve's limits say so (Brookmeyer and Crowley 1982). Where
 * the curve is flat at exactly 1 - p the middle of the flat part is taken, as R does.
 *
 * @param p In (0, 1): 0.5 for the median.
 * @example survivalQuantile(kaplanMeier({ time: [1, 2, 3], event: [true, true, true] }), 0.5).value // 2
 */
export function survivalQuantile(curve: KaplanMeier, p: number): SurvivalQuantile {
  assertOpenUnit(p, "p");
  return {
    value: crossing(curve, curve.survival, p),
    low: crossing(curve, curve.low, p),
    high: crossing(curve, curve.high, p),
  };
}

/** R's tolerance for a share that equals 1 - p but for rounding. */
const flat = 1.5e-8;

function crossing(
  { time, last }: KaplanMeier,
  heights: readonly (number | null)[],
  p: number,
): number | null {
  const fallen = heights.findIndex((height) => height !== null && 1 - height >= p - flat);
  if (fallen < 0) return null;
  if (1 - heights[fallen]! > p + flat) return time[fallen]!;
  const beyond = heights.findIndex((height) => height !== null && 1 - height > p + flat);
  return (time[fallen]! + (beyond < 0 ? last : time[beyond]!)) / 2;
}
