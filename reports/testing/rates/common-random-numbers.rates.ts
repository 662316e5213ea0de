// How often the joint test of levels under common random numbers finds an effect that is not there, and what its share of variance misses.

import { hotelling } from "../../../lib/stats/means/hotelling.ts";
import { contrastsOf, withinBlocksTest } from "../../../lib/stats/means/within-blocks.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { numberMetric, syntheticTable } from "../synthetic-results.ts";
import { missesZero } from "./misses-zero.ts";
import { exponential, normal, type Population, streamOf } from "./populations.ts";
import type { Rate } from "./rate.ts";

export const about =
  "Levels without a difference over replicates that they share. The default joint test is repeated measures with Greenhouse and Geisser's correction; Hotelling's T squared is published beside it: exact on normal noise, it errs twice as often where noise is skewed and of unlike scale, and has no answer with as few replicates as levels. The last rows are intervals of a difference where a block or cluster is declared beside the common replicates.";

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

const joint: readonly Rate[] = [3, 6].flatMap((k) =>
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

/** Spreads of what the effect of a level varies by: block, replicate, trial. */
const spreads = [
  { block: 0, replicate: 0, words: "nothing" },
  { block: 2, replicate: 0, words: "blocks" },
  { block: 0, replicate: 2, words: "replicates" },
  { block: 1, replicate: 1, words: "blocks and replicates" },
];

/** Two levels over blocks that meet both, or clusters of their own, all under the same replicates. */
function crossedTable(
  seed: number,
  of: { blocks: number; replicates: number; isNested: boolean; block: number; replicate: number },
) {
  const random = streamOf(seed);
  const levels = [0, 1];
  const luck = Array.from({ length: of.replicates }, () => ({
    both: 3 * random.normal(),
    own: levels.map(() => of.replicate * random.normal()),
  }));
  const blocks = Array.from({ length: of.blocks * (of.isNested ? 2 : 1) }, () => ({
    both: (of.isNested ? 0 : 3) * random.normal(),
    own: levels.map(() => of.block * random.normal()),
  }));
  return syntheticTable({
    factors: { level: levels, market: [...blocks.keys()] },
    admits: ({ level, market }) => !of.isNested || Number(market) % 2 === level,
    replicates: of.replicates,
    pairing: "common-random-numbers",
    metrics: { m: numberMetric() },
    seed,
    value: ({ condition, replicate, noise }) => {
      const [level, market] = [Number(condition.level), blocks[Number(condition.market)]!];
      return luck[replicate]!.both + luck[replicate]!.own[level]! + market.both + market.own[level]! + noise;
    },
  });
}

const crossed: readonly Rate[] = [false, true].flatMap((isNested) =>
  spreads.map(
    ({ words, ...spread }): Rate => ({
      name: `5 ${isNested ? "clusters in each level" : "blocks"} under 8 common replicates, the effect varies by ${words}`,
      nominal: 5,
      limit: 6,
      experiment: (seed) =>
        missesZero(crossedTable(seed, { blocks: 5, replicates: 8, isNested, ...spread }), "level", {
          [isNested ? "cluster" : "block"]: "market",
        }),
    }),
  ),
);

export const rates: readonly Rate[] = [...joint, ...crossed];
