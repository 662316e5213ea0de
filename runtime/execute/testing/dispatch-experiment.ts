// The trivial trial of the dispatch benchmark: a hundred steps of a linear congruential generator, three numbers back.
import { defineExperiment, metric, replicate, sweep } from "../../../lib/index.ts";

/** `count` trials in a hundred conditions, each of so many steps. */
function dispatchOf(count: number, steps = 100) {
  return defineExperiment({
    name: "dispatch",
    parameters: { start: sweep(Array.from({ length: 100 }, (_, i) => i)), steps },
    replicates: replicate(Math.max(1, Math.round(count / 100)), { seed: 1 }),
    primary: "last",
    metrics: { last: metric.number(), sum: metric.number(), max: metric.number() },
    trial({ parameters, random }) {
      let x = random.uint32() ^ parameters.start;
      let sum = 0;
      let max = 0;
      for (let step = 0; step < parameters.steps; step++) {
        x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
        sum += x;
        if (x > max) max = x;
      }
      return { last: x, sum, max };
    },
  });
}

/** One export a size, since a bundle is loaded by export name. */
export const dispatch4 = dispatchOf(1e4);
export const dispatch5 = dispatchOf(1e5);
export const dispatch6 = dispatchOf(1e6);
export const dispatch7 = dispatchOf(1e7);
/** Trials so long that each is a lease of its own. */
export const dispatchLong = dispatchOf(600, 1e7);
