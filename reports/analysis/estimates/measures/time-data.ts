// The times of levels as survival methods take them: one sample a level, with the stratum of each time: the cell of the other factors, and
// under pairing the pair.
import type { SurvivalSample } from "../../../../lib/stats/survival/survival-sample.ts";
import type { LevelCell, LevelData, LevelDesign } from "../../../design/level-design.ts";

export interface StratifiedTimes {
  /** One a level, in their order; no time is below 0. */
  readonly groups: readonly SurvivalSample[];
  readonly strata: readonly (readonly string[])[];
}

/** Within pairs where the design pairs trials, else within the cells of the other factors. */
export function stratifiedTimesOf(
  levels: readonly LevelData[],
  { kind }: Pick<LevelDesign, "kind">,
): StratifiedTimes {
  switch (kind) {
    case "replicates":
      return samplesBy(levels, ({ stratum }, replicate) => `${stratum}\u0000${replicate}`);
    case "blocks":
      return samplesBy(levels, ({ stratum, group }) => `${stratum}\u0000${group}`);
    case "clusters":
    case "cells":
      return samplesBy(levels, ({ stratum }) => stratum);
  }
}

function samplesBy(
  levels: readonly LevelData[],
  stratumOf: (cell: LevelCell, replicate: number) => string,
): StratifiedTimes {
  const gathered = levels.map(({ cells }) => {
    const time: number[] = [];
    const event: boolean[] = [];
    const strata: string[] = [];
    for (const held of cells) {
      const { times, replicates } = held.cell;
      if (times === null) continue;
      for (const [i, value] of times.time.entries()) {
        time.push(value - times.origin);
        event.push(times.event[i]!);
        strata.push(stratumOf(held, replicates[i]!));
      }
    }
    return { sample: { time, event }, strata };
  });
  return { groups: gathered.map(({ sample }) => sample), strata: gathered.map(({ strata }) => strata) };
}
