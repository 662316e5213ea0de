// How often the joint test of levels under common random numbers finds an effect that is not there, and what its share of variance misses.

import { hotelling } from "../../../lib/stats/hotelling.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { contrastsOf, withinBlocksTest } from "../../../lib/stats/within-blocks.ts";
import { exponential, normal, type Population, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "Levels without a difference over replicates that they share. The default joint test is repeated measures with Greenhouse and Geisser's correction; Hotelling's T squared is published beside it: exact on normal noise, it errs twice as often where noise is skewed and of unlike scale, and has no answer with as few replicates as levels.";

/** Replicates of k levels: shared luck, and own noise of scale 1 to k. */
function blocksOf(seed: number, of: { n: number; k: number; population: Population; isUnlike: boolean }) {
  const random = streamOf(seed);
  return Array.from({ length: of.n }, () => {
    const luck = 3 * random.normal();
    return Array.from(
      { length: of.k },
      (_, j) => luck + (of.isUnlike ? j + 1 : 1) * (of.population.draw(random) - of.population.mean),
    );
  });
}

const tests = {
  "Greenhouse-Geisser": (blocks: readonly (readonly number[])[]) => withinBlocksTest(blocks.map(contrastsOf)),
  Hotelling: (blocks: readonly (readonly number[])[]) =>
    hotelling(blocks.map((block) => block.slice(1).map((value) => value - block[0]!))),
};

const noises = [
  { words: "normal", population: normal, isUnlike: false },
  { words: "exponential of unlike scale", population: exponential, isUnlike: true },
];

export const rates: readonly Rate[] = [3, 6].flatMap((k) =>
  [5, 10, 20].flatMap((n) =>
    noises.flatMap(({ words, ...noise }) =>
      Object.entries(tests).map(
        ([name, test]): Rate => ({
          name: `${name}, ${k} levels, ${words}, n = ${n}`,
          nominal: 5,
          limit: name === "Hotelling" ? null : 6,
          experiment(seed) {
            const found = orRefusal(() => test(blocksOf(seed, { n, k, ...noise })));
            return isRefused(found) ? null : found.p < 0.05;
          },
        }),
      ),
    ),
  ),
);
