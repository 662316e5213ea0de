// The trials of a table arranged for one comparison: which cells make up each level of a factor, with which weights, and what
// the independent unit is. The design decides, not the data: this is where pseudo-replication and confounding are kept out.

import type { WeightedSample } from "../../lib/stats/means/weighted-cells.ts";
import { meanOf } from "../../lib/stats/moments.ts";
import type { FactorSummary, TrialTable } from "../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "./arm.ts";
import { type Cell, cellsOf } from "./cells.ts";
import {
  confoundedWords,
  fewGroupsWords,
  incompleteWords,
  leftOutWords,
  togetherWords,
} from "./design-notes.ts";
import { rowOfCell, type Unit, type UnitRow, unitsOfRows } from "./paired-units.ts";
import {
  type Basis,
  basisOf,
  type Coordinates,
  overlaps,
  type PlacedCell,
  type PlacedLevel,
  type Surroundings,
  stratumOf,
  surroundingsOf,
} from "./strata.ts";

/**
 * - "replicates": common random numbers; the replicate is the block, its value the mean over the level's cells, equal weights.
 * - "blocks": a declared block or cluster factor whose levels meet every level compared, or the points of a sampled design that each
 *   meet every level; each of its levels is one pair.
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
  /** The block or cluster that it belongs to; empty where there is none. */
  readonly group: string;
  /** Numbers of the sampled factors, on the scale they were sampled on; empty unless the basis is regression. */
  readonly covariates: readonly number[];
}

export interface LevelData {
  readonly level: string;
  readonly cells: readonly LevelCell[];
  /** Independent units: replicates, blocks or clusters; single trials for "cells". */
  readonly units: readonly Unit[];
}

/** The cells of a level as the statistics take them: values and weights. */
export function samplesOf({ cells }: LevelData): readonly WeightedSample[] {
  return cells.map(({ cell, weight }) => ({ values: cell.values, weight }));
}

export interface LevelDesign {
  readonly factor: string;
  readonly kind: UnitKind;
  /** Under common random numbers: trials of unlike blocks or clusters share their replicate's luck besides. */
  readonly sharesReplicates: boolean;
  /** What a block is called where no factor is declared for it: "sampled point"; null otherwise. */
  readonly blockName: string | null;
  /** Names of the other factors that the levels are averaged over. */
  readonly averagedOver: readonly string[];
  /** Names of the factors that change together with the factor, so that a level is a level of these too. */
  readonly together: readonly string[];
  /** How unlike surroundings of the levels are dealt with. */
  readonly basis: Basis;
  /** The sampled numbers whose slopes a regression takes out. */
  readonly covariates: readonly string[];
  /** In declared order; only levels that some admitted condition has. */
  readonly levels: readonly LevelData[];
  /** Number of strata that all levels share. */
  readonly strata: number;
  /** Why the levels cannot be compared like with like, in words; null when they can. */
  readonly refusal: string | null;
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
  const { factor } = options;
  const grouping = options.block ?? options.cluster ?? null;
  const isCommon = table.experiment.replicates.pairing === "common-random-numbers";
  const placement = placementOf(table, options, grouping);
  const { surroundings, sampled, basis, common, filled } = placement;
  const replicates = table.experiment.replicates.count;
  const arePoints =
    basis === "shared" && sampled.length > 0 && grouping === null && (!isCommon || replicates === 1);
  const strata =
    arePoints || basis === "regression" ? without(surroundings.strata, sampled) : surroundings.strata;
  const naming: Naming = {
    stratumOf: (at) => stratumOf(strata, at),
    groupOf: (at) => (arePoints ? stratumOf(sampled, at) : grouping === null ? "" : (at[grouping] ?? "")),
    covariatesOf: (cell) => (basis === "regression" ? numbersOf(table, sampled, cell) : []),
  };
  const isKept = ({ at }: PlacedCell) =>
    basis === "shared" ? common.has(stratumOf(surroundings.strata, at)) : basis !== "none";
  const kept = placement.measured.map(({ level, cells }) => ({
    level,
    cells: weighted(cells.filter(isKept), naming),
  }));
  const areGrouped =
    grouping !== null && new Set(kept.flatMap(({ cells }) => cells.map(({ group }) => group))).size > 1;
  const kind = arePoints ? "blocks" : kindOf({ isCommon, basis, areGrouped, isNested: isNested(kept) });
  return {
    factor,
    kind,
    sharesReplicates: isCommon && !arePoints && kind !== "replicates" && kind !== "cells" && replicates > 1,
    blockName: arePoints ? "sampled point" : null,
    averagedOver: [...surroundings.strata.map(({ name }) => name), ...surroundings.own],
    together: surroundings.together,
    basis,
    covariates: basis === "regression" ? sampled.map(({ name }) => name) : [],
    levels: kept.map(({ level, cells }) => ({ level, cells, units: unitsOf(cells, kind) })),
    strata: basis === "shared" ? common.size : 0,
    refusal: basis === "none" ? confoundedWords(factor, filled, surroundings.strata) : null,
    notes: [
      ...notesOf(factor, placement, new Map(kept.map(({ level, cells }) => [level, cells.length]))),
      ...(kind === "replicates" ? incompleteWords(replicatesOf(kept.flatMap(({ cells }) => cells))) : []),
      ...(areGrouped ? fewGroupsWords(grouping, fewestGroups(kept), kind === "clusters") : []),
    ],
  };
}

/** How many replicates there are, and how many of them lack a value in some cell. */
function replicatesOf(cells: readonly LevelCell[]): { readonly all: number; readonly incomplete: number } {
  const counts = new Map<number, number>();
  for (const { cell } of cells)
    for (const replicate of cell.replicates) counts.set(replicate, (counts.get(replicate) ?? 0) + 1);
  const incomplete = [...counts.values()].filter((count) => count < cells.length).length;
  return { all: counts.size, incomplete };
}

/** Blocks or clusters of the level that has fewest of them. */
function fewestGroups(levels: readonly { readonly cells: readonly LevelCell[] }[]): number {
  return levels.reduce(
    (least, { cells }) => Math.min(least, new Set(cells.map(({ group }) => group)).size || least),
    Number.POSITIVE_INFINITY,
  );
}

interface Placement {
  /** All admitted cells by level. */
  readonly placed: readonly PlacedLevel[];
  /** Those with a value. */
  readonly measured: readonly PlacedLevel[];
  /** Levels that have one. */
  readonly filled: readonly PlacedLevel[];
  readonly surroundings: Surroundings;
  /** The sampled numbers among the factors of the strata. */
  readonly sampled: readonly FactorSummary[];
  readonly basis: Basis;
  readonly common: ReadonlySet<string>;
}

/** What a factor is to the comparison follows from the design; which strata are left, from what was measured. */
function placementOf(table: TrialTable, options: LevelDesignOptions, grouping: string | null): Placement {
  const { factor: name, where = {} } = options;
  const factor = factorNamed(table, name);
  const others = table.experiment.factors.filter(
    (other) => other.name !== name && other.name !== grouping && !Object.hasOwn(where, other.name),
  );
  const placed = placedLevels(table, { metric: options.metric, factor, where });
  const surroundings = surroundingsOf(factor, placed, others);
  const measured = placed.map(({ level, cells }) => ({
    level,
    cells: cells.filter(({ cell }) => cell.values.length > 0),
  }));
  const filled = measured.filter(({ cells }) => cells.length > 0);
  const sampled = surroundings.strata.filter((other) => other.sampled !== null);
  const canRegress =
    sampled.length > 0 &&
    overlaps(filled.map(({ cells }) => cells.map(({ cell }) => numbersOf(table, sampled, cell))));
  const keys = filled.map(({ cells }) => new Set(cells.map(({ at }) => stratumOf(surroundings.strata, at))));
  return { placed, measured, filled, surroundings, sampled, ...basisOf(keys, canRegress) };
}

function notesOf(factor: string, placement: Placement, kept: ReadonlyMap<string, number>): readonly string[] {
  const { placed, filled, surroundings, basis } = placement;
  return [
    ...togetherWords(factor, surroundings.together),
    ...leftOutWords(factor, {
      kept,
      basis,
      levels: filled.map(({ level, cells }) => ({
        level,
        measured: cells.length,
        planned: placed.find((other) => other.level === level)!.cells.length,
      })),
    }),
  ];
}

function factorNamed(table: TrialTable, name: string): FactorSummary {
  const declared = table.experiment.factors;
  const own = declared.find((factor) => factor.name === name);
  if (own !== undefined) return own;
  const names = declared.map((factor) => factor.name).join(", ") || "none";
  throw new DesignError(`${name} is not a factor of ${table.experiment.name}; its factors are ${names}.`);
}

/** The admitted cells of each level, in declared order; levels that no admitted condition has are left out. */
function placedLevels(
  table: TrialTable,
  of: {
    readonly metric: string;
    readonly factor: FactorSummary;
    readonly where: Readonly<Record<string, unknown>>;
  },
): readonly PlacedLevel[] {
  const { name, levels } = of.factor;
  const wanted = Object.entries(of.where).map(([other, level]) => [other, levelText(level)] as const);
  const admitted = cellsOf(table, of.metric)
    .map((cell) => ({ cell, at: coordinatesOf(table, cell.condition) }))
    .filter(({ at }) => at[name] !== undefined && wanted.every(([other, level]) => at[other] === level));
  const byLevel = groupedBy(admitted, ({ at }) => at[name]!);
  return levels.map(levelText).flatMap((level) => {
    const cells = byLevel.get(level);
    return cells === undefined ? [] : [{ level, cells }];
  });
}

/** Sampled numbers of a condition, on the scale on which they were drawn. */
function numbersOf(
  table: TrialTable,
  sampled: readonly FactorSummary[],
  { condition }: Cell,
): readonly number[] {
  const parameters = table.conditions[condition]!;
  return sampled.map(({ name, sampled: scale }) => {
    const value = Number(parameters[name]);
    return scale === "log" ? Math.log10(value) : value;
  });
}

function without(all: readonly FactorSummary[], some: readonly FactorSummary[]): readonly FactorSummary[] {
  return all.filter((factor) => !some.includes(factor));
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

interface Naming {
  stratumOf(at: Coordinates): string;
  groupOf(at: Coordinates): string;
  covariatesOf(cell: Cell): readonly number[];
}

/** Equal weight to each stratum, and within a stratum to each cell. */
function weighted(cells: readonly PlacedCell[], naming: Naming): readonly LevelCell[] {
  const named = cells.map(({ cell, at }) => ({
    cell,
    stratum: naming.stratumOf(at),
    group: naming.groupOf(at),
    covariates: naming.covariatesOf(cell),
  }));
  return reweighted(named);
}

/** The same cells with weights that add up to 1. */
export function reweighted(cells: readonly Omit<LevelCell, "weight">[]): readonly LevelCell[] {
  const counts = new Map<string, number>();
  for (const { stratum } of cells) counts.set(stratum, (counts.get(stratum) ?? 0) + 1);
  return cells.map((cell) => ({ ...cell, weight: 1 / (counts.size * counts.get(cell.stratum)!) }));
}

function kindOf(of: {
  readonly isCommon: boolean;
  readonly basis: Basis;
  readonly areGrouped: boolean;
  readonly isNested: boolean;
}): UnitKind {
  if (of.basis === "regression") return "cells";
  if (of.areGrouped) return of.isNested ? "clusters" : "blocks";
  return of.isCommon ? "replicates" : "cells";
}

/** Whether no two levels share a block or cluster. */
function isNested(levels: readonly { readonly cells: readonly LevelCell[] }[]): boolean {
  const levelOf = new Map<string, number>();
  for (const [index, { cells }] of levels.entries())
    for (const { group } of cells) {
      if ((levelOf.get(group) ?? index) !== index) return false;
      levelOf.set(group, index);
    }
  return levels.length > 1;
}

/** The independent units of cells that make up a level, each with its value. */
export function unitsOf(cells: readonly LevelCell[], kind: UnitKind): readonly Unit[] {
  switch (kind) {
    case "replicates":
      return unitsOfRows(cells.map(rowOfCell));
    case "blocks":
    case "clusters":
      return groupUnits(cells);
    case "cells":
      return cells.flatMap(({ cell }) =>
        Array.from(cell.values, (value, i) => ({ id: `${cell.condition}/${cell.replicates[i]}`, value })),
      );
  }
}

/** One unit a block or cluster: its mean over the strata, each of them the mean of its cell means. */
function groupUnits(cells: readonly LevelCell[]): readonly Unit[] {
  const places = new Map<string, number>();
  for (const { group } of cells) if (!places.has(group)) places.set(group, places.size);
  const names = [...places.keys()];
  const strata = [...groupedBy(cells, ({ stratum }) => stratum).values()];
  const rows = strata.map((own): UnitRow => {
    const groups = [...groupedBy(own, ({ group }) => group)];
    return {
      weight: 1 / strata.length,
      values: new Map(
        groups.map(([group, held]) => [
          places.get(group)!,
          meanOf(held.map(({ cell }) => meanOf(cell.values))),
        ]),
      ),
    };
  });
  return unitsOfRows(rows, (id) => names[id]!);
}
