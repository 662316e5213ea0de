// How often the intervals of a profile over five tasks miss: the interquartile mean, the optimality gap and the probability of improvement.

import { interquartileMean } from "../../../lib/stats/means/trimmed-mean.ts";
import {
  type Strata,
  stratifiedSuperiority,
  stratifiedTrimmedMean,
} from "../../../lib/stats/stratified-aggregate.ts";
import { drawMany, exponential, lognormal, normal, type Population, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

const tasks = 5;
const runsOfTruth = 20_000;

export const about = `${tasks} tasks of 3, 5 or 10 runs: the 95% interval of the interquartile mean misses that of the population (${runsOfTruth} runs a task),
the interval of the optimality gap its mean, that of the probability of improvement one half where both algorithms are alike. Tasks lie
one standard deviation apart where they are called unlike.`;

/** Runs of each task, task t shifted by t times the step. */
function drawTasks(of: {
  readonly population: Population;
  readonly runs: number;
  readonly step: number;
  readonly seed: number;
}): Strata {
  const random = streamOf(of.seed);
  return Array.from({ length: tasks }, (_, task) =>
    drawMany(of.population, of.runs, random).map((value) => value + of.step * task),
  );
}

const truths = new Map<string, number>();

/** Of the population, from many runs; the same seed whatever is asked first. */
function truthOf(name: string, compute: () => number): number {
  const held = truths.get(name) ?? compute();
  truths.set(name, held);
  return held;
}

function iqmRate(population: Population, runs: number, step: number): Rate {
  const of = `${population.name}, ${step === 0 ? "tasks alike" : "tasks unlike"}`;
  return {
    name: `interquartile mean, ${of}, ${runs} runs`,
    nominal: 5,
    limit: 7,
    testSeeds: 30,
    experiment(seed) {
      const truth = truthOf(of, () =>
        interquartileMean(
          drawTasks({ population, runs: runsOfTruth, step, seed: 2 ** 40 }).flatMap((one) => Array.from(one)),
        ),
      );
      const strata = drawTasks({ population, runs, step, seed });
      const { low, high } = stratifiedTrimmedMean({ strata, seed, resamples: 500 });
      return truth < low || truth > high;
    },
  };
}

/** The gap to 2 of exponential scores: E max(0, 2 - X) = 1 + exp(-2). */
function gapRate(runs: number): Rate {
  return {
    name: `optimality gap, exponential, target 2, ${runs} runs`,
    nominal: 5,
    limit: 7,
    experiment(seed) {
      const strata = drawTasks({ population: exponential, runs, step: 0, seed }).map((one) =>
        Array.from(one, (score) => Math.max(0, 2 - score)),
      );
      const { low, high } = stratifiedTrimmedMean({ strata, trim: 0 });
      const truth = 1 + Math.exp(-2);
      return truth < low || truth > high;
    },
  };
}

function superiorityRate(population: Population, runs: number, of: { readonly spread: number }): Rate {
  return {
    name: `probability of improvement, ${population.name}${of.spread === 1 ? "" : `, spread 1 and ${of.spread}`}, no difference, ${runs} runs`,
    nominal: 5,
    limit: 6,
    experiment(seed) {
      const x = drawTasks({ population, runs, step: 1, seed: 2 * seed });
      const y = drawTasks({ population, runs, step: 0, seed: 2 * seed + 1 }).map((one, task) =>
        Array.from(one, (score) => of.spread * score + task),
      );
      const { low, high } = stratifiedSuperiority({ x, y });
      return low > 0.5 || high < 0.5;
    },
  };
}

/** Every run of x lies above every run of y in nearly all experiments: P = Phi(4 / sqrt 2) = 0.99766. */
function separatedRate(runs: number): Rate {
  return {
    name: `probability of improvement, normal, 4 standard deviations apart, ${runs} runs`,
    nominal: 5,
    limit: 6,
    experiment(seed) {
      const x = drawTasks({ population: normal, runs, step: 1, seed: 2 * seed }).map((one) =>
        Array.from(one, (score) => score + 4),
      );
      const y = drawTasks({ population: normal, runs, step: 1, seed: 2 * seed + 1 });
      const { low, high } = stratifiedSuperiority({ x, y });
      return low > 0.99766 || high < 0.99766;
    },
  };
}

export const rates: readonly Rate[] = [3, 5, 10].flatMap((runs) => [
  ...[normal, exponential, lognormal].flatMap((population) =>
    [0, 1].map((step) => iqmRate(population, runs, step)),
  ),
  gapRate(runs),
  superiorityRate(normal, runs, { spread: 1 }),
  superiorityRate(lognormal, runs, { spread: 1 }),
  superiorityRate(normal, runs, { spread: 4 }),
  separatedRate(runs),
]);
