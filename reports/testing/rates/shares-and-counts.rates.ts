// How often levels of outcomes that are yes or no, and of counted events, are wrongly said to differ, and how often the intervals miss.

import type { Replicates } from "../../../lib/experiment/definition.ts";
import { isRefused } from "../../../lib/stats/refusal.ts";
import type { ResamplingRandom } from "../../../lib/stats/resampling/resampling-random.ts";
import type { MetricSummary } from "../../analysis/analysis.ts";
import { measureOf } from "../../analysis/estimates/measures/measure-of.ts";
import { type LevelData, type LevelDesign, levelDesignOf } from "../../design/level-design.ts";
import { bareMetric } from "../bare-metric.ts";
import { numberMetric, syntheticTable } from "../synthetic-results.ts";
import { negativeBinomial, poisson, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "Exact tests and score intervals of shares, and exact limits of rates of events. Discrete data keep most rates below their promise. A pair errs when p is below 0.05 although both levels are alike; an interval errs when it misses the true difference, or the true level.";

const share: MetricSummary = { ...bareMetric, kind: "boolean" };
const count: MetricSummary = { ...bareMetric, kind: "integer", count: { exposure: null } };
const rule = { tests: "estimation", confidence: 0.95, block: null, cluster: null } as const;

interface Case {
  readonly metric: MetricSummary;
  readonly replicates: number;
  /** Cells of another factor that each level is averaged over. */
  readonly cells: number;
  readonly pairing: Replicates["pairing"];
  /** One trial of level 0 or 1 in a cell; `luck` is uniform and shared by the trials of a replicate. */
  draw(
    of: { readonly level: 0 | 1; readonly cell: number; readonly luck: number },
    random: ResamplingRandom,
  ): number;
}

function designOf(of: Case, seed: number): LevelDesign {
  const random = streamOf(seed);
  const luck = Array.from({ length: of.replicates }, () => random.uniform());
  const table = syntheticTable({
    factors: { level: [0, 1], cell: Array.from({ length: of.cells }, (_, cell) => cell) },
    replicates: of.replicates,
    pairing: of.pairing,
    metrics: { m: numberMetric() },
    value: ({ condition, replicate }) =>
      of.draw(
        { level: condition.level === 1 ? 1 : 0, cell: Number(condition.cell), luck: luck[replicate]! },
        random,
      ),
  });
  return levelDesignOf(table, { metric: "m", factor: "level" });
}

function contrastOf(of: Case, seed: number) {
  const design = designOf(of, seed);
  const [y, x] = design.levels as readonly [LevelData, LevelData];
  const { chosen } = measureOf(of.metric, design).difference({
    ...{ design, x, y, rule, seed: 1 },
    side: "two-sided",
    withAlternatives: false,
  });
  return isRefused(chosen) ? null : chosen;
}

/** Whether p finds a difference where there is none. */
const falselyDiffers =
  (of: Case) =>
  (seed: number): boolean | null => {
    const found = contrastOf(of, seed);
    return found === null ? null : found.test.p < 0.05;
  };

const missesDifference =
  (of: Case, truth: number) =>
  (seed: number): boolean | null => {
    const found = contrastOf(of, seed);
    return found === null ? null : found.estimate.low > truth || found.estimate.high < truth;
  };

const missesLevel =
  (of: Case, truth: number) =>
  (seed: number): boolean | null => {
    const design = designOf(of, seed);
    const { interval } = measureOf(of.metric, design).levelEstimate(design.levels[0]!, { confidence: 0.95 });
    return interval === null ? null : interval.low > truth || interval.high < truth;
  };

const events = (replicates: number, shares: readonly [number, number], more: Partial<Case> = {}): Case => ({
  metric: share,
  replicates,
  cells: 1,
  pairing: "independent",
  draw: ({ level }, random) => Number(random.uniform() < shares[level]),
  ...more,
});

/** Half of the trials follow the luck of their replicate, so that levels are alike in most pairs. */
const coupled =
  (shares: readonly [number, number]): Case["draw"] =>
  ({ level, luck }, random) =>
    Number((random.uniform() < 0.5 ? luck : random.uniform()) < shares[level]);

const counts = (
  replicates: number,
  means: readonly [number, number],
  theta: number,
  more: Partial<Case> = {},
): Case => ({
  metric: count,
  replicates,
  cells: 1,
  pairing: "independent",
  draw: ({ level }, random) =>
    (Number.isFinite(theta) ? negativeBinomial(means[level], theta) : poisson(means[level])).draw(random),
  ...more,
});

/** Poisson counts whose mean depends on the luck of the replicate, in both levels alike. */
const lucky =
  (means: readonly [number, number]): Case["draw"] =>
  ({ level, luck }, random) =>
    poisson(-means[level] * Math.log1p(-luck)).draw(random);

const crn = "common-random-numbers";
const rateOf = (name: string, limit: number | null, experiment: Rate["experiment"]): Rate => ({
  name,
  nominal: 5,
  limit,
  experiment,
});

const sharePairs: readonly (readonly [number, number])[] = [
  [0.02, 50],
  [0.02, 20],
  [0.1, 20],
  [0.5, 10],
  [0.5, 5],
];
const shareDifferences: readonly (readonly [number, number, number])[] = [
  [0.02, 0.1, 50],
  [0.02, 0.5, 50],
  [0.98, 0.9, 30],
  [0.001, 0.05, 50],
];
const shareLevels: readonly (readonly [number, number, number | null])[] = [
  [0.02, 50, null],
  [0.5, 10, null],
  [0.9, 10, null],
  [0.95, 20, null],
];

export const rates: readonly Rate[] = [
  ...sharePairs.map(([p, n]) =>
    rateOf(`p of shares ${p} and ${p}, n = ${n}`, 5, falselyDiffers(events(n, [p, p]))),
  ),
  rateOf(
    "p of shares 0.02 and 0.02 over 4 cells, n = 20",
    5,
    falselyDiffers(events(20, [0.02, 0.02], { cells: 4 })),
  ),
  rateOf(
    "p of shares 0.5 and 0.5 over 4 cells, n = 5",
    6,
    falselyDiffers(events(5, [0.5, 0.5], { cells: 4 })),
  ),
  rateOf(
    "p of shares 0.3 and 0.3 in coupled pairs, n = 20",
    5.5,
    falselyDiffers(events(20, [0.3, 0.3], { pairing: crn, draw: coupled([0.3, 0.3]) })),
  ),
  rateOf(
    "p of shares 0.3 and 0.3 in coupled pairs over 3 cells, n = 8",
    6,
    falselyDiffers(events(8, [0.3, 0.3], { pairing: crn, cells: 3, draw: coupled([0.3, 0.3]) })),
  ),
  ...shareDifferences.map(([p, q, n]) =>
    rateOf(`interval of shares ${p} and ${q}, n = ${n}`, 6, missesDifference(events(n, [p, q]), q - p)),
  ),
  rateOf(
    "interval of shares 0.02 and 0.07 over 4 cells, n = 20",
    6,
    missesDifference(events(20, [0.02, 0.07], { cells: 4 }), 0.05),
  ),
  rateOf(
    "interval of shares 0.3 and 0.6 in coupled pairs, n = 20",
    6,
    missesDifference(events(20, [0.3, 0.6], { pairing: crn, draw: coupled([0.3, 0.6]) }), 0.3),
  ),
  rateOf(
    "interval of shares 0.3 and 0.6 in coupled pairs over 3 cells, n = 8",
    6,
    missesDifference(events(8, [0.3, 0.6], { pairing: crn, cells: 3, draw: coupled([0.3, 0.6]) }), 0.3),
  ),
  ...shareLevels.map(([p, n, limit]) =>
    rateOf(`Wilson interval of a share of ${p}, n = ${n}`, limit, missesLevel(events(n, [p, p]), p)),
  ),
  rateOf(
    "interval of a share of 0.1 over 4 cells, n = 10",
    6,
    missesLevel(events(10, [0.1, 0.1], { cells: 4 }), 0.1),
  ),
  rateOf(
    "interval of a share of 0.3 over 3 dependent cells, n = 10",
    7,
    missesLevel(events(10, [0.3, 0.3], { pairing: crn, cells: 3, draw: coupled([0.3, 0.3]) }), 0.3),
  ),
  ...([Number.POSITIVE_INFINITY, 1] as const).flatMap((theta) => {
    const named = Number.isFinite(theta) ? `negative binomial counts (theta ${theta})` : "Poisson counts";
    return [
      rateOf(`p of ${named} with mean 2, n = 10`, 6.5, falselyDiffers(counts(10, [2, 2], theta))),
      rateOf(`p of ${named} with mean 0.2, n = 20`, 6, falselyDiffers(counts(20, [0.2, 0.2], theta))),
      rateOf(
        `interval of ${named} with means 5 and 2, n = 10`,
        7,
        missesDifference(counts(10, [2, 5], theta), 3),
      ),
      rateOf(
        `interval of ${named} with mean 2, n = 10, level`,
        7.5,
        missesLevel(counts(10, [2, 2], theta), 2),
      ),
      rateOf(
        `interval of ${named} with means 3 and 1 over 3 cells, n = 5`,
        7,
        missesDifference(counts(5, [1, 3], theta, { cells: 3 }), 2),
      ),
    ];
  }),
  rateOf(
    "p of coupled counts with mean 3, n = 8 pairs",
    6,
    falselyDiffers(counts(8, [3, 3], 1, { pairing: crn, draw: lucky([3, 3]) })),
  ),
  rateOf(
    "interval of coupled counts with means 6 and 3, n = 12 pairs",
    8,
    missesDifference(counts(12, [3, 6], 1, { pairing: crn, draw: lucky([3, 6]) }), 3),
  ),
];
