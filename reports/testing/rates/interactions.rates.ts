// How often an interaction that is not there is found: under common random numbers with few replicates, with missing cells, and of shares.
import type { InteractionSpec } from "../../../lib/experiment/analysis-spec.ts";
import { metricSummariesOf } from "../../analysis/estimates/metric-summary.ts";
import { interactionKind } from "../../analysis/kinds/interaction.ts";
import { attritionOf } from "../../design/attrition.ts";
import { interactionSpec } from "../specs.ts";
import {
  numberMetric,
  type SyntheticOptions,
  syntheticResults,
  syntheticTable,
} from "../synthetic-results.ts";
import { streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "An interaction that is not there, in tables where the factors themselves matter. Each row counts joint tests with p below 0.05.";

/** Whether the first finding's joint test rejects; null where it is refused. */
async function isFound(
  options: Omit<SyntheticOptions, "metrics" | "analyses">,
  spec: InteractionSpec,
  type: "number" | "boolean" = "number",
): Promise<boolean | null> {
  const table = syntheticTable({ ...options, metrics: { m: numberMetric({ type }) }, analyses: [spec] });
  const arms = attritionOf(table);
  const [answer] = await interactionKind.answer(spec, {
    table,
    results: syntheticResults([table]),
    metrics: metricSummariesOf(table, arms),
    arms,
    customs: {},
  });
  const [test] = answer!.tests;
  return test === undefined ? null : test.p < 0.05;
}

const twelve = { factors: { a: [1, 2, 3], b: [1, 2, 3, 4] } };

/** Scatter within a replicate that grows with b, and shared noise. */
const blocked = (seed: number, replicates: number, isEven: boolean) =>
  isFound(
    {
      ...twelve,
      replicates,
      seed,
      pairing: "common-random-numbers",
      value: ({ condition: { a, b }, noise, replicateNoise }) =>
        Number(a) + 2 * Number(b) + (isEven ? 1 : 0.5 * Number(b)) * noise + 3 * replicateNoise,
    },
    interactionSpec("m", ["a", "b"]),
  );

export const rates: readonly Rate[] = [
  ...[3, 4, 5, 6, 7, 12, 16].flatMap((replicates) =>
    [true, false].map(
      (isEven): Rate => ({
        name: `3 x 4, common random numbers, ${isEven ? "equal" : "unequal"} scatter, ${replicates} replicates`,
        nominal: 5,
        limit: 6,
        testSeeds: 60,
        experiment: (seed) => blocked(seed, replicates, isEven),
      }),
    ),
  ),
  ...(["independent", "common-random-numbers"] as const).map(
    (pairing): Rate => ({
      name: `2 x 2 x 2 without two conditions, the third factor matters with the second alone, ${pairing === "independent" ? "independent trials" : "common random numbers"}, 8 replicates`,
      nominal: 5,
      limit: 6,
      experiment: (seed) =>
        isFound(
          {
            factors: { a: [1, 2], b: [1, 2], c: [1, 2, 3] },
            admits: ({ a, b, c }) => !(a === 2 && c === 1) && !(b === 2 && c === 2),
            replicates: 8,
            seed,
            pairing,
            value: ({ condition: { b, c }, noise, replicateNoise }) =>
              (c === 1 ? 6 * Number(b) : 0) + Number(c) * noise + replicateNoise,
          },
          interactionSpec("m", ["a", "b"]),
        ),
    }),
  ),
  ...[0.02, 0.1, 0.5].flatMap((share) =>
    [10, 40].map(
      (replicates): Rate => ({
        name: `2 x 3 shares of ${share}, independent trials, ${replicates} replicates`,
        nominal: 5,
        limit: 7,
        experiment: (seed) => {
          const random = streamOf(seed);
          return isFound(
            {
              factors: { a: [1, 2], b: [1, 2, 3] },
              replicates,
              seed,
              value: ({ condition: { a } }) => Number(random.uniform() < share + (a === 2 ? 0.3 : 0)),
            },
            interactionSpec("m", ["a", "b"]),
            "boolean",
          );
        },
      }),
    ),
  ),
];
