// Iteratively reweighted least squares: how generalised linear models are fitted, whatever their link and variance.
import { positiveSolver } from "../linear-algebra.ts";
import { assertSample, refuse } from "../refusal.ts";

/** One observation's place: its row of the design, its value, and what is added to its linear predictor. */
export interface FitData {
  readonly y: readonly number[];
  /** rows[i] begins with 1 for the intercept. */
  readonly rows: readonly (readonly number[])[];
  /** Logarithm of the exposure, by observation; zeros unless told. */
  readonly offset?: readonly number[];
}

/** What a family says of one observation, of its linear predictor and its value. */
export interface Family {
  readonly mean: (predictor: number) => number;
  /** Fisher information of the linear predictor, and derivative of the log likelihood by it. */
  readonly weight: (mean: number) => number;
  readonly slope: (y: number, mean: number) => number;
  readonly deviance: (y: number, mean: number) => number;
}

export interface WeightedFit {
  readonly coefficients: readonly number[];
  /** Inverse of the information at the maximum. */
  readonly covariance: readonly (readonly number[])[];
  readonly means: readonly number[];
  readonly deviance: number;
}

const stepsMax = 100;

/** Refuses lists of unlike lengths. */
export function assertFit({ y, rows, offset }: FitData): void {
  assertSample(y, { name: "the outcome", least: 2 });
  if (rows.length !== y.length || (offset !== undefined && offset.length !== y.length))
    refuse(
      "unequal-lengths",
      `there are ${y.length} outcomes and ${rows.length} rows of covariates; they must be as many`,
    );
}

/** Fits by Fisher's scoring with halved steps; refuses where coefficients run away, as under separation. */
export function weightedFit(
  { y, rows, offset }: FitData,
  family: Family,
  start?: readonly number[],
): WeightedFit {
  const p = rows[0]!.length;
  let coefficients: readonly number[] = start ?? new Array<number>(p).fill(0);
  const at = (beta: readonly number[]) => {
    const means = rows.map((row, i) =>
      family.mean(row.reduce((sum, value, j) => sum + value * beta[j]!, offset?.[i] ?? 0)),
    );
    return { means, deviance: means.reduce((sum, mean, i) => sum + family.deviance(y[i]!, mean), 0) };
  };
  let here = at(coefficients);
  for (let step = 0; step < stepsMax; step += 1) {
    const solve = positiveSolver(information(rows, here.means, family));
    const score = new Array<number>(p).fill(0);
    for (const [i, row] of rows.entries())
      for (let j = 0; j < p; j += 1) score[j]! += row[j]! * family.slope(y[i]!, here.means[i]!);
    const direction = solve(score);
    let size = 1;
    let next = here;
    let moved = coefficients;
    do {
      moved = coefficients.map((value, j) => value + size * direction[j]!);
      next = at(moved);
      size /= 2;
    } while (!(next.deviance <= here.deviance + 1e-12 * (1 + Math.abs(here.deviance))) && size > 1e-8);
    const change = Math.max(...moved.map((value, j) => Math.abs(value - coefficients[j]!)));
    coefficients = moved;
    here = next;
    if (change < 1e-12 * (1 + Math.max(...coefficients.map(Math.abs)))) break;
    if (Math.max(...coefficients.map(Math.abs)) > 30)
      refuse("not-estimable", "a covariate separates the outcomes: its coefficient is infinite");
  }
  const solve = positiveSolver(information(rows, here.means, family));
  const covariance = coefficients.map((_, j) => solve(coefficients.map((__, k) => Number(j === k))));
  return { coefficients, covariance, means: here.means, deviance: here.deviance };
}

function information(rows: FitData["rows"], means: readonly number[], family: Family): number[][] {
  const p = rows[0]!.length;
  const sum = Array.from({ length: p }, () => new Array<number>(p).fill(0));
  for (const [i, row] of rows.entries()) {
    const weight = family.weight(means[i]!);
    for (let j = 0; j < p; j += 1) for (let k = 0; k < p; k += 1) sum[j]![k]! += weight * row[j]! * row[k]!;
  }
  return sum;
}
