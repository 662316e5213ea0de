// The restricted likelihood of a random intercept as a function of one ratio, from sums over groups: what is fitted, and where it is least.
import { findRoot } from "../distribution/find-root.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { refuse } from "../refusal.ts";

/** The outcomes of one group in sums. */
interface MixedGroup {
  readonly n: number;
  /** Sums of the columns, the intercept's first, and of the outcome. */
  readonly sums: readonly number[];
  readonly ySum: number;
}

export interface MixedData {
  readonly groups: readonly MixedGroup[];
  /** X'X, X'y and y'y over all outcomes. */
  readonly xx: readonly (readonly number[])[];
  readonly xy: readonly number[];
  readonly yy: number;
  readonly n: number;
  /** What was taken from every outcome, so that squares keep their digits. */
  readonly origin: number;
}

export interface MixedFit {
  /** Variance between groups over that within. */
  readonly ratio: number;
  readonly variance: number;
  readonly coefficients: readonly number[];
  /** (X' W X)^-1 with W = (I + ratio J)^-1 in each group: the covariance of the coefficients is `variance` times it. */
  readonly inverse: readonly (readonly number[])[];
  readonly criterion: number;
  /** The derivative of the criterion in the ratio. */
  readonly slope: number;
}

/** Sums of outcomes and columns by group; the intercept is added. */
export function mixedDataOf({
  y,
  columns,
  groups,
}: {
  readonly y: readonly number[];
  readonly columns: readonly (readonly number[])[];
  readonly groups: readonly (string | number)[];
}): MixedData {
  const origin = y.reduce((sum, value) => sum + value, 0) / y.length;
  const p = columns.length + 1;
  const held = new Map<string | number, { n: number; sums: number[]; ySum: number }>();
  const xx = Array.from({ length: p }, () => new Array<number>(p).fill(0));
  const xy = new Array<number>(p).fill(0);
  let yy = 0;
  for (const [i, value] of y.entries()) {
    const own = held.get(groups[i]!) ?? { n: 0, sums: new Array<number>(p).fill(0), ySum: 0 };
    held.set(groups[i]!, own);
    const row = [1, ...columns.map((column) => column[i]!)];
    const outcome = value - origin;
    own.n += 1;
    own.ySum += outcome;
    yy += outcome ** 2;
    for (let j = 0; j < p; j += 1) {
      own.sums[j]! += row[j]!;
      xy[j]! += row[j]! * outcome;
      for (let k = 0; k < p; k += 1) xx[j]![k]! += row[j]! * row[k]!;
    }
  }
  return { groups: [...held.values()], xx, xy, yy, n: y.length, origin };
}

/** The fit whose criterion is least. */
export function mixedFitOf(data: MixedData): MixedFit {
  return fitAt(data, ratioOf(data));
}

/** The fit at a given ratio: V^-1 is I - ratio / (1 + ratio n) J over the variance. */
function fitAt(data: MixedData, ratio: number): MixedFit {
  const { groups, n } = data;
  const p = data.xy.length;
  const normal = data.xx.map((row) => [...row]);
  const right = [...data.xy];
  let total = data.yy;
  let logs = 0;
  for (const group of groups) {
    const shrunk = ratio / (1 + ratio * group.n);
    logs += Math.log1p(ratio * group.n);
    total -= shrunk * group.ySum ** 2;
    for (let j = 0; j < p; j += 1) {
      right[j]! -= shrunk * group.sums[j]! * group.ySum;
      for (let k = 0; k < p; k += 1) normal[j]![k]! -= shrunk * group.sums[j]! * group.sums[k]!;
    }
  }
  const solve = positiveSolver(normal);
  const coefficients = solve(right);
  const rest = total - coefficients.reduce((sum, value, j) => sum + value * right[j]!, 0);
  if (!(rest > 1e-13 * data.yy))
    refuse("no-variation", "the model leaves nothing of the outcome over; there is no error to judge it by");
  const inverse = normal.map((_, j) => solve(normal.map((__, k) => (j === k ? 1 : 0))));
  const variance = rest / (n - p);
  return {
    ratio,
    variance,
    coefficients,
    inverse,
    criterion: (n - p) * (1 + Math.log(2 * Math.PI * variance)) + logs + logDeterminant(normal),
    slope: slopeOf(data, { ratio, coefficients, inverse, rest }),
  };
}

function slopeOf(
  { groups, n, xy }: MixedData,
  at: Pick<MixedFit, "ratio" | "coefficients" | "inverse"> & { readonly rest: number },
): number {
  let slope = 0;
  for (const group of groups) {
    const shrink = 1 / (1 + at.ratio * group.n);
    const residual = group.ySum - group.sums.reduce((sum, value, j) => sum + value * at.coefficients[j]!, 0);
    slope +=
      group.n * shrink -
      shrink ** 2 * quadratic(at.inverse, group.sums) -
      ((n - xy.length) * shrink ** 2 * residual ** 2) / at.rest;
  }
  return slope;
}

/** Where the criterion is least: 0 when it rises from there. */
function ratioOf(data: MixedData): number {
  const slopeAt = (ratio: number) => fitAt(data, ratio).slope;
  if (slopeAt(0) >= 0) return 0;
  let high = 1;
  while (slopeAt(high) < 0) {
    if (high > 1e12)
      refuse(
        "no-variation",
        "outcomes of one group differ by the factors alone; there is no error within groups",
      );
    high *= 4;
  }
  return findRoot(slopeAt, { low: high === 1 ? 0 : high / 4, high });
}

/** v' M v. */
export function quadratic(matrix: readonly (readonly number[])[], vector: readonly number[]): number {
  return matrix.reduce(
    (sum, row, j) => sum + vector[j]! * row.reduce((inner, value, k) => inner + value * vector[k]!, 0),
    0,
  );
}

function logDeterminant(matrix: readonly (readonly number[])[]): number {
  const a = matrix.map((row) => [...row]);
  let log = 0;
  for (let j = 0; j < a.length; j += 1) {
    log += Math.log(a[j]![j]!);
    for (let i = j + 1; i < a.length; i += 1) {
      const factor = a[i]![j]! / a[j]![j]!;
      for (let k = j; k < a.length; k += 1) a[i]![k]! -= factor * a[j]![k]!;
    }
  }
  return log;
}
