// The largest of many t statistics whose numerators correlate in any way and share one scale: p values and critical values that hold for all
// at once, and Westfall and Young's step-down. Exact but for a seedless quadrature over directions.

import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { fUpper } from "../distribution/f.ts";
import { findRoot, growBracket } from "../distribution/find-root.ts";
import { normalQuantile } from "../distribution/normal.ts";
import type { Alternative } from "../estimate.ts";
import { type Groups, groupMoments } from "../groups.ts";
import { symmetricEigen } from "../linear-algebra.ts";
import { betweenAndWithin } from "../means/anova.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";

export interface MaxTOptions {
  /** Of the numerators: symmetric, ones on the diagonal; it may be singular. */
  readonly correlation: readonly (readonly number[])[];
  /** Of the common scale; Infinity for a known one. */
  readonly df: number;
  /** Whether |t| counts. Default true. */
  readonly twoSided?: boolean;
}

export interface MaxT {
  /** P(the largest exceeds d), of all or of the given ones. */
  upper(d: number, among?: readonly number[]): number;
  /** What the largest exceeds with probability 1 - level. */
  critical(level: number): number;
}

const directions = 16_384;

/**
 * The distribution of the largest of several t with a common scale. The numerators are a radius times a direction; given the direction the
 * radius over the scale is an F, so that only directions are averaged over, by a lattice of 16,384 (Deak's method with Richtmyer's lattice;
 * Genz and Bretz, Computation of Multivariate Normal and t Probabilities, 2009, 4.1). The error is
 * below 5e-4.
 *
 * @throws StatisticsRefusal for a correlation that is none.
 * @example maxT({ correlation: [[1, 0.5], [0.5, 1]], df: 20 }).critical(0.95) // 2.41
 */
export function maxT({ correlation, df, twoSided = true }: MaxTOptions): MaxT {
  const loadings = loadingsOf(correlation);
  const rank = loadings[0]!.length;
  const reaches = lattice(rank).map((direction) =>
    loadings.map((row) => {
      const along = row.reduce((sum, value, i) => sum + value * direction[i]!, 0);
      return twoSided ? Math.abs(along) : along;
    }),
  );
  const all = loadings.map((_, j) => j);
  const upper = (d: number, among: readonly number[] = all): number => {
    if (twoSided && d <= 0) return 1;
    // A single one is a t.
    if (among.length === 1) {
      const tail = radiusBeyond(d ** 2, { rank: 1, df });
      return twoSided ? tail : d > 0 ? tail / 2 : 1 - tail / 2;
    }
    let sum = 0;
    for (const reach of reaches) {
      let most = Number.NEGATIVE_INFINITY;
      let least = Number.POSITIVE_INFINITY;
      for (const j of among) {
        most = Math.max(most, reach[j]!);
        least = Math.min(least, reach[j]!);
      }
      sum += outside(d, most, { rank, df });
      // The opposite direction is as likely; together their error is less.
      if (!twoSided) sum += outside(d, -least, { rank, df });
    }
    return Math.min(1, sum / reaches.length / (twoSided ? 1 : 2));
  };
  return {
    upper,
    critical(level) {
      assertOpenUnit(level, "level");
      const f = (d: number) => Math.log(upper(d) / (1 - level));
      return findRoot(f, growBracket(f, { guess: 2.5, step: 0.5 }));
    },
  };
}

/** P(radius over scale times the reach of a direction exceeds d). */
function outside(
  d: number,
  reach: number,
  { rank, df }: { readonly rank: number; readonly df: number },
): number {
  if (d <= 0) {
    // A negative bound is passed unless the direction leads away from it far enough.
    if (reach >= 0) return 1;
    return 1 - radiusBeyond((d / reach) ** 2, { rank, df });
  }
  return reach <= 0 ? 0 : radiusBeyond((d / reach) ** 2, { rank, df });
}

function radiusBeyond(square: number, { rank, df }: { readonly rank: number; readonly df: number }): number {
  return df === Number.POSITIVE_INFINITY
    ? chiSquaredUpper(square, rank)
    : fUpper(square / rank, { df1: rank, df2: df });
}

/** Rows of a matrix A with A A' the correlation, as many columns as its rank. */
function loadingsOf(correlation: MaxTOptions["correlation"]): readonly (readonly number[])[] {
  const k = correlation.length;
  if (k === 0) refuse("too-few", "there is no statistic to take the largest of");
  for (const [i, row] of correlation.entries()) {
    if (row.length !== k)
      refuse(
        "unequal-lengths",
        `row ${i + 1} of the correlation has ${row.length} entries for ${k} statistics`,
      );
    if (Math.abs(row[i]! - 1) > 1e-9) refuse("bad-option", "a correlation has ones on its diagonal");
    if (
      row.some((value, j) => !(Math.abs(value) <= 1 + 1e-9) || Math.abs(value - correlation[j]![i]!) > 1e-9)
    )
      refuse("bad-option", "a correlation is symmetric, with entries from -1 to 1");
  }
  const { values, vectors } = symmetricEigen(correlation);
  if (values.some((value) => value < -1e-7 * k))
    refuse("bad-option", "the correlation is that of no variables");
  const kept = Array.from(values.keys()).filter((i) => values[i]! > 1e-10 * k);
  return correlation.map((_, row) => kept.map((i) => vectors[i]![row]! * Math.sqrt(values[i]!)));
}

/** Directions spread evenly over the sphere: normal quantiles of Richtmyer's lattice, one irrational a dimension. */
function lattice(dimensions: number): readonly (readonly number[])[] {
  const steps = firstPrimes(dimensions).map(Math.sqrt);
  return Array.from({ length: directions }, (_, i) => {
    const point = steps.map((step) => {
      const at = ((i + 0.5) * step) % 1;
      return normalQuantile(Math.min(1 - 1e-12, Math.max(1e-12, at)));
    });
    const length = Math.hypot(...point);
    return point.map((value) => value / (length === 0 ? 1 : length));
  });
}

function firstPrimes(count: number): readonly number[] {
  const primes: number[] = [];
  for (let next = 2; primes.length < count; next += 1)
    if (primes.every((prime) => next % prime !== 0)) primes.push(next);
  return primes;
}

/** A contrast of two groups with p values that hold for all contrasts at once. */
export interface MaxTContrast {
  readonly first: number;
  readonly second: number;
  readonly difference: number;
  readonly standardError: number;
  readonly t: number;
  readonly df: number;
  /** Against the largest of all. */
  readonly pSingleStep: number;
  /** Westfall and Young's (1993) step-down: against the largest of those that are no larger, made monotone. */
  readonly pStepDown: number;
}

/**
 * All pairs of groups, or each against the first, with one variance for all: differences second minus first, judged by the largest t of all,
 * and stepping down without logical constraints (as R's multcomp with "free").
 *
 * @param options contrasts: "all pairs" (default) or "baseline"; alternative: of every contrast, default two-sided.
 * @throws StatisticsRefusal when no group varies.
 * @example stepDownMaxT([[1, 2, 3], [2, 3, 5], [6, 7, 9]])[1]?.pStepDown
 */
export function stepDownMaxT(
  groups: Groups,
  options: { readonly contrasts?: "all pairs" | "baseline"; readonly alternative?: Alternative } = {},
): readonly MaxTContrast[] {
  const { contrasts = "all pairs", alternative = "two-sided" } = options;
  const { within, scale, total, k } = betweenAndWithin(groups);
  const df = total - k;
  if (df < 1) refuse("too-few", `${total} values in ${k} groups leave no degrees of freedom`);
  const variance = (scale * Math.sqrt(within / df)) ** 2;
  if (!(variance > 0)) refuse("no-variation", "no group varies; there is no error to judge differences by");
  const moments = groupMoments(groups);
  const pairs = moments.flatMap((_, first) =>
    contrasts === "baseline" && first > 0
      ? []
      : moments.slice(first + 1).map((_, i) => ({ first, second: first + 1 + i })),
  );
  const lengths = pairs.map(({ first, second }) => 1 / moments[first]!.n + 1 / moments[second]!.n);
  const covariance = (a: (typeof pairs)[number], b: (typeof pairs)[number]): number => {
    const weight = (pair: typeof a, group: number) =>
      Number(group === pair.second) - Number(group === pair.first);
    return moments.reduce((sum, { n }, group) => sum + (weight(a, group) * weight(b, group)) / n, 0);
  };
  const correlation = pairs.map((a, i) =>
    pairs.map((b, j) => (i === j ? 1 : covariance(a, b) / Math.sqrt(lengths[i]! * lengths[j]!))),
  );
  const found = pairs.map(({ first, second }, i) => {
    const difference = moments[second]!.offset - moments[first]!.offset;
    const standardError = Math.sqrt(variance * lengths[i]!);
    return { first, second, difference, standardError, t: difference / standardError, df };
  });
  const sizes = found.map(({ t }) =>
    alternative === "two-sided" ? Math.abs(t) : alternative === "less" ? -t : t,
  );
  const largest = maxT({ correlation, df, twoSided: alternative === "two-sided" });
  const order = Array.from(sizes.keys()).sort((i, j) => sizes[j]! - sizes[i]!);
  const steps = new Array<number>(sizes.length);
  let least = 0;
  for (const [place, i] of order.entries()) {
    least = Math.max(least, largest.upper(sizes[i]!, order.slice(place)));
    steps[i] = least;
  }
  return found.map((one, i) => ({ ...one, pSingleStep: largest.upper(sizes[i]!), pStepDown: steps[i]! }));
}
