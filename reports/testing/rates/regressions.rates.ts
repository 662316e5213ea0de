// How often the interval of a slope misses it: where scatter grows along a factor, with replicates that share their luck, over several factors.
import type { RelationSpec } from "../../../lib/experiment/analysis-spec.ts";
import { metricSummariesOf } from "../../analysis/estimates/metric-summary.ts";
import { relationKind } from "../../analysis/kinds/relation.ts";
import { attritionOf } from "../../design/attrition.ts";
import { relationSpec } from "../specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../synthetic-results.ts";
import { streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "Slopes of 0, and of known size, with scatter that grows along the factor. Each row counts 95% intervals that miss the true slope.";

/** Whether the interval of the place-th slope misses the truth; null when it is refused. */
async function misses(
  options: Omit<SyntheticOptions, "metrics" | "analyses">,
  spec: RelationSpec,
  { truth = 0, place = 0 } = {},
): Promise<boolean | null> {
  const table = syntheticTable({ ...options, metrics: { m: numberMetric() }, analyses: [spec] });
  const arms = attritionOf(table);
  const [answer] = await relationKind.answer(spec, {
    table,
    results: syntheticResults([table]),
    metrics: metricSummariesOf(table, arms),
    arms,
    customs: {},
  });
  const found = answer!.conclude({
    family: null,
    tests: answer!.tests.map(() => ({ pAdjusted: null, error: 0.05, firstError: 0.05 })),
  });
  const interval =
    found.kind === "relation"
      ? found.slopeInterval
      : found.kind === "regression"
        ? (found.terms[place]?.interval ?? null)
        : null;
  return interval === null ? null : interval.low > truth || interval.high < truth;
}

/** Five levels where the last scatters six times as much as the first. */
const growing = (seed: number, replicates: number, pairing: "independent" | "common-random-numbers") =>
  misses(
    {
      factors: { a: [0, 1, 2, 3, 4], b: [1, 2] },
      replicates,
      pairing,
      seed,
      value: ({ condition: { a, b }, noise, replicateNoise }) =>
        5 * Number(b) +
        (1 + 1.25 * Number(a)) * noise +
        3 * replicateNoise * (pairing === "independent" ? 0 : 1),
    },
    relationSpec("m", "a"),
  );

/** Points of a plane and a listed factor; scatter grows with alpha, the slope on beta is 2. */
function sampled(seed: number, points: number, place: number): Promise<boolean | null> {
  const random = streamOf(seed);
  const alphas = Array.from({ length: points }, () => random.uniform());
  const betas = Array.from({ length: points }, () => random.uniform());
  const kinds = alphas.map((_, i) => (i % 2 === 0 ? "x" : "y"));
  return misses(
    {
      factors: { alpha: alphas, beta: betas, kind: ["x", "y"] },
      declared: { alpha: { sampled: "linear" }, beta: { sampled: "linear" } },
      admits: ({ alpha, beta, kind }) => {
        const at = alphas.indexOf(Number(alpha));
        return betas[at] === beta && kinds[at] === kind;
      },
      replicates: 1,
      seed,
      value: ({ condition: { alpha, beta }, noise }) => 2 * Number(beta) + (0.2 + 2 * Number(alpha)) * noise,
    },
    relationSpec(
      "m",
      ["alpha", "beta", "kind"].map((name) => ({ name, scale: "linear" as const })),
    ),
    { truth: place === 1 ? 2 : 0, place },
  );
}

export const rates: readonly Rate[] = [
  ...(["independent", "common-random-numbers"] as const).flatMap((pairing) =>
    [3, 5, 20].map(
      (replicates): Rate => ({
        name: `slope over 5 x 2 conditions, ${pairing === "independent" ? "independent trials" : "common random numbers"}, ${replicates} replicates`,
        nominal: 5,
        limit: 6.5,
        testSeeds: 100,
        experiment: (seed) => growing(seed, replicates, pairing),
      }),
    ),
  ),
  ...[12, 20, 60].flatMap((points) =>
    ["the one that scatter grows along", "the other", "the listed factor"].map(
      (what, place): Rate => ({
        name: `regression on three factors, ${points} sampled points, ${what}`,
        nominal: 5,
        limit: points < 20 ? 8 : 7,
        testSeeds: 50,
        experiment: (seed) => sampled(seed, points, place),
      }),
    ),
  ),
];
