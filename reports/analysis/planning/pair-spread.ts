// The spread of each pair of levels in a pilot: of the differences between paired units, or within the conditions of both levels.
import { meanOf, momentsOf } from "../../../lib/stats/moments.ts";
import type { LevelData, LevelDesign } from "../../design/level-design.ts";

/** The spread that a plan assumes: of paired differences, or within the conditions of two levels. */
export interface Spread {
  readonly design: "paired" | "independent";
  /** Standard deviations of the two levels within conditions; twice that of the differences when paired. */
  readonly sds: readonly [number, number];
  /** Conditions that each level is averaged over: a replicate brings so many independent values. 1 when paired. */
  readonly strata: number;
}

export interface PairSpread {
  /** "0.95 rather than 0". */
  readonly label: string;
  /** Pairs, or values of the level that has fewer. */
  readonly n: number;
  /** Mean difference in the pilot: shown, never planned with. */
  readonly observed: number;
  readonly spread: Spread;
  /** Values to draw from, each around its level's mean. */
  readonly values: readonly [readonly number[], readonly number[]];
}

/** Each level against the baseline, or all pairs; pairs without spread are left out. */
export function pairSpreadsOf(design: LevelDesign, baseline: string | null): readonly PairSpread[] {
  const { levels } = design;
  const base = levels.find(({ level }) => level === baseline);
  const pairs =
    base === undefined
      ? levels.flatMap((low, index) => levels.slice(index + 1).map((high) => [high, low] as const))
      : levels.filter((level) => level !== base).map((level) => [level, base] as const);
  return pairs.flatMap(([level, other]) => {
    const found =
      design.kind === "replicates" || design.kind === "blocks"
        ? paired(level, other)
        : separate(level, other);
    return found === null ? [] : [{ label: `${level.level} rather than ${other.level}`, ...found }];
  });
}

type Found = Omit<PairSpread, "label">;

function paired(level: LevelData, other: LevelData): Found | null {
  const partners = new Map(other.units.map(({ id, value }) => [id, value]));
  const both = level.units.flatMap(({ id, value }) => {
    const partner = partners.get(id);
    return partner === undefined ? [] : [[value, partner] as const];
  });
  if (both.length < 2) return null;
  const differences = both.map(([value, partner]) => value - partner);
  const { sd } = momentsOf(differences);
  if (!(sd > 0)) return null;
  return {
    n: both.length,
    observed: meanOf(differences),
    spread: { design: "paired", sds: [sd, sd], strata: 1 },
    values: [both.map(([value]) => value), both.map(([, partner]) => partner)],
  };
}

function separate(level: LevelData, other: LevelData): Found | null {
  const [first, second] = [level, other].map(withinOf);
  if (first === undefined || second === undefined || first === null || second === null) return null;
  return {
    n: Math.min(first.values.length, second.values.length),
    observed: first.mean - second.mean,
    spread: {
      design: "independent",
      sds: [first.sd, second.sd],
      strata: Math.min(level.cells.length, other.cells.length),
    },
    values: [first.values, second.values],
  };
}

/** Values around the level's mean with the differences between its conditions taken out, and their pooled standard deviation. */
function withinOf({
  cells,
}: LevelData): { readonly mean: number; readonly sd: number; readonly values: readonly number[] } | null {
  const held = cells.filter(({ cell }) => cell.values.length > 1);
  const df = held.reduce((sum, { cell }) => sum + cell.values.length - 1, 0);
  if (held.length === 0 || df < 1) return null;
  const means = held.map(({ cell }) => meanOf([...cell.values]));
  const mean = meanOf(means);
  const squares = held.reduce(
    (sum, { cell }) => sum + (cell.values.length - 1) * momentsOf([...cell.values]).sd ** 2,
    0,
  );
  const sd = Math.sqrt(squares / df);
  if (!(sd > 0)) return null;
  const values = held.flatMap(({ cell }, index) =>
    Array.from(cell.values, (value) => value - means[index]! + mean),
  );
  return { mean, sd, values };
}
