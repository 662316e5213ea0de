// A full quadratic surface over several numeric factors: its coefficients, where it is level, and whether that is a top, a bottom or a saddle.
import { symmetricEigen } from "../linear-algebra.ts";
import { refuse } from "../refusal.ts";
import { type MultipleRegression, multipleRegression, type RegressionErrors } from "./multiple-regression.ts";

export interface ResponseSurface {
  /** Terms in the order 1, x1 .. xk, x1^2 .. xk^2, then the products x1 x2, x1 x3 .. */
  readonly fit: MultipleRegression;
  /** Where all slopes are 0, in the units of the columns; it may lie far outside the data. */
  readonly stationaryPoint: readonly number[];
  /** Of the surface there. */
  readonly predicted: number;
  /** Curvatures along the principal axes, the largest first: all below 0 is a maximum, all above a minimum, else a saddle. */
  readonly eigenvalues: readonly number[];
}

/**
 * The surface y = b0 + x'b + x'Bx by least squares; the stationary point is -B^-1 b / 2, the curvatures are B's eigenvalues. Columns in
 * similar units (coded to about -1 .. 1) keep the digits. Source: Box and Wilson, JRSS B 13 (1951) 1-45; Myers, Montgomery and
 * Anderson-Cook, Response Surface Methodology, 4th ed. (2016), 6.3.
 *
 * @throws StatisticsRefusal where a coefficient cannot be estimated, and where the surface is level along a line, so that no point is its own.
 * @example responseSurface({ y, columns: [x1, x2] }).stationaryPoint
 */
export function responseSurface(options: {
  readonly y: readonly number[];
  readonly columns: readonly (readonly number[])[];
  readonly errors?: RegressionErrors;
  readonly level?: number;
}): ResponseSurface {
  const { columns, ...rest } = options;
  const k = columns.length;
  const pairs = columns.flatMap((_, i) => columns.slice(i + 1).map((_, j) => [i, i + 1 + j] as const));
  const fit = multipleRegression({
    ...rest,
    columns: [
      ...columns,
      ...columns.map((column) => column.map((x) => x ** 2)),
      ...pairs.map(([i, j]) => columns[i]!.map((x, row) => x * columns[j]![row]!)),
    ],
  });
  const slopes = fit.slopes.map(({ value }) => value);
  const curvature = columns.map((_, i) => columns.map((_, j) => (i === j ? slopes[k + i]! : 0)));
  for (const [at, [i, j]] of pairs.entries()) {
    curvature[i]![j] = slopes[2 * k + at]! / 2;
    curvature[j]![i] = slopes[2 * k + at]! / 2;
  }
  const { values, vectors } = symmetricEigen(curvature);
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (!values.every((value) => Math.abs(value) > 1e-12 * largest))
    refuse("not-estimable", "the surface is level along a line, so it has no stationary point of its own");
  // B^-1 b in the eigenvectors, which does not ask B to be positive.
  const turned = vectors.map((vector) => vector.reduce((sum, value, i) => sum + value * slopes[i]!, 0));
  const stationaryPoint = columns.map(
    (_, i) => -values.reduce((sum, value, m) => sum + (vectors[m]![i]! * turned[m]!) / value, 0) / 2,
  );
  const rise = stationaryPoint.reduce((sum, x, i) => sum + x * slopes[i]!, 0) / 2;
  return {
    fit,
    stationaryPoint,
    predicted: fit.intercept.value + rise,
    eigenvalues: [...values].sort((a, b) => b - a),
  };
}
