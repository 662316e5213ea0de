// The trials of a table arranged for one comparison: which cells make up each level of a factor, with which weights, and what
// the independent unit is. The design decides, not the data: this is where pseudo-replication is kept out.
import type { WeightedSample } from "../../lib/stats/weighted-cells.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "./arm.ts";
import { type Cell, cellsOf } from "./cells.ts";

/**
 * - "replicates": common random numbers; the replicate is the block, its value the mean over the level's cells, equal weights.
 * - "blocks": a declared block or cluster factor whose levels meet every level compared; each of its levels is one pair.
 * - "clusters": a declared cluster factor nested in the levels; each of its levels is one independent unit.
 * - "cells": independent trials, stratified by the cells of the other factors.
 */
export type UnitKind = "replicates" | "blocks" | "clusters" | "cells";

export interface LevelCell {
  readonly cell: Cell;
  /** Weight of the cell's mean in the level's mean; the weights of a level add up to 1. */
  readonly weight: number;
  /** Combination of the other factors; the same in every level. */
  readonly stratum: string;
}

export interface Unit {
  /** What pairs it with a unit of another level. */
  readonly id: string;
  readonly value: number;
}

export interface LevelData {
  readonly level: string;
  readonly cells: readonly LevelCell[];
  /** Independent units: complete replicates, blocks or clusters; single trials for "cells". */
  readonly units: readonly Unit[];
}

/** The cells of a level as the statistics take them: values and weights. */
export function samplesOf({ cells }: LevelData): readonly WeightedSample[] {
  return cells.map(({ cell, weight }) => ({ values: cell.values, weight }));
}

export interface LevelDesign {
  readonly factor: string;
  readonly kind: UnitKind;
  /** Names of the other factors that the levels are averaged over. */
  readonly averagedOver: readonly string[];
  /** In declared order; only levels that some admitted condition has. */
  readonly levels: readonly LevelData[];
  /** Number of strata that all levels share. */
  readonly strata: number;
  /** What had to be left out, in words. */
  readonly notes: readonly string[];
}

export interface LevelDesignOptions {
  readonly metric: string;
  readonly factor: string;
  /** Only conditions with these levels. */
  readonly where?: Readonly<Record<string, unknown>>;
  readonly block?: string | null;
  readonly cluster?: string | null;
}

/** Thrown when a declared analysis does not fit the stored table; the message says what was asked and what there is. */
export class DesignError extends Error {
  override readonly name = "DesignError";
}

/** Arranges the trials. @throws DesignError when the table has no such factor. */
export function levelDesignOf(table: TrialTable, options: LevelDesignOptions): LevelDesign {
  const { metric, factor } = options;
  const declared = table.experiment.factors;
  const own = declared.find(({ name }) => name === factor);
  if (own === undefined) {
    const names = declared.map(({ name }) => name).join(", ") || "none";
    throw new DesignError(`${factor} is not a factor of ${table.experiment.name}; its factors are ${names}.`);
  }
  const grouping = options.block ?? options.cluster ?? null;
  const isCommon = table.experiment.replicates.pairing === "common-random-numbers";
  const others = declared.filter(({ name }) => name !== factor && (isCommon || name !== grouping));
  const admitted = admittedCells(table, { metric, factor, where: options.where ?? {} });
  const shared = others.filter(({ branch }) => branch === null).map(({ name }) => name);
  const cellsByLevel = groupedBy(admitted, ({ at }) => at[factor]!);
  const byLevel = own.levels.map(levelText).flatMap((level) => {
    const cells = cellsByLevel.get(level);
    return cells === undefined ? [] : [{ level, cells }];
  });
  const stratumOf = (at: Coordinates) => shared.map((name) => at[name] ?? "").join("\u0000");
  const common = commonOf(byLevel.map(({ cells }) => new Set(cells.map(({ at }) => stratumOf(at)))));
  const notes: string[] = [];
  const kept = byLevel.map(({ level, cells }) => {
    const held = cells.filter(({ at }) => common.has(stratumOf(at)));
    if (held.length < cells.length) {
      notes.push(
        `${factor} = ${level} has ${cells.length - held.length} conditions without a counterpart in the other levels; they are left out of the comparison.`,
      );
    }
    return { level, cells: weighted(held, stratumOf) };
  });
  const kind = kindOf({ isCommon, grouping, isNested: grouping !== null && isNested(kept, grouping) });
  const levels = kept.map(
    ({ level, cells }): LevelData => ({ level, cells, units: unitsOf(cells, kind, grouping) }),
  );
  const averagedOver = others
    .map(({ name }) => name)
    .filter((name) => !Object.hasOwn(options.where ?? {}, name));
  return { factor, kind, averagedOver, levels, strata: common.size, notes };
}

type Coordinates = Readonly<Record<string, string>>;
interface PlacedCell {
  readonly cell: Cell;
  readonly at: Coordinates;
}
type WeightedCell = LevelCell & PlacedCell;

function admittedCells(
  table: TrialTable,
  {
    metric,
    factor,
    where,
  }: { readonly metric: string; readonly factor: string; readonly where: Readonly<Record<string, unknown>> },
): readonly PlacedCell[] {
  const wanted = Object.entries(where).map(([name, level]) => [name, levelText(level)] as const);
  return cellsOf(table, metric)
    .map((cell) => ({ cell, at: coordinatesOf(table, cell.condition) }))
    .filter(({ at }) => at[factor] !== undefined && wanted.every(([name, level]) => at[name] === level));
}

/** Items under the key of each, in their order. */
export function groupedBy<T>(items: Iterable<T>, keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Equal weight to each stratum, and within a stratum to each cell. */
function weighted(
  cells: readonly PlacedCell[],
  stratumOf: (at: Coordinates) => string,
): readonly WeightedCell[] {
  const counts = new Map<string, number>();
  for (const { at } of cells) counts.set(stratumOf(at), (counts.get(stratumOf(at)) ?? 0) + 1);
  return cells.map(({ cell, at }) => {
    const stratum = stratumOf(at);
    return { cell, at, stratum, weight: 1 / (counts.size * counts.get(stratum)!) };
  });
}

function commonOf(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  const [first = new Set<string>(), ...rest] = sets;
  return new Set([...first].filter((key) => rest.every((set) => set.has(key))));
}

function kindOf(of: {
  readonly isCommon: boolean;
  readonly grouping: string | null;
  readonly isNested: boolean;
}): UnitKind {
  if (of.isCommon) return "replicates";
  if (of.grouping === null) return "cells";
  return of.isNested ? "clusters" : "blocks";
}

/** Whether no two levels share a level of the grouping factor. */
function isNested(levels: readonly { readonly cells: readonly WeightedCell[] }[], grouping: string): boolean {
  const levelOf = new Map<string, number>();
  for (const [index, { cells }] of levels.entries())
    for (const { at } of cells) {
      const key = at[grouping] ?? "";
      if ((levelOf.get(key) ?? index) !== index) return false;
      levelOf.set(key, index);
    }
  return levels.length > 1;
}

function unitsOf(cells: readonly WeightedCell[], kind: UnitKind, grouping: string | null): readonly Unit[] {
  switch (kind) {
    case "replicates":
      return replicateUnits(cells);
    case "blocks":
    case "clusters":
      return groupUnits(cells, grouping!);
    case "cells":
      return cells.flatMap(({ cell }) =>
        Array.from(cell.values, (value, i) => ({ id: `${cell.condition}/${cell.replicates[i]}`, value })),
      );
  }
}

/** Replicates that have a value in every cell of the level, each averaged over the cells. */
function replicateUnits(cells: readonly WeightedCell[]): readonly Unit[] {
  const sums = new Map<number, { sum: number; cells: number }>();
  for (const { cell, weight } of cells) {
    cell.values.forEach((value, i) => {
      const replicate = cell.replicates[i]!;
      const held = sums.get(replicate);
      if (held === undefined) sums.set(replicate, { sum: weight * value, cells: 1 });
      else {
        held.sum += weight * value;
        held.cells += 1;
      }
    });
  }
  return [...sums]
    .filter(([, held]) => held.cells === cells.length)
    .sort(([a], [b]) => a - b)
    .map(([replicate, { sum }]) => ({ id: String(replicate), value: sum }));
}

/** One unit a level of the grouping factor: the mean of its cell means; a group with an empty cell is incomplete and left out. */
function groupUnits(cells: readonly WeightedCell[], grouping: string): readonly Unit[] {
  const groups = groupedBy(cells, ({ at }) => at[grouping] ?? "");
  return [...groups]
    .filter(([, own]) => own.every(({ cell }) => cell.values.length > 0))
    .map(([id, own]) => {
      const means = own.map(
        ({ cell }) => cell.values.reduce((sum, value) => sum + value, 0) / cell.values.length,
      );
      return { id, value: means.reduce((sum, mean) => sum + mean, 0) / means.length };
    });
}
