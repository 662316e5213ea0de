// Levels of a metric that counts events, as events and exposures: of each cell where trials are independent, of units where they are not.
import {
  averagedRate,
  type Dispersion,
  dispersionOf,
  type RateCell,
  type RateStratum,
} from "../../../../lib/stats/counts/rates.ts";
import type { Estimate } from "../../../../lib/stats/estimate.ts";
import type { Cell } from "../../../design/cells.ts";
import {
  groupedBy,
  type LevelCell,
  type LevelData,
  type LevelDesign,
  type UnitKind,
} from "../../../design/level-design.ts";

/** The events of each trial and what they were counted over, from values that are events per unit of it. */
export function eventsOf({ values, exposure }: Pick<Cell, "values" | "exposure">): Omit<RateCell, "weight"> {
  if (exposure === null) return { events: [...values], exposure: new Array<number>(values.length).fill(1) };
  return {
    events: Array.from(values, (value, i) => Math.round(value * exposure[i]!)),
    exposure: [...exposure],
  };
}

/** Events and exposure of all cells. */
export function tallyOf(cells: readonly LevelCell[]): { readonly count: number; readonly of: number } {
  const all = cells.map(({ cell }) => eventsOf(cell));
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  return {
    count: all.reduce((total, { events }) => total + sum(events), 0),
    of: all.reduce((total, { exposure }) => total + sum(exposure), 0),
  };
}

/** One for each cell of independent trials; for dependent ones a single cell whose trials are the units. */
export function rateCellsOf(level: LevelData, kind: UnitKind): readonly RateCell[] {
  if (kind === "cells") return level.cells.map(({ cell, weight }) => ({ ...eventsOf(cell), weight }));
  return [unitCellOf(level)];
}

/**
 * The units of a level as counts: each unit's rate over such an exposure that the level's rate has the variance of a Poisson rate where its
 * cells' counts have. Source: Fay and Feuer, Statistics in Medicine 16 (1997) 791-801, who give weighted sums of counts limits so.
 */
function unitCellOf({ cells, units }: LevelData): RateCell {
  const parts = cells.map(({ cell, weight }) => {
    const { events, exposure } = eventsOf(cell);
    const over = exposure.reduce((sum, value) => sum + value, 0);
    return { weight, over, events: events.reduce((sum, value) => sum + value, 0) };
  });
  const rate = parts.reduce((sum, { weight, over, events }) => sum + (weight * events) / over, 0);
  // Without events the cells weigh as if each unit of exposure had one.
  const spread = parts.reduce(
    (sum, { weight, over, events }) => sum + (weight ** 2 * (rate === 0 ? over : events)) / over ** 2,
    0,
  );
  const each = (rate === 0 ? 1 : rate) / spread / units.length;
  return {
    events: units.map(({ value }) => Math.max(0, value * each)),
    exposure: units.map(() => each),
    weight: 1,
  };
}

/** The dispersion that the cells of all levels share; that of the level alone where units are dependent, since it holds their dependence. */
export function levelDispersionOf(design: LevelDesign, level: LevelData): Dispersion {
  if (design.kind !== "cells") return dispersionOf(rateCellsOf(level, design.kind));
  const held = known.get(design);
  if (held !== undefined) return held;
  const cells = design.levels.flatMap((each) => rateCellsOf(each, design.kind));
  const found = dispersionOf(cells.filter(({ events }) => events.length > 0));
  known.set(design, found);
  return found;
}

/** A design does not change, and each of its pairs asks. */
const known = new WeakMap<LevelDesign, Dispersion>();

export function rateOf(level: LevelData, design: LevelDesign, confidence: number): Estimate {
  const { cautious } = levelDispersionOf(design, level);
  return averagedRate({ cells: rateCellsOf(level, design.kind), theta: cautious, level: confidence });
}

/** The counts of both levels, stratum by stratum. */
export function rateStrataOf(x: LevelData, y: LevelData): readonly RateStratum[] {
  return rateGroupsOf([x, y]).map(([first, second]) => ({ first: first!, second: second! }));
}

/** The counts of several levels in each stratum that all of them have. */
export function rateGroupsOf(levels: readonly LevelData[]): readonly (readonly RateCell[])[] {
  const [first, ...rest] = levels.map(({ cells }) => groupedBy(cells, ({ stratum }) => stratum));
  return [...first!].flatMap(([stratum, cells]) => {
    const others = rest.map((own) => own.get(stratum));
    return others.some((own) => own === undefined) ? [] : [[cells, ...others].map((own) => joined(own!))];
  });
}

function joined(cells: readonly LevelCell[]): RateCell {
  const parts = cells.map(({ cell }) => eventsOf(cell));
  return {
    events: parts.flatMap(({ events }) => events),
    exposure: parts.flatMap(({ exposure }) => exposure),
    weight: cells.reduce((sum, { weight }) => sum + weight, 0),
  };
}
