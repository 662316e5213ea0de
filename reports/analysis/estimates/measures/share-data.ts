// Levels of a metric that is yes or no, as counts: successes and trials of each cell, and of both levels in each stratum.

import type { Estimate } from "../../../../lib/stats/estimate.ts";
import {
  averagedShare,
  type ShareCell,
  shareOfUnits,
} from "../../../../lib/stats/proportions/averaged-shares.ts";
import type { ShareStratum } from "../../../../lib/stats/proportions/averaged-shares-test.ts";
import type { SuccessCount } from "../../../../lib/stats/proportions/two-by-two.ts";
import { groupedBy, type LevelCell, type LevelData, type UnitKind } from "../../../design/level-design.ts";

/** Successes and trials of all cells. */
export function countOf(cells: readonly LevelCell[]): SuccessCount {
  let successes = 0;
  let n = 0;
  for (const { cell } of cells) {
    n += cell.values.length;
    for (const value of cell.values) successes += value;
  }
  return { successes, n };
}

export function shareCellsOf({ cells }: LevelData): readonly ShareCell[] {
  return cells.map((cell) => ({ ...countOf([cell]), weight: cell.weight }));
}

/** The level's averaged share: over cells where trials are independent, over units where they are not. */
export function shareOf(level: LevelData, kind: UnitKind, confidence: number): Estimate {
  if (kind === "cells") return averagedShare({ cells: shareCellsOf(level), level: confidence });
  return shareOfUnits({
    values: level.units.map(({ value }) => value),
    trials: countOf(level.cells).n,
    level: confidence,
  });
}

/** The trials of both levels, stratum by stratum. */
export function shareStrataOf(x: LevelData, y: LevelData): readonly ShareStratum[] {
  return strataOf([x, y]).map(({ weight, groups }) => ({ weight, first: groups[0]!, second: groups[1]! }));
}

/** The trials of several levels in each stratum that all of them have. */
export function strataOf(
  levels: readonly LevelData[],
): readonly { readonly weight: number; readonly groups: readonly SuccessCount[] }[] {
  const [first, ...rest] = levels.map(({ cells }) => groupedBy(cells, ({ stratum }) => stratum));
  return [...first!].flatMap(([stratum, cells]) => {
    const others = rest.map((own) => own.get(stratum));
    if (others.some((own) => own === undefined)) return [];
    const weight = cells.reduce((sum, cell) => sum + cell.weight, 0);
    return [{ weight, groups: [cells, ...others].map((own) => countOf(own!)) }];
  });
}
