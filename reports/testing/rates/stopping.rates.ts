// How often `replicate.until` decides wrongly when every mean lies exactly at the value, so that each decision is an error.
import type { MetricSpec } from "../../../lib/experiment/definition.ts";
import { stoppingOutcomeOf } from "../../../runtime/run/adaptive/adaptive-decision.ts";
import { stoppedIntervalOf } from "../../analysis/estimates/stopped-interval.ts";
import { numberMetric } from "../synthetic-results.ts";
import { drawMany, event, exponential, lognormal, normal, type Population, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

const max = 1000;

export const about = `\`replicate.until({ decided: { value } })\` with every condition's mean exactly at the value, looked at after each of ${max} replicates: an
error is any condition that is ever found to lie above or below. Metrics without a declared range, except where one is named.
The ordinary t interval at such a stop misses in up to 16% of experiments, so the tables of a stopped run show sequences.`;

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

/** The interval that the table of conditions shows after a stop at the first k at which the mean is known to plus or minus `halfWidth`. */
function tableRate(of: {
  readonly population: Population;
  readonly halfWidth: number;
  readonly isShare?: boolean;
}): Rate {
  const { population, halfWidth, isShare = false } = of;
  return {
    name: `interval in the table at a stop by half width ${halfWidth}, ${isShare ? `yes or no, p = ${population.mean}` : population.name}`,
    nominal: 5,
    limit: 6,
    testSeeds: 100,
    experiment(seed) {
      const values = Float64Array.from(drawMany(population, max, streamOf(seed)));
      const { replicates } = stoppingOutcomeOf({
        rule: { metric: "y", goal: { kind: "half-width", halfWidth }, confidence: 0.95, min: 10, max },
        metric: numberMetric({ type: isShare ? "boolean" : "number" }),
        contrasts: [{ label: "all", terms: [{ place: 0, weight: 1 }], isDifference: false }],
        complete: max,
        valueAt: (replicate) => values[replicate]!,
      });
      const found = stoppedIntervalOf({
        values: values.slice(0, replicates),
        isShare,
        range: null,
        level: 0.95,
      });
      return typeof found === "string" ? null : found.low > population.mean || found.high < population.mean;
    },
  };
}

export const rates: readonly Rate[] = [
  ...[normal, exponential, lognormal].flatMap((population) =>
    [1, 10].map((conditions) => rateOf({ population, conditions })),
  ),
  rateOf({ population: event(0.05), conditions: 1 }),
  tableRate({ population: event(0.05), halfWidth: 0.1, isShare: true }),
  tableRate({ population: normal, halfWidth: 0.35 }),
  tableRate({ population: exponential, halfWidth: 0.35 }),
  tableRate({ population: lognormal, halfWidth: 0.5 }),
  rateOf({ population: event(0.05), conditions: 10, range: [0, 1] }),
];
