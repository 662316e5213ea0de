// How far t intervals of many means over the same units have to reach so that all of them hold at once: for courses whose points depend on
// each other, and whose units may lack some of them.
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import { assertCount, assertOpenUnit, refuse } from "../refusal.ts";
import { resamplingRandom } from "../resampling/resampling-random.ts";

/** Below so many units the largest |t| of sign flips has too few values to have a tail. */
const flippedUnitsMin = 10;
/** More units than this are averaged in so many groups before their signs are flipped. */
const groupsMax = 200;

export interface SupT {
  /** What the standard error of each mean is multiplied by. */
  readonly critical: number;
  readonly method: string;
}

/**
 * The critical value of a simultaneous band of means: the quantile of the largest |t| over all columns when the signs of the units' centred
 * values are flipped together, which keeps the dependence between columns; Bonferroni's where that is smaller or there are fewer than
 * 10 units.
 *
 * Sources: Westfall and Young, Resampling-based multiple testing (1993) chapter 2; Montiel Olea and Plagborg-Moller, Journal of Applied
 * Econometrics 34 (2019) 1-17 (the sup-t band); sign flips: Wu, Annals of Statistics 14 (1986) 1261-1295.
 *
 * @param options rows[i][j] is the value of unit i in column j, NaN where it has none; columns that fewer than half of the units (or two)
 * have, or whose values do not vary, do not count. `draws` default 2,000.
 * @throws StatisticsRefusal when no column counts
 * @example supTCritical({ rows: changes, level: 0.95 }).critical
 */
export function supTCritical(options: {
  readonly rows: readonly ArrayLike<number>[];
  readonly level?: number;
  readonly draws?: number;
  readonly seed?: number;
}): SupT {
  const { rows, level = 0.95, draws = 2000, seed = 1 } = options;
  assertOpenUnit(level, "level");
  assertCount(draws, { name: "draws", least: 100 });
  const columns = columnsOf(rows);
  if (columns.length === 0) refuse("no-variation", "no column has values that differ, of half of the units");
  const fewest = columns.reduce((least, { n }) => Math.min(least, n), Number.POSITIVE_INFINITY);
  const bonferroni: SupT = {
    critical: studentTUpperQuantile((1 - level) / 2 / columns.length, fewest - 1),
    method: `simultaneous over ${columns.length} points, Bonferroni`,
  };
  if (columns.length === 1 || rows.length < flippedUnitsMin) return bonferroni;
  const flipped = flippedCritical(groupedColumns(rows, columns), { level, draws, seed });
  if (!(flipped < bonferroni.critical)) return bonferroni;
  return {
    critical: flipped,
    method: `simultaneous over ${columns.length} points, largest t of ${draws} sign flips, seed ${seed}`,
  };
}

interface Column {
  readonly at: number;
  /** Units with a value. */
  readonly n: number;
  readonly mean: number;
}

/** A column's values about their mean; 0 where a unit has none. */
interface Centred {
  readonly n: number;
  readonly values: Float64Array;
  readonly squares: number;
}

function columnsOf(rows: readonly ArrayLike<number>[]): readonly Column[] {
  const width = rows[0]?.length ?? 0;
  return Array.from({ length: width }, (_, at) => at).flatMap((at): readonly Column[] => {
    const held = rows.flatMap((row) => (Number.isFinite(row[at]!) ? [row[at]!] : []));
    if (held.length < Math.max(2, rows.length / 2) || held.every((value) => value === held[0])) return [];
    return [{ at, n: held.length, mean: held.reduce((sum, value) => sum + value, 0) / held.length }];
  });
}

/** Sums over every so-many-th unit: of few groups the flips cost little, and the largest |t| of their sums is nearly that of the units. */
function groupedColumns(rows: readonly ArrayLike<number>[], columns: readonly Column[]): readonly Centred[] {
  const groups = Math.min(rows.length, groupsMax);
  return columns.map(({ at, n, mean }) => {
    const values = new Float64Array(groups);
    rows.forEach((row, i) => {
      if (Number.isFinite(row[at]!)) values[i % groups]! += row[at]! - mean;
    });
    return { n: Math.min(n, groups), values, squares: values.reduce((sum, value) => sum + value ** 2, 0) };
  });
}

function flippedCritical(
  columns: readonly Centred[],
  { level, draws, seed }: { readonly level: number; readonly draws: number; readonly seed: number },
): number {
  const random = resamplingRandom(seed);
  const units = columns[0]!.values.length;
  const signs = new Float64Array(units);
  const largest = Float64Array.from({ length: draws }, () => {
    for (let i = 0; i < units; i += 1) signs[i] = random.below(2) === 0 ? 1 : -1;
    let most = 0;
    for (const { n, values, squares } of columns) {
      let sum = 0;
      for (let i = 0; i < units; i += 1) sum += signs[i]! * values[i]!;
      const left = squares - (sum * sum) / n;
      if (left > 0) most = Math.max(most, (sum * sum * (n - 1)) / (n * left));
    }
    return Math.sqrt(most);
  }).sort();
  return largest[Math.ceil(level * draws) - 1]!;
}
