// Confidence sequences: intervals that hold at every n at once, so that a run may look after each replicate and stop.
// Empirical Bernstein needs the metric's declared range and is exact at any n; the normal mixture is asymptotic, and allows for skewness.

import { skewedCritical } from "./means/skewness-interval.ts";
import { assertOpenUnit, assertSample, refuse } from "./refusal.ts";

/** Where the sequence for values without a declared range begins. */
export const asymptoticStart = 30;

/** The interval after n values. */
export interface SequenceStep {
  readonly n: number;
  /** Running point estimate of the mean. */
  readonly mean: number;
  /** The running intersection of all intervals so far. */
  readonly low: number;
  readonly high: number;
}

/** A confidence sequence over the values seen so far, in the order they came. */
export interface ConfidenceSequence {
  readonly method: string;
  readonly level: number;
  /** Whether the guarantee holds at every n ("non-asymptotic") or only in the limit ("asymptotic"). */
  readonly guarantee: "non-asymptotic" | "asymptotic";
  /** One step per value; the asymptotic sequence starts at n = 30. */
  readonly steps: readonly SequenceStep[];
}

/** The centre and half width of the empirical-Bernstein interval at one n, before intersection and clipping. */
export interface BernsteinStep {
  readonly n: number;
  readonly centre: number;
  readonly radius: number;
}

/**
 * The predictable plug-in empirical-Bernstein sequence for values in [0, 1].
 * Source: Waudby-Smith & Ramdas, JRSS B 86 (2023), theorem 2, truncation c, prior mean 1/2 and variance 1/4.
 */
export function empiricalBernsteinSteps(
  values: readonly number[],
  options: { alpha: number; truncation?: number },
): BernsteinStep[] {
  const { alpha, truncation = 0.5 } = options;
  const log = Math.log(2 / alpha);
  let sum = 0;
  let squares = 0;
  let mean = 0.5;
  let variance = 0.25;
  let weight = 0;
  let weighted = 0;
  let spent = 0;
  return values.map((value, i) => {
    const n = i + 1;
    const lambda = Math.min(Math.sqrt((2 * log) / (variance * n * Math.log(1 + n))), truncation);
    weight += lambda;
    weighted += lambda * value;
    // psi_E(lambda) = (-log(1 - lambda) - lambda)/4, times 4 (x - predicted mean)^2
    spent += (value - mean) ** 2 * (-Math.log1p(-lambda) - lambda);
    sum += value;
    mean = (0.5 + sum) / (n + 1);
    squares += (value - mean) ** 2;
    variance = (0.25 + squares) / (n + 1);
    return { n, centre: weighted / weight, radius: (log + spent) / weight };
  });
}

/** Options of confidenceSequence. */
export interface SequenceOptions {
  /** The declared range of the metric; without it the asymptotic sequence is used. */
  readonly range?: readonly [number, number];
  /** Default 0.95. */
  readonly level?: number;
  /** The n at which the asymptotic sequence should be tightest; default 100. */
  readonly tightestAt?: number;
}

/**
 * A confidence sequence of the mean, in the values' own order (complete replicates 1..n; not the order of completion).
 *
 * Without a range each end of the asymptotic sequence is moved out by Hall's correction for the skewness of the values so far plus 1 towards that
 * end (skewedCritical), since the bare normal mixture misses far more than it says on skewed data; docs/coverage.md has the rates.
 *
 * @throws StatisticsRefusal when a value lies outside the declared range, or n < 30 without a range
 */
export function confidenceSequence(
  values: readonly number[],
  options: SequenceOptions = {},
): ConfidenceSequence {
  const { range, level = 0.95 } = options;
  assertOpenUnit(level, "level");
  if (range === undefined)
    return asymptoticSequence(values, { level, tightestAt: options.tightestAt ?? 100 });
  assertSample(values, { name: "the sample", least: 1 });
  const [least, most] = range;
  if (!(least < most))
    refuse("bad-option", `the range is [${least}, ${most}]; its low end must lie below its high end`);
  const width = most - least;
  values.forEach((value, i) => {
    if (value < least || value > most)
      refuse(
        "bad-option",
        `value ${value} at position ${i} lies outside the declared range [${least}, ${most}]`,
      );
  });
  const unit = values.map((value) => (value - least) / width);
  let low = 0;
  let high = 1;
  let sum = 0;
  const steps = empiricalBernsteinSteps(unit, { alpha: 1 - level }).map(({ n, centre, radius }, i) => {
    low = Math.max(low, centre - radius);
    high = Math.min(high, centre + radius);
    sum += unit[i]!;
    return { n, mean: least + (width * sum) / n, low: least + width * low, high: least + width * high };
  });
  return {
    method: `empirical-Bernstein confidence sequence, range [${least}, ${most}]`,
    level,
    guarantee: "non-asymptotic",
    steps,
  };
}

/**
 * Half width of the asymptotic confidence sequence at n: sd sqrt( 2 (n rho^2 + 1)/(n^2 rho^2) log( sqrt(n rho^2 + 1)/alpha ) ).
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), theorem 2.2. `sd` divides by n.
 */
export function asymptoticRadius(options: {
  n: number;
  sd: number;
  alpha: number;
  rhoSquared: number;
}): number {
  const { n, sd, alpha, rhoSquared } = options;
  const scaled = n * rhoSquared + 1;
  return sd * Math.sqrt(((2 * scaled) / (n * n * rhoSquared)) * (0.5 * Math.log(scaled) - Math.log(alpha)));
}

/**
 * The two-sided normal-mixture boundary of a sum with intrinsic time v: sqrt( (v + rho) log( (v + rho)/(alpha^2 rho) ) ).
 * Sources: Robbins (1970); Howard, Ramdas, McAuliffe & Sekhon (2021), eq. 14.
 */
export function normalMixtureBoundary(options: { time: number; alpha: number; rho: number }): number {
  const { time, alpha, rho } = options;
  return Math.sqrt((time + rho) * (Math.log((time + rho) / rho) - 2 * Math.log(alpha)));
}

/** The rho^2 that makes the asymptotic sequence about tightest at n (Waudby-Smith et al. 2021, appendix B.2). */
export function rhoSquaredFor(options: { n: number; alpha: number }): number {
  const { n, alpha } = options;
  const log = -2 * Math.log(alpha);
  return (log + Math.log(log + 1)) / n;
}

function asymptoticSequence(
  values: readonly number[],
  { level, tightestAt }: { level: number; tightestAt: number },
): ConfidenceSequence {
  assertSample(values, { name: "the sample (without a declared range)", least: asymptoticStart });
  const alpha = 1 - level;
  const rhoSquared = rhoSquaredFor({ n: tightestAt, alpha });
  const origin = values[0]!;
  let mean = 0;
  let squares = 0;
  let cubes = 0;
  let low = Number.NEGATIVE_INFINITY;
  let high = Number.POSITIVE_INFINITY;
  const steps: SequenceStep[] = [];
  values.forEach((value, i) => {
    const n = i + 1;
    // Central moments value by value: Pebay, Sandia report SAND2008-6212 (2008), eq. 2.1.
    const gap = value - origin - mean;
    const step = gap / n;
    cubes += gap * step * step * (n - 1) * (n - 2) - 3 * step * squares;
    squares += gap * step * (n - 1);
    mean += step;
    // Values that have not varied yet say nothing of the spread: a radius of 0 would stay in every later intersection.
    if (n < asymptoticStart || squares === 0) return;
    const sd = Math.sqrt(squares / n);
    const standardError = sd / Math.sqrt(n);
    const critical = asymptoticRadius({ n, sd: 1, alpha, rhoSquared }) * Math.sqrt(n);
    const skewness = ((cubes / n / sd ** 3) * Math.sqrt(n * (n - 1))) / (n - 2);
    low = Math.max(
      low,
      origin + mean - skewedCritical(critical, { skewness: 1 - skewness, n }) * standardError,
    );
    high = Math.min(
      high,
      origin + mean + skewedCritical(critical, { skewness: 1 + skewness, n }) * standardError,
    );
    steps.push({ n, mean: origin + mean, low, high });
  });
  if (squares === 0)
    refuse("no-variation", "the sample does not vary; an asymptotic sequence needs its standard deviation");
  return {
    method: "normal-mixture confidence sequence that allows for skewness (asymptotic, from n = 30)",
    level,
    guarantee: "asymptotic",
    steps,
  };
}
