// What stands beside a compared factor: the factors whose combinations pair like with like, those that belong to some levels only, and
// those that a zip moves together with it. A level is compared with another inside strata that both have, or not at all.
import type { FactorSummary } from "../../runtime/record/trial-table.ts";
import type { Cell } from "./cells.ts";

/** Levels as text by factor; a factor that the condition does not have is absent. */
export type Coordinates = Readonly<Record<string, string>>;

export interface PlacedCell {
  readonly cell: Cell;
  readonly at: Coordinates;
}

export interface PlacedLevel {
  readonly level: string;
  readonly cells: readonly PlacedCell[];
}

/** What the other factors are to a comparison of levels. */
export interface Surroundings {
  /** Their combinations are the strata. */
  readonly strata: readonly FactorSummary[];
  /** Belong to some of the levels only (parameters of a branch): a level is averaged over its own. */
  readonly own: readonly string[];
  /** Change together with the factor by declaration, so that a level is a level of these too. */
  readonly together: readonly string[];
}

/** @param others the factors that are not compared, not fixed by `where`, and not units. */
export function surroundingsOf(
  factor: FactorSummary,
  levels: readonly PlacedLevel[],
  others: readonly FactorSummary[],
): Surroundings {
  const strata: FactorSummary[] = [];
  const own: string[] = [];
  const together: string[] = [];
  for (const other of others) {
    const { name } = other;
    const met = levels.map(({ cells }) => new Set(cells.map(({ at }) => at[name])));
    const all = new Set(met.flatMap((set) => [...set]));
    if (all.size < 2) continue;
    if (met.some((set) => set.size === 1 && set.has(undefined))) own.push(name);
    else if (factor.zippedWith.includes(name) && met.every((set) => set.size === 1)) together.push(name);
    else strata.push(other);
  }
  return { strata, own, together };
}

/** The combination of the strata's factors at a condition, as one text. */
export function stratumOf(strata: readonly FactorSummary[], at: Coordinates): string {
  return strata.map(({ name }) => at[name] ?? "").join("\u0000");
}

/**
 * - "shared": each level over the strata that all levels have.
 * - "pairwise": no stratum is in all levels, but pairs of levels share some: each pair over its own.
 * - "regression": sampled numbers, which no two levels share; their slopes are estimated and taken out.
 * - "none": there is no comparing like with like.
 */
export type Basis = "shared" | "pairwise" | "regression" | "none";

export interface BasisFound {
  readonly basis: Basis;
  /** Strata that all levels with a value have. */
  readonly common: ReadonlySet<string>;
}

/** @param keys the strata of each level that has a value. */
export function basisOf(keys: readonly ReadonlySet<string>[], canRegress: boolean): BasisFound {
  const counts = new Map<string, number>();
  for (const set of keys) for (const key of set) counts.set(key, (counts.get(key) ?? 0) + 1);
  const common = new Set([...counts].filter(([, count]) => count === keys.length).map(([key]) => key));
  if (keys.length < 2 || common.size === counts.size) return { basis: "shared", common };
  if (canRegress) return { basis: "regression", common };
  if (common.size > 0) return { basis: "shared", common };
  const isMet = [...counts.values()].some((count) => count > 1);
  return { basis: isMet ? "pairwise" : "none", common };
}

/** Whether each level's mean of each sampled number lies within the range of every other level, so that a line does not reach beyond the data. */
export function overlaps(levels: readonly (readonly (readonly number[])[])[]): boolean {
  const width = levels[0]?.[0]?.length ?? 0;
  for (let j = 0; j < width; j += 1) {
    const columns = levels.map((rows) => rows.map((row) => row[j]!));
    // The inner ends: what all levels reach.
    const low = largest(columns.map(smallest));
    const high = smallest(columns.map(largest));
    const means = columns.map((column) => column.reduce((sum, x) => sum + x, 0) / column.length);
    if (means.some((mean) => mean < low || mean > high)) return false;
  }
  return true;
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b));
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b));
}
