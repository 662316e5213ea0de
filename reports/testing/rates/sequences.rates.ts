// How often confidence sequences miss the mean at any n, looked at after every one of 2000 values.
import { confidenceSequence } from "../../../lib/stats/confidence-sequence.ts";
import { drawMany, event, exponential, lognormal, normal, type Population, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

const length = 2000;

export const about = `Sequences of ${length} values that are looked at after each one: an error is an interval that misses the mean at any n. Empirical
Bernstein needs the declared range and its bound holds at every n; the normal mixture is asymptotic.`;

const uniform: Population = { name: "uniform on [0, 1]", mean: 0.5, draw: (random) => random.uniform() };

function rateOf(of: {
  readonly method: string;
  readonly population: Population;
  readonly range?: readonly [number, number];
  readonly limit: number | null;
}): Rate {
  const { method, population, range, limit } = of;
  return {
    name: `${method}, ${population.name}`,
    nominal: 5,
    limit,
    testSeeds: 100,
    experiment(seed) {
      const values = drawMany(population, length, streamOf(seed));
      const { steps } = confidenceSequence(values, range === undefined ? {} : { range });
      // Steps are running intersections, so the last one misses if any did.
      const last = steps[steps.length - 1]!;
      return last.low > population.mean || last.high < population.mean;
    },
  };
}

export const rates: readonly Rate[] = [
  ...[event(0.5), event(0.1), uniform].map((population) =>
    rateOf({ method: "empirical Bernstein", population, range: [0, 1], limit: 5 }),
  ),
  ...[normal, exponential, lognormal].map((population) =>
    rateOf({
      method: "normal mixture that allows for skewness (asymptotic, from n = 30)",
      population,
      limit: 6,
    }),
  ),
];
