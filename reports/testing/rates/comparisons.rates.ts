// How often what a comparison says is wrong, or contradicts itself: families of comparisons under their corrections, simultaneous
// intervals, effect sizes beside p, and the intervals of explained variance. Each goes through the analysis of the reports, as an author's data do.
import type { Correction } from "../../../lib/experiment/analysis-spec.ts";
import { metricSummariesOf } from "../../analysis/estimates/metric-summary.ts";
import { correctedTests } from "../../analysis/families.ts";
import type { Comparison, ComparisonFinding } from "../../analysis/finding.ts";
import { comparisonOf } from "../../analysis/kinds/compare.ts";
import { attritionOf } from "../../design/attrition.ts";
import { compareSpec, effectSpec, equivalentSpec } from "../specs.ts";
import { numberMetric, type SyntheticOptions, syntheticTable } from "../synthetic-results.ts";
import { drawMany, normal, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about = `Comparisons as a report makes them, at 95%. Families: some true null hypothesis is rejected. Simultaneous intervals: some one misses its
difference. Effect sizes: the interval of Hedges g_av, whose test is Welch's, excludes 0 where p does not fall below 0.05, or the other way round.`;

interface Simulated extends Pick<SyntheticOptions, "pairing" | "replicates"> {
  /** True mean and standard deviation of each level, and how many of its replicates have a value. */
  readonly levels: readonly { readonly mean: number; readonly sd: number; readonly n?: number }[];
  readonly spec: "all pairs" | "baseline" | "effect" | { readonly margin: number };
  readonly correction?: Correction;
}

function findingOf(of: Simulated, seed: number): ComparisonFinding {
  const random = streamOf(seed);
  const isCommon = of.pairing === "common-random-numbers";
  const luck = drawMany(normal, of.replicates, random).map((value) => (isCommon ? value : 0));
  const family = { name: "f", correction: of.correction ?? "simultaneous" };
  const table = syntheticTable({
    factors: { a: of.levels.map((_, i) => i) },
    replicates: of.replicates,
    pairing: of.pairing ?? "independent",
    seed,
    metrics: { y: numberMetric({ optional: true }) },
    value: ({ condition, replicate }) => {
      const { mean, sd, n = of.replicates } = of.levels[Number(condition.a)]!;
      return replicate >= n ? Number.NaN : mean + sd * normal.draw(random) + luck[replicate]!;
    },
  });
  const spec =
    of.spec === "effect"
      ? effectSpec("y", "a", { family })
      : typeof of.spec === "object"
        ? equivalentSpec("y", "a", of.spec.margin, { family })
        : compareSpec("y", "a", { family, baseline: of.spec === "baseline" ? { level: 0 } : null });
  const arms = attritionOf(table);
  const answer = comparisonOf({
    ...{ spec, table, arms, metric: metricSummariesOf(table, arms)[0]!, id: "", title: "" },
    ...{ fixed: {}, within: null, withAlternatives: false },
  });
  const [corrected] = correctedTests([{ spec, tests: answer.tests, joint: answer.joint ?? null }]);
  return answer.conclude(corrected!);
}

function trueDifference({ levels }: Simulated, { level, baseline }: Comparison): number {
  return levels[Number(level)]!.mean - levels[Number(baseline)]!.mean;
}

/** Some comparison of levels that are alike is said to differ. */
function familyRate(name: string, of: Simulated, limit: number): Rate {
  return {
    name: `some false difference, ${name}`,
    nominal: 5,
    limit,
    testSeeds: 10,
    experiment(seed) {
      const { comparisons } = findingOf(of, seed);
      return comparisons.some((one) => one.verdict === "different" && trueDifference(of, one) === 0);
    },
  };
}

/** Some interval that is said to hold together with the others does not hold its difference. */
function intervalRate(name: string, of: Simulated, limit: number): Rate {
  return {
    name: `some simultaneous interval misses, ${name}`,
    nominal: 5,
    limit,
    testSeeds: 10,
    experiment(seed) {
      const { comparisons } = findingOf(of, seed);
      return comparisons.some((one) => {
        const { low, high, openEnd } = one.adjustedInterval!;
        const truth = trueDifference(of, one);
        return (openEnd !== "low" && truth < low) || (openEnd !== "high" && truth > high);
      });
    },
  };
}

const alike = (k: number, sd: (i: number) => number = () => 1) =>
  Array.from({ length: k }, (_, i) => ({ mean: 0, sd: sd(i) }));
const unequal = (i: number) => 1 + i / 2;
const mixed = [0, 0, 1, 3].map((mean, i) => ({ mean, sd: unequal(i) }));

const families: readonly Rate[] = [5, 10].flatMap((n) => [
  familyRate(
    `all pairs of 5 unequal levels, n = ${n}`,
    { levels: alike(5, unequal), replicates: n, spec: "all pairs" },
    7,
  ),
  familyRate(
    `4 unequal levels against a baseline, n = ${n}`,
    { levels: alike(5, unequal), replicates: n, spec: "baseline" },
    7,
  ),
  familyRate(
    `all pairs of 5 levels under common random numbers, n = ${n}`,
    { levels: alike(5), replicates: n, pairing: "common-random-numbers", spec: "all pairs" },
    6,
  ),
]);

const intervals: readonly Rate[] = (["simultaneous", "holm", "hochberg"] as const).map((correction) =>
  intervalRate(
    `${correction}, all pairs of 4 unequal levels, n = 10`,
    { levels: mixed, replicates: 10, spec: "all pairs", correction },
    6.5,
  ),
);

const scales: Simulated = {
  levels: [
    { mean: 0, sd: 1 },
    { mean: 1, sd: 3, n: 10 },
  ],
  replicates: 30,
  spec: "all pairs",
};

const effects: readonly Rate[] = [
  {
    name: "Hedges g_av contradicts p, n = 10 and 30, sd 3 and 1",
    nominal: 0,
    limit: 1,
    testSeeds: 30,
    experiment(seed) {
      const [one] = findingOf(scales, seed).comparisons;
      const { low, high } = one!.effect!.interval!;
      return low > 0 || high < 0 ? one!.test!.p >= 0.05 : one!.test!.p < 0.05;
    },
  },
  {
    name: "interval of Hedges g_av misses, n = 10 and 30, sd 3 and 1",
    nominal: 5,
    limit: 7,
    testSeeds: 30,
    experiment(seed) {
      const [one] = findingOf(scales, seed).comparisons;
      const { low, high } = one!.effect!.interval!;
      const truth = 1 / Math.sqrt((1 + 9) / 2);
      return truth < low || truth > high;
    },
  },
  {
    name: "equivalent at the margin, sd 1 and 2, n = 10",
    nominal: 5,
    limit: 6.25,
    testSeeds: 30,
    experiment(seed) {
      const levels = [
        { mean: 0, sd: 1 },
        { mean: 2.5, sd: 2 },
      ];
      const [one] = findingOf({ levels, replicates: 10, spec: { margin: 2.5 } }, seed).comparisons;
      return one!.verdict === "equivalent";
    },
  },
  ...[3, 5].map((k): Rate => {
    // Means spread evenly with f = 0.25: sd of the means over the standard deviation within levels.
    const raw = Array.from({ length: k }, (_, i) => i - (k - 1) / 2);
    const spread = Math.sqrt(raw.reduce((sum, value) => sum + value ** 2, 0) / k);
    const levels = raw.map((value) => ({ mean: (0.25 * value) / spread, sd: 1 }));
    return {
      name: `interval of omega squared misses, ${k} levels, n = 10, f = 0.25`,
      nominal: 5,
      limit: 6,
      testSeeds: 30,
      experiment(seed) {
        const { overallEffect } = findingOf({ levels, replicates: 10, spec: "effect" }, seed);
        const interval = overallEffect?.interval ?? null;
        if (interval === null) return null;
        const truth = 0.25 ** 2 / (1 + 0.25 ** 2);
        return truth < interval.low || truth > interval.high;
      },
    };
  }),
];

export const rates: readonly Rate[] = [...families, ...intervals, ...effects];
