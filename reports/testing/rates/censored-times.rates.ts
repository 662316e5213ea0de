// How often levels of censored times are wrongly said to differ, and how often the interval of their restricted means misses.

import type { Replicates } from "../../../lib/experiment/definition.ts";
import { isRefused } from "../../../lib/stats/refusal.ts";
import { measureOf } from "../../analysis/estimates/measures/measure-of.ts";
import { type LevelData, levelDesignOf } from "../../design/level-design.ts";
import { bareMetric } from "../bare-metric.ts";
import { numberMetric, syntheticTable } from "../synthetic-results.ts";
import { streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "Exponential times of which about 40% are censored, by a cap that all trials share or at a time of their own. The test is the log-rank test, under common random numbers a paired t test of what each trial adds to the restricted mean. A pair errs when p is below 0.05 although both levels are alike; an interval errs when it misses the true difference of restricted means.";

interface Case {
  readonly replicates: number;
  /** Cells of another factor, whose times are longer by their place. */
  readonly cells: number;
  readonly pairing: Replicates["pairing"];
  /** Mean time of level 0 and 1 in the first cell. */
  readonly means: readonly [number, number];
  /** What cuts a time: one cap, or exponential with this mean. */
  readonly cut: "cap" | "random";
}

/** Censors 40% of exponential times with mean 1. */
const cap = -Math.log(0.4);
const cutMean = 1.5;

function foundOf(of: Case, seed: number) {
  const random = streamOf(seed);
  const exponential = (mean: number) => -mean * Math.log1p(-random.uniform());
  const luck = Array.from({ length: of.replicates }, () => exponential(1));
  const cut = () => (of.cut === "cap" ? cap : exponential(cutMean));
  const table = syntheticTable({
    factors: { level: [0, 1], cell: Array.from({ length: of.cells }, (_, cell) => cell) },
    replicates: of.replicates,
    pairing: of.pairing,
    metrics: { time: numberMetric() },
    value: ({ condition, replicate }) => {
      const mean = of.means[condition.level === 1 ? 1 : 0] * (1 + 0.5 * Number(condition.cell));
      // Half of the luck is shared where replicates are.
      if (of.pairing === "common-random-numbers" && random.uniform() < 0.5) return mean * luck[replicate]!;
      return exponential(mean);
    },
    cap: cut,
  });
  const design = levelDesignOf(table, { metric: "time", factor: "level" });
  const horizon = design.levels[0]?.cells[0]?.cell.times?.horizon;
  if (horizon === undefined) return null;
  const [y, x] = design.levels as readonly [LevelData, LevelData];
  const { chosen } = measureOf({ ...bareMetric, censoring: { horizon, trials: 1 } }, design).difference({
    ...{ design, x, y, rule, seed: 1 },
    side: "two-sided",
    withAlternatives: false,
  });
  return isRefused(chosen) ? null : { chosen, horizon };
}

const rule = { tests: "estimation", confidence: 0.95, block: null, cluster: null } as const;

const falselyDiffers =
  (of: Case) =>
  (seed: number): boolean | null => {
    const found = foundOf(of, seed);
    return found === null ? null : found.chosen.test.p < 0.05;
  };

/** The restricted mean of an exponential time is mean (1 - exp(-horizon / mean)). */
const missesDifference =
  (of: Case) =>
  (seed: number): boolean | null => {
    const found = foundOf(of, seed);
    if (found === null) return null;
    const restricted = (mean: number): number => mean * -Math.expm1(-found.horizon / mean);
    const truth =
      Array.from({ length: of.cells }, (_, cell) => 1 + 0.5 * cell).reduce(
        (sum, longer) => sum + restricted(of.means[1] * longer) - restricted(of.means[0] * longer),
        0,
      ) / of.cells;
    const { low, high } = found.chosen.estimate;
    return low > truth || high < truth;
  };

const alike: Case = { replicates: 20, cells: 1, pairing: "independent", means: [1, 1], cut: "cap" };
const apart: Case = { ...alike, means: [1, 2] };
const crn = "common-random-numbers";

const rateOf = (name: string, limit: number, experiment: Rate["experiment"]): Rate => ({
  name,
  nominal: 5,
  limit,
  experiment,
});

export const rates: readonly Rate[] = [
  rateOf("p of alike times, one cap, n = 20", 6, falselyDiffers(alike)),
  rateOf("p of alike times, cut at random, n = 20", 6, falselyDiffers({ ...alike, cut: "random" })),
  rateOf(
    "p of alike times over 3 cells, one cap, n = 8",
    6,
    falselyDiffers({ ...alike, cells: 3, replicates: 8 }),
  ),
  rateOf("p of alike times in pairs, one cap, n = 20", 6, falselyDiffers({ ...alike, pairing: crn })),
  rateOf(
    "p of alike times in pairs, cut at random, n = 20",
    7,
    falselyDiffers({ ...alike, pairing: crn, cut: "random" }),
  ),
  rateOf("interval of times 1 and 2, one cap, n = 20", 6, missesDifference(apart)),
  rateOf(
    "interval of times 1 and 2 over 3 cells, one cap, n = 8",
    6,
    missesDifference({ ...apart, cells: 3, replicates: 8 }),
  ),
  rateOf(
    "interval of times 1 and 2, cut at random, n = 40",
    7,
    missesDifference({ ...apart, cut: "random", replicates: 40 }),
  ),
  rateOf(
    "interval of times 1 and 2 in pairs, one cap, n = 20",
    6,
    missesDifference({ ...apart, pairing: crn }),
  ),
];
