// Levels of a design cut down to what all of them have: the strata that they share and, where units are paired, in each stratum the units
// that have a value in every one of them. A failed trial takes its own pair away and leaves the rest of its replicate.
import type { Cell } from "./cells.ts";
import {
  groupedBy,
  type LevelCell,
  type LevelData,
  type LevelDesign,
  reweighted,
  unitsOf,
} from "./level-design.ts";

/** Pairs that a stratum needs to say anything of its own spread. */
const pairsLeast = 2;

/**
 * The given levels of a design (all that a regression needs, as they are) over strata, and pairs, that all of them have; a level without a value leaves none. Levels that lack
 * nothing come back as they are. A stratum with one pair is left out where another has more.
 *
 * @example const [x, y] = sharedOf(design, [level, against]);
 */
export function sharedOf(design: LevelDesign, given: readonly LevelData[]): readonly LevelData[] {
  const { kind } = design;
  if (design.basis === "regression") return given;
  const levels = design.sharesReplicates && kind === "blocks" ? withSharedReplicates(given) : given;
  const isPaired = kind === "replicates" || kind === "blocks";
  const byStratum = levels.map(({ cells }) => groupedBy(cells, ({ stratum }) => stratum));
  const [first, ...rest] = byStratum;
  if (first === undefined) return levels;
  const strata = [...first.keys()].filter((stratum) => rest.every((other) => other.has(stratum)));
  const ids = new Map<string, ReadonlySet<number | string>>();
  if (isPaired)
    for (const stratum of strata) {
      const cells = byStratum.flatMap((own) => own.get(stratum)!);
      ids.set(stratum, kind === "replicates" ? sharedReplicates(cells) : sharedGroups(byStratum, stratum));
    }
  const isRich = [...ids.values()].some(({ size }) => size >= pairsLeast);
  const kept = new Set(isRich ? strata.filter((stratum) => ids.get(stratum)!.size >= pairsLeast) : strata);
  return levels.map((level): LevelData => {
    const cells = level.cells.flatMap((cell): readonly LevelCell[] => {
      if (!kept.has(cell.stratum)) return [];
      const shared = ids.get(cell.stratum);
      if (shared === undefined) return [cell];
      if (kind === "blocks") return shared.has(cell.group) ? [cell] : [];
      return [{ ...cell, cell: cutTo(cell.cell, shared) }];
    });
    const isWhole =
      cells.length === level.cells.length &&
      cells.every(({ cell }, i) => cell.values.length === level.cells[i]!.cell.values.length);
    if (isWhole) return level;
    const filled = reweighted(cells.filter(({ cell }) => cell.values.length > 0));
    return { level: level.level, cells: filled, units: unitsOf(filled, kind) };
  });
}

/** Each block's cells cut down to the replicates that all levels have there. */
function withSharedReplicates(levels: readonly LevelData[]): readonly LevelData[] {
  const placeOf = ({ stratum, group }: LevelCell) => `${stratum}\u0001${group}`;
  const all = groupedBy(
    levels.flatMap(({ cells }) => cells),
    placeOf,
  );
  const shared = new Map([...all].map(([place, cells]) => [place, sharedReplicates(cells)]));
  return levels.map((level) => {
    const cells = level.cells.map((held) => ({
      ...held,
      cell: cutTo(held.cell, shared.get(placeOf(held))!),
    }));
    if (cells.every(({ cell }, i) => cell === level.cells[i]!.cell)) return level;
    const filled = reweighted(cells.filter(({ cell }) => cell.values.length > 0));
    return { level: level.level, cells: filled, units: unitsOf(filled, "blocks") };
  });
}

function sharedReplicates(cells: readonly LevelCell[]): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const { cell } of cells)
    for (const replicate of cell.replicates) counts.set(replicate, (counts.get(replicate) ?? 0) + 1);
  return new Set([...counts].filter(([, count]) => count === cells.length).map(([replicate]) => replicate));
}

/** Blocks that have a cell of the stratum in every level. */
function sharedGroups(
  levels: readonly ReadonlyMap<string, readonly LevelCell[]>[],
  stratum: string,
): ReadonlySet<string> {
  const [first, ...rest] = levels.map((own) => new Set(own.get(stratum)!.map(({ group }) => group)));
  return new Set([...first!].filter((group) => rest.every((set) => set.has(group))));
}

function cutTo(cell: Cell, replicates: ReadonlySet<number | string>): Cell {
  if (replicates.size === cell.values.length) return cell;
  const at = Array.from(cell.replicates.keys()).filter((i) => replicates.has(cell.replicates[i]!));
  return {
    condition: cell.condition,
    values: Float64Array.from(at, (i) => cell.values[i]!),
    replicates: Uint32Array.from(at, (i) => cell.replicates[i]!),
    exposure: cell.exposure === null ? null : Float64Array.from(at, (i) => cell.exposure![i]!),
    times:
      cell.times === null
        ? null
        : {
            ...cell.times,
            time: at.map((i) => cell.times!.time[i]!),
            event: at.map((i) => cell.times!.event[i]!),
          },
  };
}

/** A design of each stratum by itself, in order of first appearance: what is averaged over, one combination at a time. */
export function stratumDesignsOf(design: LevelDesign): ReadonlyMap<string, LevelDesign> {
  const byStratum = new Map<string, LevelData[]>();
  for (const { level, cells } of design.levels)
    for (const [stratum, own] of groupedBy(cells, (cell) => cell.stratum)) {
      const weighted = reweighted(own);
      const levels = byStratum.get(stratum) ?? [];
      byStratum.set(stratum, levels);
      levels.push({ level, cells: weighted, units: unitsOf(weighted, design.kind) });
    }
  return new Map(
    [...byStratum].map(([stratum, levels]) => [
      stratum,
      { ...design, levels, strata: 1, averagedOver: [], notes: [] },
    ]),
  );
}

/** Levels without the strata in which one of them has a single value, whose spread nobody knows; all of them where none is left. */
export function withSpread(levels: readonly LevelData[]): {
  readonly levels: readonly LevelData[];
  /** What a test adds to its name: how many strata were left out; empty for none. */
  readonly words: string;
} {
  const poor = new Set(
    levels.flatMap(({ cells }) =>
      cells.flatMap(({ stratum, cell }) => (cell.values.length < 2 ? [stratum] : [])),
    ),
  );
  const all = new Set(levels.flatMap(({ cells }) => cells.map(({ stratum }) => stratum)));
  if (poor.size === 0 || poor.size === all.size) return { levels, words: "" };
  return {
    words: `, ${poor.size} ${poor.size === 1 ? "combination" : "combinations"} with a single value left out`,
    levels: levels.map(({ level, cells }) => {
      const kept = reweighted(cells.filter(({ stratum }) => !poor.has(stratum)));
      return { level, cells: kept, units: unitsOf(kept, "cells") };
    }),
  };
}
