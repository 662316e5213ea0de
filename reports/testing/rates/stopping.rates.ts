// How often `replicate.until` decides wrongly when every mean lies exactly at the value, so that each decision is an error.
import type { MetricSpec } from "../../../lib/experiment/definition.ts";
import { stoppingOutcomeOf } from "../../../runtime/run/adaptive-decision.ts";
import { numberMetric } from "../synthetic-results.ts";
import { drawMany, event, exponential, lognormal, normal, type Population, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

const max = 1000;

export const about = `\`replicate.until({ decided: { value } })\` with every condition's mean exactly at the value, looked at after each of ${max} replicates: an
error is any condition that is ever found to lie above or below. Metrics without a declared range, except where one is named.`;

function rateOf(of: {
  readonly population: Population;
  readonly conditions: number;
  readonly range?: MetricSpec["range"];
}): Rate {
  const { population, conditions, range = null } = of;
  return {
    name: `decided at the true mean, ${population.name}${range === null ? "" : `, range [${range.join(", ")}]`}, ${conditions} ${conditions === 1 ? "condition" : "conditions"}`,
    nominal: 5,
    limit: 6,
    testSeeds: conditions === 1 ? 200 : 60,
    experiment(seed) {
      const random = streamOf(seed);
      const values = Array.from({ length: conditions }, () => drawMany(population, max, random));
      const { intervals } = stoppingOutcomeOf({
        rule: {
          metric: "y",
          goal: { kind: "decided", value: population.mean },
          confidence: 0.95,
          min: 10,
          max,
        },
        metric: numberMetric({ range }),
        contrasts: values.map((_, place) => ({
          label: String(place),
          terms: [{ place, weight: 1 }],
          isDifference: false,
        })),
        complete: max,
        valueAt: (replicate, place) => values[place]![replicate]!,
      });
      // A sequence only narrows, so that the last interval has missed the mean if any did.
      return intervals.some(({ isSettled, low, high }) => isSettled || (low ?? 0) > (high ?? 0));
    },
  };
}

export const rates: readonly Rate[] = [
  ...[normal, exponential, lognormal].flatMap((population) =>
    [1, 10].map((conditions) => rateOf({ population, conditions })),
  ),
  rateOf({ population: event(0.05), conditions: 1 }),
  rateOf({ population: event(0.05), conditions: 10, range: [0, 1] }),
];
