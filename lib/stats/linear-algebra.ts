// The linear algebra of the statistics: Householder's QR of a tall matrix, Cholesky's method for a positive definite one, and, by mathjs, the
// eigenvalues of a symmetric one.
import { createRequire } from "node:module";
import type * as mathjs from "mathjs";
import { refuse } from "./refusal.ts";

/** A matrix with at least as many rows as columns as Q R, Q orthogonal, R upper triangular. */
export interface QrFactors {
  /** R[row][column] at and above the diagonal. */
  r(row: number, column: number): number;
  /** Q' times a vector of one number a row: the first entries belong to the columns, the rest is the residual. */
  rotated(right: readonly number[]): Float64Array;
}

/** QR by Householder reflections; `columns[j][i]` is row i of column j. Costs 2 n p^2 products. */
export function qrOf(columns: readonly (readonly number[])[]): QrFactors {
  const a = columns.map((column) => Float64Array.from(column));
  const n = a[0]?.length ?? 0;
  const p = a.length;
  const diagonal = new Float64Array(p);
  const lengths = new Float64Array(p);
  const reflect = (target: Float64Array, j: number) => {
    // A column that is zero from here down reflects nothing.
    if (lengths[j] === 0) return;
    const column = a[j]!;
    let dot = 0;
    for (let i = j; i < n; i += 1) dot += column[i]! * target[i]!;
    const factor = (2 * dot) / lengths[j]!;
    for (let i = j; i < n; i += 1) target[i]! -= factor * column[i]!;
  };
  for (let j = 0; j < p; j += 1) {
    const column = a[j]!;
    let norm = 0;
    for (let i = j; i < n; i += 1) norm = Math.hypot(norm, column[i]!);
    const alpha = column[j]! > 0 ? -norm : norm;
    column[j]! -= alpha;
    diagonal[j] = alpha;
    for (let i = j; i < n; i += 1) lengths[j]! += column[i]! ** 2;
    for (let k = j + 1; k < p; k += 1) reflect(a[k]!, j);
  }
  return {
    r: (row, column) => (row === column ? diagonal[row]! : row < column ? a[column]![row]! : 0),
    rotated(right) {
      const b = Float64Array.from(right);
      for (let j = 0; j < p; j += 1) reflect(b, j);
      return b;
    },
  };
}

/**
 * A solver of one symmetric positive definite system for many right sides: Cholesky's method after scaling to a unit diagonal.
 * Factoring costs k^3/6 products, each solution k^2.
 *
 * @throws StatisticsRefusal when the matrix is singular.
 * @example positiveSolver([[4, 0], [0, 2]])([8, 1])  // [2, 0.5]
 */
export function positiveSolver(
  matrix: readonly (readonly number[])[],
): (right: readonly number[]) => readonly number[] {
  const k = matrix.length;
  const scale = matrix.map((row, i) => Math.sqrt(row[i]!));
  if (scale.some((value) => !(value > 0)))
    refuse("no-variation", "a contrast of the comparison does not vary");
  const lower: number[][] = [];
  for (let i = 0; i < k; i++) {
    lower.push([]);
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i]![j]! / (scale[i]! * scale[j]!);
      for (let m = 0; m < j; m++) sum -= lower[i]![m]! * lower[j]![m]!;
      if (i === j && sum < 1e-12) {
        refuse("no-variation", "the contrasts of the comparison are linearly dependent in these data");
      }
      lower[i]!.push(i === j ? Math.sqrt(sum) : sum / lower[j]![j]!);
    }
  }
  return (right) => {
    const forward: number[] = [];
    for (let i = 0; i < k; i++) {
      let sum = right[i]! / scale[i]!;
      for (let m = 0; m < i; m++) sum -= lower[i]![m]! * forward[m]!;
      forward.push(sum / lower[i]![i]!);
    }
    const backward = new Array<number>(k).fill(0);
    for (let i = k - 1; i >= 0; i--) {
      let sum = forward[i]!;
      for (let m = i + 1; m < k; m++) sum -= lower[m]![i]! * backward[m]!;
      backward[i] = sum / lower[i]![i]!;
    }
    return backward.map((value, i) => value / scale[i]!);
  };
}

/** Eigenvalues of a symmetric matrix with their vectors of length 1, in no order. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly (readonly number[])[];
}

/**
 * By mathjs (Jacobi's rotations), which takes half a second to load and so is loaded by whoever is first to ask: the mixed models of
 * incomplete blocks alone.
 */
export function symmetricEigen(symmetric: readonly (readonly number[])[]): Eigen {
  // The package's own types; only eigs is used.
  const { eigs } = createRequire(import.meta.url)("mathjs") as Pick<typeof mathjs, "eigs">;
  const { eigenvectors } = eigs(
    symmetric.map((row) => [...row]),
    { precision: 1e-15 },
  );
  return {
    // A real symmetric matrix has real eigenvalues and, given as arrays, gets arrays back.
    values: eigenvectors.map(({ value }) => value as number),
    vectors: eigenvectors.map(({ vector }) => vector as number[]),
  };
}
