// Whether what `lab power` promises is kept: the declared analysis, made of data that are as the plan assumes, misses the planned difference
// as often as the plan says.
import type { MetricSpec, Replicates } from "../../../lib/experiment/definition.ts";
import { resamplingRandom } from "../../../lib/stats/resampling/resampling-random.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import type { MetricSummary } from "../../analysis/analysis.ts";
import { measureOf } from "../../analysis/estimates/measures/measure-of.ts";
import { correctedTests } from "../../analysis/families.ts";
import type { Comparison } from "../../analysis/finding.ts";
import { type ComparisonSpec, comparedPairOf, sideOf } from "../../analysis/kinds/compare-pair.ts";
import { concludedPair } from "../../analysis/kinds/compare-verdict.ts";
import { type Assumption, powerOf } from "../../analysis/planning/assumption.ts";
import { plannedTestOf } from "../../analysis/planning/planned-test.ts";
import { replicatesFor } from "../../analysis/planning/sample-plan.ts";
import { type LevelData, levelDesignOf } from "../../design/level-design.ts";
import { bareMetric } from "../bare-metric.ts";
import { compareSpec, equivalentSpec } from "../specs.ts";
import { numberMetric, syntheticTable } from "../synthetic-results.ts";
import { negativeBinomial, poisson } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "Replicates as `lab power` plans them for 80% power, and how often the analysis then misses the difference (or does not show the equivalence). Promised is what the plan says of that whole number of replicates, to within two points.";

interface Case {
  readonly name: string;
  readonly assumption: Assumption;
  readonly difference: number;
  readonly levels: number;
  readonly cells: number;
  readonly pairing: Replicates["pairing"];
  readonly metric: Partial<MetricSpec>;
  readonly spec: ComparisonSpec;
  /** One trial; `isOther` for the level that is planned to differ. */
  draw(isOther: boolean, random: ReturnType<typeof resamplingRandom>): number;
}

const baseline = { level: 0 } as const;
const independent = "independent";
const common = "common-random-numbers";

const mean = (strata: number): Assumption => ({
  measure: "mean",
  design: "independent",
  sds: [1, 1],
  strata,
});
const share = (design: "paired" | "independent", strata = 1, correlation = 0): Assumption => ({
  ...{ measure: "share", design, from: 0.2 },
  correlation,
  strata,
});
const rate = (theta: number | null): Assumption => ({
  ...{ measure: "rate", design: "independent", from: 2, theta, exposure: 1 },
  correlation: 0,
  strata: 1,
});
const plain = {
  levels: 2,
  cells: 1,
  pairing: independent,
  metric: {},
  spec: compareSpec("m", "a", { baseline }),
} as const;
const yesNo = { ...plain, metric: { type: "boolean" } } as const;
const counted = {
  ...plain,
  metric: { type: "integer", range: [0, null], count: { exposure: null } },
} as const;

const cases: readonly Case[] = [
  {
    ...plain,
    name: "one real difference of 0.8 sd among three, corrected together",
    levels: 4,
    spec: compareSpec("m", "a", { baseline, family: { name: "f", correction: "simultaneous" } }),
    assumption: mean(1),
    difference: 0.8,
    draw: (isOther, random) => random.normal() + (isOther ? 0.8 : 0),
  },
  {
    ...plain,
    name: "a difference of 0.5 sd averaged over 6 conditions, one-sided",
    cells: 6,
    spec: compareSpec("m", "a", { baseline, alternative: "greater" }),
    assumption: mean(6),
    difference: 0.5,
    draw: (isOther, random) => random.normal() + (isOther ? 0.5 : 0),
  },
  {
    ...plain,
    name: "equivalence within 0.5 sd of alike levels",
    spec: equivalentSpec("m", "a", 0.5, { baseline }),
    assumption: mean(1),
    difference: 0,
    draw: (_isOther, random) => random.normal(),
  },
  {
    ...yesNo,
    name: "a share of 0.5 against 0.2",
    assumption: share("independent"),
    difference: 0.3,
    draw: (isOther, random) => Number(random.uniform() < (isOther ? 0.5 : 0.2)),
  },
  {
    ...yesNo,
    name: "a share of 0.4 against 0.2 over 4 conditions",
    cells: 4,
    assumption: share("independent", 4),
    difference: 0.2,
    draw: (isOther, random) => Number(random.uniform() < (isOther ? 0.4 : 0.2)),
  },
  {
    ...yesNo,
    name: "a share of 0.4 against 0.2 in free pairs",
    pairing: common,
    assumption: share("paired"),
    difference: 0.2,
    draw: (isOther, random) => Number(random.uniform() < (isOther ? 0.4 : 0.2)),
  },
  {
    ...yesNo,
    name: "equivalence within 0.2 of shares of 0.2",
    spec: equivalentSpec("m", "a", 0.2, { baseline }),
    assumption: share("independent"),
    difference: 0,
    draw: (_isOther, random) => Number(random.uniform() < 0.2),
  },
  {
    ...counted,
    name: "a Poisson rate of 3 against 2",
    assumption: rate(null),
    difference: 1,
    draw: (isOther, random) => poisson(isOther ? 3 : 2).draw(random),
  },
  {
    ...counted,
    name: "a negative binomial rate of 4 against 2, theta 2",
    assumption: rate(2),
    difference: 2,
    draw: (isOther, random) => negativeBinomial(isOther ? 4 : 2, 2).draw(random),
  },
];

export const rates: readonly Rate[] = cases.map((each): Rate => {
  const factors = {
    a: Array.from({ length: each.levels }, (_, i) => i),
    cell: Array.from({ length: each.cells }, (_, i) => i),
  };
  const test = plannedTestOf(
    {
      analyses: [each.spec],
      metrics: { m: numberMetric(each.metric) },
      factors: Object.entries(factors).map(([name, levels]) => ({
        ...{ name, levels, branch: null, zippedWith: [], sampled: null },
      })),
    },
    { metric: "m", factor: "a" },
  );
  const n = replicatesFor(each.assumption, test, each.difference, 0.8);
  const missed = 100 * (1 - powerOf(each.assumption, test, each.difference, n));
  return {
    name: `${each.name}: ${n} replicates`,
    nominal: Number(missed.toFixed(1)),
    limit: Number((missed + 2).toFixed(1)),
    least: missed - 2,
    testSeeds: 100,
    experiment: (seed) => {
      const random = resamplingRandom(seed);
      const table = syntheticTable({
        factors,
        replicates: n,
        pairing: each.pairing,
        metrics: { m: numberMetric(each.metric) },
        analyses: [each.spec],
        value: ({ condition }) => each.draw(condition.a === 1, random),
      });
      return verdictOf(table, each) === "inconclusive";
    },
  };
});

/** The verdict of the planned level under the family's correction, as a report has it, without the other methods beside it. */
function verdictOf(table: TrialTable, { metric: given, spec }: Case): Comparison["verdict"] {
  const { type, count } = numberMetric(given);
  const metric: MetricSummary = { ...bareMetric, kind: type, ...(count !== undefined && { count }) };
  const design = levelDesignOf(table, { metric: "m", factor: "a" });
  const measure = measureOf(metric, design);
  const [y, ...others] = design.levels as readonly [LevelData, ...LevelData[]];
  const pairs = others.map((x) =>
    comparedPairOf({
      design,
      measure,
      spec,
      metric,
      x,
      y,
      whole: [x, y],
      ran: [],
      seed: 1,
      withAlternatives: false,
    }),
  );
  const tests = pairs.flatMap(({ tested }) => tested?.test ?? []);
  const contrasts = pairs.flatMap(({ tested }) => tested?.contrast ?? []);
  const joint =
    spec.kind === "equivalent" || contrasts.length < 2
      ? null
      : measure.joint({ design, rule: spec, side: sideOf(spec), baseline: y, others, contrasts });
  const [corrected] = correctedTests([{ spec, tests, joint }]);
  const pair = { spec, estimand: measure.estimand, corrected: corrected!.tests[0]! };
  return concludedPair(pairs[0]!, pair).verdict;
}
