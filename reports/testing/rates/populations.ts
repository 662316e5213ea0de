// Populations to draw from, with their means: what most rates are simulated over.
import { type ResamplingRandom, resamplingRandom } from "../../../lib/stats/resampling/resampling-random.ts";

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

/** Counts with variance mean + mean^2 / theta: Poisson counts whose means are gamma variables (Marsaglia and Tsang 2000). */
export function negativeBinomial(mean: number, theta: number): Population {
  return {
    name: `negative binomial count, mean ${mean}, theta ${theta}`,
    mean,
    draw: (random) => poisson((mean * gammaOf(random, theta)) / theta).draw(random),
  };
}

/** A gamma variable of any shape above 0, with scale 1. */
function gammaOf(random: ResamplingRandom, shape: number): number {
  if (shape < 1) return gammaOf(random, shape + 1) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const x = random.normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < 0.5 * x ** 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** Counts that vary more than Poisson's: variance mean + mean^2 / theta, a Poisson count whose mean is exponential for theta = 1. */
export function geometric(mean: number): Population {
  return {
    name: `overdispersed count (geometric), mean ${mean}`,
    mean,
    draw: (random) => Math.floor(Math.log1p(-random.uniform()) / Math.log(mean / (1 + mean))),
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
