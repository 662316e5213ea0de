// Populations to draw from, with their means: what most rates are simulated over.
import { type ResamplingRandom, resamplingRandom } from "../../../lib/stats/resampling-random.ts";

export interface Population {
  readonly name: string;
  readonly mean: number;
  draw(random: ResamplingRandom): number;
}

export const normal: Population = { name: "normal", mean: 0, draw: (random) => random.normal() };

export const exponential: Population = {
  name: "exponential",
  mean: 1,
  draw: (random) => -Math.log1p(-random.uniform()),
};

/** exp(Z): skewness 6.2. */
export const lognormal: Population = {
  name: "lognormal",
  mean: Math.exp(0.5),
  draw: (random) => Math.exp(random.normal()),
};

/** 1 with the given probability, else 0. */
export function event(probability: number): Population {
  return {
    name: `0/1 event p = ${probability}`,
    mean: probability,
    draw: (random) => (random.uniform() < probability ? 1 : 0),
  };
}

/** Poisson counts, by inversion: for means up to some hundreds. */
export function poisson(mean: number): Population {
  return {
    name: `Poisson count, mean ${mean}`,
    mean,
    draw: (random) => {
      let left = random.uniform();
      let count = 0;
      for (let mass = Math.exp(-mean); left >= mass && mass > 0; mass *= mean / count) {
        left -= mass;
        count++;
      }
      return count;
    },
  };
}

export function drawMany(population: Population, n: number, random: ResamplingRandom): number[] {
  return Array.from({ length: n }, () => population.draw(random));
}

/** The stream of one simulated experiment: seeds that follow each other give unlike streams. */
export function streamOf(seed: number): ResamplingRandom {
  const random = resamplingRandom(seed);
  for (let i = 0; i < 4; i++) random.uniform();
  return random;
}
