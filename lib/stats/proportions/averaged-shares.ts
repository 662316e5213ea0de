// Shares averaged over cells or over units, and their differences: limits stay in range and exist where every trial ends alike. With one
// cell they are Wilson's and Newcombe's.
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import type { Estimate } from "../estimate.ts";
import { weightedMean } from "../moments.ts";
import { proportionInterval, wilsonLimits } from "../proportion-interval.ts";
import { assertCount, assertOpenUnit, assertSample } from "../refusal.ts";
import type { SuccessCount } from "./two-by-two.ts";

/** Trials of one cell; the weights of a level's cells add up to 1. */
export interface ShareCell extends SuccessCount {
  readonly weight: number;
}

/**
 * The weighted mean of the cells' shares with Wilson's interval at the effective number of trials: share (1 - share) over the variance of the
 * mean, that of each cell at its share drawn towards the mean as by four trials, so that a cell whose trials end alike keeps some. One cell
 * has Wilson's interval itself. Source: Korn and Graubard, Survey Methodology 24 (1998) 193-201; Yan and Su, Statistics in Biopharmaceutical
 * Research 2 (2010) 329-335 stratify Wilson's interval to the same end.
 *
 * @throws StatisticsRefusal without cells, and for a cell without trials.
 * @example averagedShare({ cells: [{ successes: 4, n: 20, weight: 0.5 }, { successes: 0, n: 20, weight: 0.5 }] }).value // 0.1
 */
export function averagedShare(options: {
  readonly cells: readonly ShareCell[];
  readonly level?: number;
}): Estimate {
  const { cells, level = 0.95 } = options;
  assertCount(cells.length, { name: "the number of cells", least: 1 });
  const parts = cells.map(({ weight, successes, n }) => ({
    ...proportionInterval({ successes, n, level }),
    weight,
    successes,
  }));
  const [only] = parts;
  const n = cells.reduce((sum, cell) => sum + cell.n, 0);
  if (parts.length === 1 && only !== undefined) {
    const { value, low, high, method } = only;
    return { value, low, high, level, method, n };
  }
  const total = weightedMean(parts);
  // Weights such as 1/3 leave a rounding error where all trials end alike.
  const isAlike = parts.every(({ value }) => value === parts[0]!.value);
  const share = isAlike ? parts[0]!.value : Math.min(1, Math.max(0, total));
  const variance = parts.reduce((sum, part) => {
    const drawn = (part.successes + borrowed * share) / (part.n + borrowed);
    return sum + (part.weight ** 2 * drawn * (1 - drawn)) / part.n;
  }, 0);
  const effective =
    variance === 0
      ? 1 / parts.reduce((sum, part) => sum + part.weight ** 2 / part.n, 0)
      : (share * (1 - share)) / variance;
  return {
    value: share,
    ...wilsonLimits({ share, n: effective, level }),
    level,
    method: "Wilson score interval at the effective number of trials",
    n,
  };
}

/** Trials by which a cell's share is drawn towards the mean of all. */
const borrowed = 4;

/**
 * The share of units that each hold several trials (replicates over conditions, clusters): the mean of the units' shares with Wilson's
 * interval at the effective number of trials, share (1 - share) / variance of the mean, reduced by (z/t)^2 for the estimated variance. It is
 * at least the number of units, which holds whatever the dependence within them, and at most that of trials. Source: Korn and Graubard,
 * Survey Methodology 24 (1998) 193-201.
 *
 * @param options values: one a unit, in [0, 1] but for units that lack trials, which may lie outside; trials: in all.
 * @example shareOfUnits({ values: [0.5, 1, 0.75], trials: 12 }).value // 0.75
 */
export function shareOfUnits(options: {
  readonly values: readonly number[];
  readonly trials: number;
  readonly level?: number;
}): Estimate {
  const { values, trials, level = 0.95 } = options;
  assertSample(values, { name: "the units", least: 1 });
  assertOpenUnit(level, "level");
  const units = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / units;
  const share = Math.min(1, Math.max(0, mean));
  const squares = values.reduce((sum, value) => sum + (value - share) ** 2, 0);
  // The same reduction at every level, so that wider levels give wider intervals.
  const wider = units < 2 ? 1 : (1.959963984540054 / studentTUpperQuantile(0.025, units - 1)) ** 2;
  const free = share * (1 - share);
  const effective =
    units < 2 || free === 0 ? units : squares === 0 ? trials : (wider * free * units * (units - 1)) / squares;
  const n = Math.min(Math.max(effective, units), Math.max(units, trials));
  return {
    value: share,
    ...wilsonLimits({ share, n, level }),
    level,
    method:
      trials > units ? "Wilson score interval at the effective number of trials" : "Wilson score interval",
    n: units,
  };
}

/**
 * First share minus second by the limits of each: Newcombe's (1998) hybrid score interval, method 10, for shares of one cell, and the
 * same combination for averaged ones. With a correlation of paired units it is his method for pairs.
 *
 * @example shareDifference(averagedShare({ cells: [{ successes: 56, n: 70, weight: 1 }] }), averagedShare({ cells: [{ successes: 48, n: 80, weight: 1 }] })) // 0.2 [0.0524, 0.3339]
 */
export function shareDifference(first: Estimate, second: Estimate, { correlation = 0 } = {}): Estimate {
  const gap = first.value - second.value;
  // Shares averaged over cells carry a rounding error of their own: what it alone leaves is no difference.
  const value = Math.abs(gap) <= 8 * Number.EPSILON ? 0 : gap;
  const width = (one: number, other: number): number =>
    Math.sqrt(Math.max(0, one ** 2 - 2 * correlation * one * other + other ** 2));
  const isPaired = correlation !== 0;
  const plain = first.method === "Wilson score interval" && second.method === first.method;
  return {
    value,
    low: Math.max(-1, value - width(first.value - first.low, second.high - second.value)),
    high: Math.min(1, value + width(first.high - first.value, second.value - second.low)),
    level: first.level,
    method: `Newcombe's hybrid score interval${plain ? "" : " of averaged shares"}${isPaired ? ", paired" : ""}`,
    n: first.n + second.n,
  };
}

/** Pearson's correlation of paired shares; 0 where one side does not vary. */
export function shareCorrelation(x: readonly number[], y: readonly number[]): number {
  const n = x.length;
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value / n, 0);
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < n; i += 1) {
    const [dx, dy] = [x[i]! - mx, y[i]! - my];
    xy += dx * dy;
    xx += dx ** 2;
    yy += dy ** 2;
  }
  return xx <= 1e-12 || yy <= 1e-12 ? 0 : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}
