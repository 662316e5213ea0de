// The joint statistic of several groups that share what was counted: their averaged excess against its covariance given the totals.
import { positiveSolver } from "../linear-algebra.ts";

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

/**
 * T' V^-1 T of the first k - 1 groups; 0 where no cell has anything to share. `of` gives the statistic of other excesses with the same totals.
 */
export function sharedQuadratic(cells: readonly SharedExcess[]): {
  readonly statistic: number;
  readonly of: (excesses: readonly (readonly number[])[]) => number;
} {
  const k = cells[0]!.shares.length - 1;
  const covariance = Array.from({ length: k }, () => new Array<number>(k).fill(0));
  for (const { weight, spread, shares } of cells)
    for (let i = 0; i < k; i += 1)
      for (let j = 0; j < k; j += 1)
        covariance[i]![j]! += weight ** 2 * spread * ((i === j ? 1 / shares[i]! : 0) - 1);
  if (cells.every(({ spread }) => spread === 0)) return { statistic: 0, of: () => 0 };
  const solve = positiveSolver(covariance);
  const of = (excesses: readonly (readonly number[])[]): number => {
    const gap = Array.from({ length: k }, (_, j) =>
      excesses.reduce((sum, excess, at) => sum + cells[at]!.weight * excess[j]!, 0),
    );
    return solve(gap).reduce((sum, value, j) => sum + value * gap[j]!, 0);
  };
  return { statistic: of(cells.map(({ excess }) => excess)), of };
}
