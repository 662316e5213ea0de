// Ordinary least squares by Householder reflections, for unit-root regressions and relations of a metric to a factor.
// Columns are rows of numbers here: columns[j][i]. Rank deficiency is refused, never patched.
import { qrOf } from "./linear-algebra.ts";
import { refuse } from "./refusal.ts";

/** A fitted linear model. */
export interface LeastSquares {
  readonly coefficients: readonly number[];
  /** Standard error of each coefficient. */
  readonly standardErrors: readonly number[];
  readonly residualSumOfSquares: number;
  readonly df: number;
  /** Inverse of the triangular factor R of the columns: (X'X)^-1 is it times its transpose. rootInverse[j][k] is 0 below the diagonal. */
  readonly rootInverse: readonly Float64Array[];
}

/** Least squares of y on the given columns (add a column of ones for an intercept). */
export function leastSquares(columns: readonly (readonly number[])[], y: readonly number[]): LeastSquares {
  const n = y.length;
  const p = columns.length;
  if (n <= p) refuse("too-few", `${n} observations cannot estimate ${p} coefficients and their error`);
  const { r, rotated } = qrOf(columns);
  columns.forEach((column, j) => {
    if (!(Math.abs(r(j, j)) > 1e-11 * Math.hypot(...column)))
      refuse(
        "not-estimable",
        "the regressors are linearly dependent (a constant or repeating series); its coefficients cannot be told apart",
      );
  });
  const b = rotated(y);
  const coefficients = new Array<number>(p).fill(0);
  const inverse = Array.from({ length: p }, () => new Float64Array(p));
  for (let i = p - 1; i >= 0; i -= 1) {
    let value = b[i]!;
    for (let j = i + 1; j < p; j += 1) value -= r(i, j) * coefficients[j]!;
    coefficients[i] = value / r(i, i);
    for (let c = i; c < p; c += 1) {
      let entry = c === i ? 1 : 0;
      for (let j = i + 1; j <= c; j += 1) entry -= r(i, j) * inverse[j]![c]!;
      inverse[i]![c] = entry / r(i, i);
    }
  }
  let residual = 0;
  for (let i = p; i < n; i += 1) residual += b[i]! ** 2;
  const df = n - p;
  const deviation = Math.sqrt(residual / df);
  return {
    coefficients,
    standardErrors: inverse.map((row) => deviation * Math.hypot(...row)),
    residualSumOfSquares: residual,
    df,
    rootInverse: inverse,
  };
}
