// The joint statistic of several groups that share what was counted: their averaged excess against its covariance given the totals.
import { positiveSolver } from "../linear-algebra.ts";
import { refuse } from "../refusal.ts";

/** The groups in one cell. */
export interface SharedExcess {
  /** Of the cell in the averages. */
  readonly weight: number;
  /** Covariance of the excesses of groups i and j: spread (1 / shares[i] where i = j, less 1). */
  readonly spread: number;
  /** Of the trials or the exposure, adding up to 1. */
  readonly shares: readonly number[];
  /** Share or rate of each group less that of the cell. */
  readonly excess: readonly number[];
}

/** Solving costs the cube of the levels. */
const solvedMax = 500;

/**
 * T' V^-1 T of the first k - 1 groups, each against the last; 0 where no cell has anything to share. `of` gives the statistic of other excesses with the same totals.
 */
export function sharedQuadratic(cells: readonly SharedExcess[]): {
  readonly statistic: number;
  readonly of: (excesses: readonly (readonly number[])[]) => number;
} {
  const groups = cells[0]!.shares;
  const k = groups.length - 1;
  const gapOf = (excesses: readonly (readonly number[])[]): readonly number[] =>
    groups.map((_, j) => excesses.reduce((sum, excess, at) => sum + cells[at]!.weight * excess[j]!, 0));
  const seen = cells.map(({ excess }) => excess);
  const spread = cells.reduce((sum, cell) => sum + cell.weight ** 2 * cell.spread, 0);
  if (spread === 0) return { statistic: 0, of: () => 0 };
  // With the same shares in every cell V is spread (D^-1 - 1 1'), whose inverse needs no solving: Pearson's statistic.
  if (cells.every(({ shares }) => shares.every((share, j) => Math.abs(share - groups[j]!) < 1e-12))) {
    const of = (excesses: readonly (readonly number[])[]): number =>
      gapOf(excesses).reduce((sum, gap, j) => sum + (groups[j]! * gap ** 2) / spread, 0);
    return { statistic: of(seen), of };
  }
  if (k > solvedMax)
    refuse("too-large", `a joint test of more than ${solvedMax} levels of unequal sizes is not made`);
  const covariance = Array.from({ length: k }, () => new Array<number>(k).fill(0));
  for (const { weight, spread: own, shares } of cells)
    for (let i = 0; i < k; i += 1)
      for (let j = 0; j < k; j += 1)
        covariance[i]![j]! += weight ** 2 * own * ((i === j ? 1 / shares[i]! : 0) + 1 / shares[k]!);
  const solve = positiveSolver(covariance);
  const of = (excesses: readonly (readonly number[])[]): number => {
    const all = gapOf(excesses);
    const gap = all.slice(0, k).map((value) => value - all[k]!);
    return solve(gap).reduce((sum, value, j) => sum + value * gap[j]!, 0);
  };
  return { statistic: of(seen), of };
}
