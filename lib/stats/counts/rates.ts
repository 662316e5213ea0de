// Rates of events whose counts may vary more than a Poisson variable's: exact negative binomial limits at the estimated dispersion (Garwood's
// Poisson limits where there is none), ratios of rates with limits recovered from them, and the exact test of equal rates given all events.
import { betaQuantile } from "../distribution/beta.ts";
import { chiSquaredQuantile, chiSquaredUpper } from "../distribution/chi-squared.ts";
import { fUpper } from "../distribution/f.ts";
import { findRoot } from "../distribution/find-root.ts";
import { normalLower, normalUpper } from "../distribution/normal.ts";
import { logGamma } from "../distribution/saddle-point.ts";
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import type { Alternative, Estimate, TestResult } from "../estimate.ts";
import { weightedMean } from "../moments.ts";
import { type SharedExcess, sharedQuadratic } from "../proportions/shared-quadratic.ts";
import { summedTails } from "../proportions/summed-tails.ts";
import { assertCount, assertOpenUnit, refuse } from "../refusal.ts";

/** Counts of the trials of one cell with their exposures (1 each where trials are the exposure), and the cell's weight in the rate. */
export interface RateCell {
  /** At least 0; whole numbers but for averaged ones. */
  readonly events: readonly number[];
  /** Above 0, one for each trial. */
  readonly exposure: readonly number[];
  readonly weight: number;
}

/** How much more than a Poisson variable counts vary: variance = mean + mean^2 / theta; Infinity for no more. */
export interface Dispersion {
  readonly theta: number;
  /** What the limits are computed with: theta reduced by (z/t)^2, since it was estimated from so many degrees of freedom. */
  readonly cautious: number;
  readonly df: number;
}

/**
 * The dispersion that all cells share, by moments: Pearson's chi-squared of the counts about their cells' rates equals its degrees of
 * freedom. Source: Breslow, Applied Statistics 33 (1984) 38-44. Infinite where the counts vary no more than Poisson variables.
 *
 * @example dispersionOf([{ events: [0, 9, 1, 14, 2], exposure: [1, 1, 1, 1, 1], weight: 1 }]).theta // 0.858
 */
export function dispersionOf(cells: readonly RateCell[]): Dispersion {
  const points = cells.flatMap((cell) => {
    assertCell(cell);
    const rate = rateOf(cell);
    return rate === 0 ? [] : cell.events.map((y, i) => ({ y, mean: rate * cell.exposure[i]! }));
  });
  const df = points.length - cells.filter((cell) => rateOf(cell) > 0).length;
  const none: Dispersion = { theta: Number.POSITIVE_INFINITY, cautious: Number.POSITIVE_INFINITY, df };
  if (df < 1) return none;
  const excess = (inverse: number): number =>
    points.reduce((sum, { y, mean }) => sum + (y - mean) ** 2 / (mean + inverse * mean ** 2), 0) - df;
  if (excess(0) <= 0) return none;
  let high = 1;
  while (excess(high) > 0 && high < 1e12) high *= 4;
  const inverse = excess(high) > 0 ? high : findRoot(excess, { low: 0, high });
  const theta = 1 / inverse;
  return { theta, cautious: theta * (1.959963984540054 / studentTUpperQuantile(0.025, df)) ** 2, df };
}

/**
 * Events per unit of exposure: the weighted mean of the cells' rates. One cell has the exact limits of its total, a negative binomial
 * variable (Garwood's 1936 where the dispersion is infinite); those of several are combined (Zou and Donner 2008). No event gives [0, high].
 *
 * @throws StatisticsRefusal for negative counts, exposures that are not above 0, and counts so few and so dispersed that they have no bound.
 * @example averagedRate({ cells: [{ events: [3, 0, 2], exposure: [1, 1, 1], weight: 1 }], theta: Infinity }).value // 1.667
 */
export function averagedRate(options: {
  readonly cells: readonly RateCell[];
  readonly theta: number;
  readonly level?: number;
}): Estimate {
  const { cells, theta, level = 0.95 } = options;
  assertCount(cells.length, { name: "the number of cells", least: 1 });
  assertOpenUnit(level, "level");
  const parts = cells.map((cell) => {
    assertCell(cell);
    return { weight: cell.weight, value: rateOf(cell), ...limitsOf(cell, theta, level) };
  });
  const value = weightedMean(parts);
  const model = Number.isFinite(theta) ? "exact negative binomial" : "exact Poisson";
  return {
    value,
    low: Math.max(0, value - Math.hypot(...parts.map((part) => part.weight * (part.value - part.low)))),
    high: value + Math.hypot(...parts.map((part) => part.weight * (part.high - part.value))),
    level,
    method: parts.length === 1 ? `${model} interval` : `${model} intervals of the cells, combined`,
    n: cells.reduce((sum, { events }) => sum + events.length, 0),
  };
}

/** An upper limit so many times the events seen says nothing. */
const boundless = 1e6;

function limitsOf(cell: RateCell, theta: number, level: number) {
  const events = sumOf(cell.events);
  const exposure = sumOf(cell.exposure);
  const outside = (1 - level) / 2;
  if (!Number.isFinite(theta))
    return {
      low: events === 0 ? 0 : chiSquaredQuantile(outside, 2 * events) / 2 / exposure,
      high: chiSquaredQuantile(outside, 2 * events + 2, "upper") / 2 / exposure,
    };
  // The total of negative binomial counts is one whose size is summed; the share of successes p gives its mean size (1 - p) / p.
  const size = sizeOf(cell, theta);
  const meanOf = (p: number): number => (size * (1 - p)) / p;
  const high = meanOf(betaQuantile(outside, { a: size, b: events + 1 }));
  if (!(high < boundless * (events + 1)))
    refuse("not-estimable", "the counts are too few and too unlike to bound their rate");
  const low = events === 0 ? 0 : meanOf(betaQuantile(1 - outside, { a: size, b: events }));
  return { low: low / exposure, high: high / exposure };
}

/** With unlike exposures the variance of the total is that of a negative binomial variable of this size. */
function sizeOf({ exposure }: RateCell, theta: number): number {
  return (theta * sumOf(exposure) ** 2) / exposure.reduce((sum, value) => sum + value ** 2, 0);
}

/**
 * First rate minus second, with limits recovered from those of the two rates (Zou and Donner, Statistics in Medicine 27 (2008) 1693-1702),
 * correlated where the rates are of the same units.
 */
export function rateDifference(first: Estimate, second: Estimate, { correlation = 0 } = {}): Estimate {
  const value = first.value - second.value;
  const width = (one: number, other: number): number =>
    Math.sqrt(Math.max(0, one ** 2 - 2 * correlation * one * other + other ** 2));
  return {
    value,
    low: value - width(first.value - first.low, second.high - second.value),
    high: value + width(first.high - first.value, second.value - second.low),
    level: first.level,
    method: `difference of rates, ${first.method.replace(/s? of the cells, combined$|$/, "s")} combined${correlation === 0 ? "" : ", paired"}`,
    n: first.n + second.n,
  };
}

/**
 * First rate over second, with limits recovered from those of the two rates (Donner and Zou, Statistical Methods in Medical Research 21
 * (2012) 347-359), correlated where the rates are of the same units. Without events in the second the ratio and its upper limit are infinite.
 *
 * @throws StatisticsRefusal where neither has an event.
 */
export function rateRatioOf(first: Estimate, second: Estimate, { correlation = 0 } = {}): Estimate {
  if (first.value === 0 && second.value === 0)
    refuse("not-estimable", "neither level has an event, so the ratio of their rates is undefined");
  const product = first.value * second.value;
  const end = (one: number, other: number, sign: 1 | -1): number => {
    const crossed = correlation * Math.abs(first.value - one) * Math.abs(second.value - other);
    const middle = product - crossed;
    const scale = other * (2 * second.value - other);
    const root = Math.sqrt(Math.max(0, middle ** 2 - one * (2 * first.value - one) * scale));
    return (middle + sign * root) / scale;
  };
  const hasLimit = second.value > 0 && second.low > 0;
  return {
    value: second.value === 0 ? Number.POSITIVE_INFINITY : first.value / second.value,
    low: first.value === 0 ? 0 : Math.max(0, end(first.low, second.high, -1)),
    high: hasLimit ? end(first.high, second.low, 1) : Number.POSITIVE_INFINITY,
    level: first.level,
    method: `ratio of rates, from their ${first.method.replace(/s? of the cells, combined$|$/, "s")}${correlation === 0 ? "" : ", paired"}`,
    n: first.n + second.n,
  };
}

/** Both levels in one cell of the other factors. */
export interface RateStratum {
  readonly first: RateCell;
  readonly second: RateCell;
}

/** Sums that the exact test follows at most, and events: beyond, the normal distribution is as good. */
const supportMax = 20_000;
const eventsMax = 3000;

/**
 * The test of equal rates given the events of each cell: the first level's share of them is binomial for Poisson counts (Przyborowski and
 * Wilenski 1940) and beta-binomial for negative binomial ones; p is twice the smaller tail, summed over cells. Without an event p is 1.
 *
 * @example ratesTest({ strata: [{ first: { events: [11], exposure: [800], weight: 1 }, second: { events: [20], exposure: [1000], weight: 1 } }], theta: Infinity }).p // 0.412
 */
export function ratesTest(options: {
  readonly strata: readonly RateStratum[];
  readonly theta: number;
  readonly alternative?: Alternative;
}): TestResult {
  const { strata, theta, alternative = "two-sided" } = options;
  assertCount(strata.length, { name: "the number of cells", least: 1 });
  const parts = strata.map((stratum) => conditionalOf(stratum, theta));
  const events = parts.reduce((sum, part) => sum + part.total, 0);
  const gap = parts.reduce((sum, part) => sum + part.step * (part.seen - part.mean), 0);
  const spread = Math.sqrt(parts.reduce((sum, part) => sum + part.step ** 2 * part.variance, 0));
  const z = spread === 0 ? 0 : gap / spread;
  const tails =
    events > eventsMax
      ? null
      : summedTails(
          parts.map((part) => ({ ...part, low: 0, chances: part.chances() })),
          supportMax,
        );
  const { lower, upper } = tails ?? { lower: normalLower(z), upper: normalUpper(z) };
  const model = Number.isFinite(theta) ? "negative binomial" : "Poisson";
  return {
    method: `${tails === null ? "conditional" : "exact conditional"} test of two ${model} rates`,
    symbol: "z",
    statistic: z,
    df: [],
    p:
      alternative === "less"
        ? lower
        : alternative === "greater"
          ? upper
          : Math.min(1, 2 * Math.min(lower, upper)),
    alternative,
    n: [
      strata.reduce((sum, { first }) => sum + first.events.length, 0),
      strata.reduce((sum, { second }) => sum + second.events.length, 0),
    ],
  };
}

/** The first level's events given those of both. */
function conditionalOf({ first, second }: RateStratum, theta: number) {
  assertCell(first);
  assertCell(second);
  const seen = Math.round(sumOf(first.events));
  const total = seen + Math.round(sumOf(second.events));
  const [one, other] = [sumOf(first.exposure), sumOf(second.exposure)];
  const share = one / (one + other);
  const size = Number.isFinite(theta)
    ? sizeOf(first, theta) + sizeOf(second, theta)
    : Number.POSITIVE_INFINITY;
  const wider = Number.isFinite(size) ? (size + total) / (size + 1) : 1;
  const [a, b] = [size * share, size * (1 - share)];
  return {
    seen,
    total,
    step: first.weight / one + second.weight / other,
    mean: total * share,
    variance: total * share * (1 - share) * wider,
    chances: (): readonly number[] => {
      const logs: number[] = [];
      for (let x = 0; x <= total; x += 1) {
        const ways = -Math.log(total + 1) - logBeta(x + 1, total - x + 1);
        logs.push(
          ways +
            (Number.isFinite(size)
              ? logBeta(a + x, b + total - x) - logBeta(a, b)
              : x * Math.log(share) + (total - x) * Math.log1p(-share)),
        );
      }
      return logs.map(Math.exp);
    },
  };
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/**
 * Whether k levels have one rate in every cell: the levels' averaged excess over what their exposures expect of each cell's events, against its
 * covariance given those events; chi-squared with k - 1 degrees of freedom, or F where the dispersion was estimated. Without an event p is 1.
 *
 * @param strata the levels' counts in each cell, in one order.
 */
export function severalRates(options: {
  readonly strata: readonly (readonly RateCell[])[];
  readonly dispersion: Dispersion;
}): TestResult {
  const { strata, dispersion } = options;
  const { cautious: theta, df: residual } = dispersion;
  const k = strata[0]?.length ?? 0;
  if (k < 2 || strata.some((cells) => cells.length !== k))
    refuse("empty-cell", "a test over levels needs all of them in every cell, and at least two");
  const { statistic } = sharedQuadratic(strata.map((cells) => excessOf(cells, theta)));
  const shared = {
    alternative: "two-sided" as const,
    n: strata[0]!.map((_, j) => strata.reduce((sum, cells) => sum + cells[j]!.events.length, 0)),
  };
  if (!Number.isFinite(theta))
    return {
      ...shared,
      method: `chi-squared test of ${k} Poisson rates`,
      symbol: "chi2",
      statistic,
      df: [k - 1],
      p: chiSquaredUpper(statistic, k - 1),
    };
  const df = { df1: k - 1, df2: residual };
  return {
    ...shared,
    method: `F test of ${k} negative binomial rates`,
    symbol: "F",
    statistic: statistic / df.df1,
    df: [df.df1, df.df2],
    p: fUpper(statistic / df.df1, df),
  };
}

function excessOf(cells: readonly RateCell[], theta: number): SharedExcess {
  for (const cell of cells) assertCell(cell);
  const total = cells.reduce((sum, { events }) => sum + sumOf(events), 0);
  const exposure = cells.reduce((sum, cell) => sum + sumOf(cell.exposure), 0);
  const size = cells.reduce((sum, cell) => sum + (Number.isFinite(theta) ? sizeOf(cell, theta) : 0), 0);
  const wider = size === 0 ? 1 : (size + total) / (size + 1);
  return {
    weight: cells[0]!.weight,
    spread: (wider * total) / exposure ** 2,
    shares: cells.map((cell) => sumOf(cell.exposure) / exposure),
    excess: cells.map((cell) => rateOf(cell) - total / exposure),
  };
}

function rateOf({ events, exposure }: RateCell): number {
  return sumOf(events) / sumOf(exposure);
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function assertCell({ events, exposure }: RateCell): void {
  if (events.length === 0) refuse("too-few", "a cell has no count");
  if (events.length !== exposure.length)
    refuse("unequal-lengths", `${events.length} counts have ${exposure.length} exposures`);
  if (events.some((value) => !(value >= 0 && Number.isFinite(value))))
    refuse("bad-option", "a count is below 0");
  if (exposure.some((value) => !(value > 0 && Number.isFinite(value))))
    refuse("bad-option", "an exposure is not above 0");
}
