// How often the interval of a factor without effect misses 0 where the design is incomplete and another factor matters much.
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import { numberMetric, syntheticTable } from "../synthetic-results.ts";
import { missesZero } from "./misses-zero.ts";
import { streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "A factor without effect beside one that moves the metric by ten standard deviations a level, in designs that lack conditions or trials. Each row counts 95% intervals of a difference that miss 0; what shares no combination is refused.";

const lost = { code: outcomeCodes.failed, message: "lost" };

/** Independent trials share nothing by replicate. */
const sharedNoise = (pairing: string) => (pairing === "independent" ? 0 : 2);

/** Three by three, each condition admitted with probability 0.6, spread 1 to 3 by step. */
function incomplete(seed: number, pairing: "independent" | "common-random-numbers") {
  const random = streamOf(seed);
  const held = Array.from({ length: 9 }, () => random.uniform() < 0.6);
  return syntheticTable({
    factors: { cooling: [1, 2, 3], step: [1, 2, 3] },
    admits: ({ cooling, step }) => held[3 * (Number(cooling) - 1) + Number(step) - 1]!,
    replicates: 8,
    pairing,
    metrics: { m: numberMetric() },
    seed,
    value: ({ condition, noise, replicateNoise }) =>
      10 * Number(condition.step) + Number(condition.step) * noise + sharedNoise(pairing) * replicateNoise,
  });
}

/** Two by four, where a trial is lost with a probability that rises with step, in one level only. */
function withLosses(seed: number, pairing: "independent" | "common-random-numbers") {
  const random = streamOf(seed);
  return syntheticTable({
    factors: { cooling: [1, 2], step: [1, 2, 3, 4] },
    replicates: 10,
    pairing,
    metrics: { m: numberMetric() },
    seed,
    outcome: ({ condition }) =>
      condition.cooling === 2 && random.uniform() < 0.1 * Number(condition.step) ? lost : null,
    value: ({ condition, noise, replicateNoise }) =>
      10 * Number(condition.step) + Number(condition.step) * noise + sharedNoise(pairing) * replicateNoise,
  });
}

/** Points of a plane, each met by one kind; the slope is curved and the spread grows. */
function sampled(seed: number, points: number, curve: number) {
  const random = streamOf(seed);
  const alphas = Array.from({ length: points }, () => random.uniform());
  const kinds = alphas.map(() => (random.uniform() < 0.5 ? "x" : "y"));
  return syntheticTable({
    factors: { kind: ["x", "y"], alpha: alphas },
    declared: { alpha: { sampled: "linear" } },
    admits: ({ kind, alpha }) => kinds[alphas.indexOf(Number(alpha))] === kind,
    replicates: 1,
    metrics: { m: numberMetric() },
    seed,
    value: ({ condition, noise }) => {
      const alpha = Number(condition.alpha);
      return 20 * alpha + curve * alpha ** 2 + (0.5 + alpha) * noise;
    },
  });
}

const pairings = ["independent", "common-random-numbers"] as const;
const named = { independent: "independent trials", "common-random-numbers": "common random numbers" };

export const rates: readonly Rate[] = [
  ...pairings.map(
    (pairing): Rate => ({
      name: `3 x 3 with conditions missing at random, ${named[pairing]}, 8 replicates`,
      nominal: 5,
      limit: 6,
      experiment: (seed) => missesZero(incomplete(seed, pairing), "cooling"),
    }),
  ),
  ...pairings.map(
    (pairing): Rate => ({
      name: `2 x 4, one level loses 10 to 40% of its trials by step, ${named[pairing]}, 10 replicates`,
      nominal: 5,
      limit: 6.5,
      experiment: (seed) => missesZero(withLosses(seed, pairing), "cooling"),
    }),
  ),
  ...[20, 60].flatMap((points) =>
    [0, 20].map(
      (curve): Rate => ({
        name: `${points} sampled points, each met by one of two levels, ${curve === 0 ? "straight slope" : "curved slope"}`,
        nominal: 5,
        limit: 7,
        experiment: (seed) => missesZero(sampled(seed, points, curve), "kind"),
      }),
    ),
  ),
];
