// The t tests of two samples: Student's (pooled), Welch's (the default everywhere in this package) and the paired one.
// Means are taken from a common origin, so that data near 1e12 keep the digits of their difference.
import type { Alternative, Estimate, TestResult } from "../estimate.ts";
import { tBounds, tProbability } from "../interval-of.ts";
import { isNoise, type Moments, momentsOf } from "../moments.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import { oneSampleT } from "./t-interval.ts";

/** Two samples and how to compare them. */
export interface TwoSamples {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Confidence level; default 0.95. */
  readonly level?: number;
  /** Default two-sided; "greater" means the mean of x is above that of y. */
  readonly alternative?: Alternative;
  /** The difference under the null hypothesis; default 0. */
  readonly difference?: number;
}

/** A t test with the estimated difference mean(x) - mean(y) and its interval. */
export interface DifferenceOfMeans extends TestResult {
  readonly estimate: Estimate;
}

/** The parts of a two-sample t statistic, shared by tests, equivalence and effect sizes. */
export interface DifferenceParts {
  readonly x: Moments;
  readonly y: Moments;
  readonly difference: number;
  readonly standardError: number;
  readonly df: number;
}

/** Difference, standard error and degrees of freedom of two independent samples; refuses constant pairs of samples. */
export function differenceParts(
  samples: { x: readonly number[]; y: readonly number[] },
  variance: "pooled" | "unequal",
): DifferenceParts {
  assertSample(samples.x, { name: "sample x", least: 2 });
  assertSample(samples.y, { name: "sample y", least: 2 });
  const origin = samples.x[0]!;
  const x = momentsOf(samples.x, origin);
  const y = momentsOf(samples.y, origin);
  const scale = Math.max(x.sd, y.sd);
  if (scale === 0)
    refuse("no-variation", "neither sample varies; a t statistic needs variation in at least one of them");
  const vx = (x.sd / scale) ** 2;
  const vy = (y.sd / scale) ** 2;
  const pooledDf = x.n + y.n - 2;
  const df =
    variance === "pooled"
      ? pooledDf
      : (vx / x.n + vy / y.n) ** 2 / ((vx / x.n) ** 2 / (x.n - 1) + (vy / y.n) ** 2 / (y.n - 1));
  const standardError =
    variance === "pooled"
      ? scale * Math.sqrt((((x.n - 1) * vx + (y.n - 1) * vy) / pooledDf) * (1 / x.n + 1 / y.n))
      : scale * Math.sqrt(vx / x.n + vy / y.n);
  if (isNoise(standardError, Math.max(Math.abs(x.mean), Math.abs(y.mean))))
    refuse("no-variation", "the samples vary by no more than rounding error; a t statistic needs variation");
  return { x, y, difference: x.offset - y.offset, standardError, df };
}

/**
 * Welch's t test: no assumption of equal variances.
 * Source: B. L. Welch, Biometrika 34 (1947), with Satterthwaite's degrees of freedom.
 * @example welch({ x: [5.1, 4.9, 5.6], y: [4.2, 4.4, 4.0, 4.1] }).p
 */
export function welch(samples: TwoSamples): DifferenceOfMeans {
  return compare(samples, { variance: "unequal", method: "Welch's t test" });
}

/** Student's t test with a pooled variance: assumes that both populations have the same variance. */
export function student(samples: TwoSamples): DifferenceOfMeans {
  return compare(samples, { variance: "pooled", method: "Student's t test (pooled variance)" });
}

/** The paired t test: a one-sample test of x[i] - y[i]. Refuses samples of different lengths. */
export function pairedT(samples: TwoSamples): DifferenceOfMeans {
  const { level = 0.95, alternative = "two-sided", difference = 0 } = samples;
  const differences = pairedDifferences(samples);
  const result = oneSampleT(differences, {
    mu: difference,
    level,
    alternative,
    name: "the sample of paired differences",
  });
  return {
    ...result,
    method: "paired t test",
    estimate: { ...result.estimate, method: "mean paired difference with t interval" },
  };
}

/** x[i] - y[i], refusing unequal lengths and differences that are constant up to the rounding of x and y. */
export function pairedDifferences(samples: { x: readonly number[]; y: readonly number[] }): number[] {
  const { x, y } = samples;
  if (x.length !== y.length)
    refuse(
      "unequal-lengths",
      `pairs need samples of one length; x has ${x.length} values and y has ${y.length}`,
    );
  assertSample(x, { name: "sample x", least: 2 });
  assertSample(y, { name: "sample y", least: 2 });
  const differences = x.map((value, i) => value - y[i]!);
  const size = [...x, ...y].reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const { sd, mean } = momentsOf(differences);
  if (isNoise(sd / Math.sqrt(x.length), size))
    refuse(
      "no-variation",
      `the paired differences do not vary (every one is ${Number(mean.toPrecision(12))}); a test of them needs variation`,
    );
  return differences;
}

function compare(
  samples: TwoSamples,
  { variance, method }: { variance: "pooled" | "unequal"; method: string },
): DifferenceOfMeans {
  const { level = 0.95, alternative = "two-sided", difference: expected = 0 } = samples;
  assertOpenUnit(level, "level");
  const { x, y, difference, standardError, df } = differenceParts(samples, variance);
  const statistic = (difference - expected) / standardError;
  return {
    method,
    symbol: "t",
    statistic,
    df: [df],
    p: tProbability(statistic, { df, alternative }),
    alternative,
    n: [x.n, y.n],
    estimate: {
      value: difference,
      ...tBounds({ value: difference, standardError, df, level, alternative }),
      level,
      method: `difference of means with ${variance === "pooled" ? "pooled-variance" : "Welch"} t interval`,
      n: x.n + y.n,
      standardError,
    },
  };
}
