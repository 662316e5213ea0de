// Accelerated failure time: covariates stretch or shrink time itself. log T = b0 + b'x + scale W, fitted by maximum likelihood with right
// censoring; its coefficients are ratios of times.
import { normalDensity, normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate } from "../estimate.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { assertSurvival, type SurvivalSample } from "./survival-sample.ts";

export type TimeDistribution = "weibull" | "exponential" | "lognormal" | "loglogistic";

export interface AcceleratedFailureOptions extends SurvivalSample {
  /** covariates[i] holds one number for each term, for the i-th time; the intercept is added. */
  readonly covariates: readonly (readonly number[])[];
  /** Distribution of the times; Weibull unless told. The exponential is a Weibull whose scale is 1. */
  readonly distribution?: TimeDistribution;
  /** Default 0.95. */
  readonly level?: number;
}

export interface AcceleratedFailure {
  /** Of the logarithm of time: the intercept, then one for each covariate. */
  readonly coefficients: readonly number[];
  readonly standardErrors: readonly number[];
  /** Of W; a Weibull's shape is 1 / scale. */
  readonly scale: number;
  /** Standard error of the scale's logarithm; null where the scale is fixed. */
  readonly logScaleError: number | null;
  /** Log likelihood of the times with the intercept alone, and with the covariates. */
  readonly logLikelihood: readonly [without: number, withTerms: number];
  /** By how much one unit of each covariate multiplies every time. */
  readonly timeRatios: readonly Estimate[];
}

/**
 * Accelerated failure time regression.
 *
 * @throws StatisticsRefusal for times of 0, without an event, or covariates that are linearly dependent.
 * @example acceleratedFailure({ time, event, covariates: arm.map((value) => [value]) }).timeRatios[0]
 */
export function acceleratedFailure(options: AcceleratedFailureOptions): AcceleratedFailure {
  const { time, event, covariates, distribution = "weibull", level = 0.95 } = options;
  assertSurvival(options, "the sample");
  assertOpenUnit(level, "level");
  if (time.some((value) => value === 0)) refuse("bad-option", "a time is 0, whose logarithm is not defined");
  if (!event.some(Boolean)) refuse("too-few", "there is no event; the distribution of times needs some");
  if (covariates.length !== time.length || covariates.some((row) => row.length !== covariates[0]!.length))
    refuse("unequal-lengths", "every time needs the same covariates");
  const data = { logTime: time.map(Math.log), event, distribution };
  const alone = maximum({ ...data, rows: time.map(() => [1]) });
  const full = maximum({ ...data, rows: covariates.map((row) => [1, ...row]) });
  const z = normalUpperQuantile((1 - level) / 2);
  const errors = full.parameters.map((_, index) => Math.sqrt(full.solve(index)));
  const p = 1 + (covariates[0]?.length ?? 0);
  return {
    coefficients: full.parameters.slice(0, p),
    standardErrors: errors.slice(0, p),
    scale: full.parameters.length > p ? Math.exp(full.parameters[p]!) : 1,
    logScaleError: errors[p] ?? null,
    logLikelihood: [alone.logLikelihood, full.logLikelihood],
    timeRatios: full.parameters.slice(1, p).map((coefficient, index) => ({
      value: Math.exp(coefficient),
      low: Math.exp(coefficient - z * errors[index + 1]!),
      high: Math.exp(coefficient + z * errors[index + 1]!),
      level,
      method: `ratio of times, ${distribution} model`,
      n: time.length,
    })),
  };
}

interface Data {
  readonly logTime: readonly number[];
  readonly event: readonly boolean[];
  readonly rows: readonly (readonly number[])[];
  readonly distribution: TimeDistribution;
}

const stepsMax = 200;

/** Newton's method over the coefficients and the logarithm of the scale; damped where the likelihood is not concave. */
function maximum(data: Data) {
  const p = data.rows[0]!.length;
  const centre = data.logTime.reduce((sum, value) => sum + value, 0) / data.logTime.length;
  const hasScale = data.distribution !== "exponential";
  let parameters = [centre, ...new Array<number>(p - 1).fill(0), ...(hasScale ? [0] : [])];
  let here = derivatives(data, parameters);
  for (let step = 0; step < stepsMax; step += 1) {
    let damping = 0;
    let next = here;
    let moved = parameters;
    for (let tries = 0; tries < 60; tries += 1) {
      const direction = directionOf(here, damping);
      if (direction !== null) {
        moved = parameters.map((value, index) => value + direction[index]!);
        next = derivatives(data, moved);
        if (next.logLikelihood >= here.logLikelihood - 1e-12 * Math.abs(here.logLikelihood)) break;
      }
      damping = damping === 0 ? 1e-3 : damping * 4;
    }
    const change = Math.max(...moved.map((value, index) => Math.abs(value - parameters[index]!)));
    parameters = moved;
    here = next;
    if (change < 1e-11 * (1 + Math.max(...parameters.map(Math.abs)))) break;
  }
  const solver = positiveSolver(here.information);
  return {
    parameters,
    logLikelihood: here.logLikelihood,
    /** The variance of a parameter. */
    solve: (index: number) => solver(parameters.map((_, at) => Number(at === index)))[index]!,
  };
}

function directionOf(
  { information, score }: ReturnType<typeof derivatives>,
  damping: number,
): readonly number[] | null {
  try {
    const damped = information.map((row, i) =>
      row.map((value, j) => (i === j ? value + damping * (1 + Math.abs(value)) : value)),
    );
    return positiveSolver(damped)(score);
  } catch (error) {
    if (damping > 1e9) throw error;
    return null; // Not positive definite here: damp more.
  }
}

function derivatives({ logTime, event, rows, distribution }: Data, parameters: readonly number[]) {
  const p = rows[0]!.length;
  const size = parameters.length;
  const logScale = parameters[p] ?? 0;
  const scale = Math.exp(logScale);
  const score = new Array<number>(size).fill(0);
  const information = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  let logLikelihood = 0;
  for (const [at, row] of rows.entries()) {
    const w = (logTime[at]! - row.reduce((sum, value, i) => sum + value * parameters[i]!, 0)) / scale;
    const { value, first, second } = event[at]! ? density(distribution, w) : survivor(distribution, w);
    logLikelihood += value - (event[at]! ? logScale + logTime[at]! : 0);
    for (let i = 0; i < p; i += 1) {
      score[i]! -= (row[i]! * first) / scale;
      for (let j = 0; j < p; j += 1) information[i]![j]! -= (row[i]! * row[j]! * second) / scale ** 2;
      if (size === p) continue;
      const mixed = (row[i]! * (w * second + first)) / scale;
      information[i]![p]! -= mixed;
      information[p]![i]! -= mixed;
    }
    if (size === p) continue;
    score[p]! -= w * first + (event[at]! ? 1 : 0);
    information[p]![p]! -= w * first + w ** 2 * second;
  }
  return { logLikelihood, score, information };
}

/** A logarithm with its first two derivatives by w. */
interface Part {
  readonly value: number;
  readonly first: number;
  readonly second: number;
}

function density(distribution: TimeDistribution, w: number): Part {
  switch (distribution) {
    case "weibull":
    case "exponential":
      return { value: w - Math.exp(w), first: 1 - Math.exp(w), second: -Math.exp(w) };
    case "lognormal":
      return { value: -0.5 * w * w - 0.5 * Math.log(2 * Math.PI), first: -w, second: -1 };
    case "loglogistic": {
      const share = 1 / (1 + Math.exp(-w));
      return { value: -w + 2 * Math.log(share), first: 1 - 2 * share, second: -2 * share * (1 - share) };
    }
  }
}

function survivor(distribution: TimeDistribution, w: number): Part {
  switch (distribution) {
    case "weibull":
    case "exponential":
      return { value: -Math.exp(w), first: -Math.exp(w), second: -Math.exp(w) };
    case "lognormal": {
      const hazard = normalDensity(w) / normalUpper(w);
      return { value: Math.log(normalUpper(w)), first: -hazard, second: -hazard * (hazard - w) };
    }
    case "loglogistic": {
      const share = 1 / (1 + Math.exp(-w));
      return { value: Math.log1p(-share), first: -share, second: -share * (1 - share) };
    }
  }
}
