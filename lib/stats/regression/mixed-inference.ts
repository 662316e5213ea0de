// Degrees of freedom of a random-intercept model, whose variances are estimates themselves: Satterthwaite's, from how the error of a
// coefficient moves with the variances, and Kenward and Roger's, which corrects the error as well.
import { fUpper } from "../distribution/f.ts";
import { positiveSolver, symmetricEigen } from "../linear-algebra.ts";
import { type MixedData, type MixedFit, quadratic } from "./mixed-fit.ts";

/**
 * - "satterthwaite": Giesbrecht and Burns, Biometrics 41 (1985) 477-486; for several coefficients at once Fai and Cornelius, Journal of
 *   Statistical Computation and Simulation 54 (1996) 363-378; the covariance of the variances from the observed information.
 * - "kenward-roger": Kenward and Roger, Biometrics 53 (1997) 983-997, with the expected information.
 */
export type MixedDf = "satterthwaite" | "kenward-roger";

export interface MixedInference {
  readonly name: string;
  /** One a coefficient, the intercept's first. */
  readonly standardErrors: readonly number[];
  readonly df: readonly number[];
  /** All coefficients but the intercept 0. */
  readonly overall: { readonly f: number; readonly df: number; readonly p: number };
}

type Matrix = readonly (readonly number[])[];

export function mixedInference(data: MixedData, fit: MixedFit, kind: MixedDf): MixedInference {
  const p = fit.coefficients.length;
  const covariance = fit.inverse.map((row) => row.map((value) => value * fit.variance));
  const slopes = eliminated(data.xx).slice(1);
  if (fit.ratio === 0) {
    const df = data.n - p;
    const f = waldOf(fit.coefficients, covariance, slopes) / slopes.length;
    return {
      name: "no variance between groups, degrees of freedom of least squares",
      standardErrors: covariance.map((row, j) => Math.sqrt(row[j]!)),
      df: covariance.map(() => df),
      overall: { f, df, p: fUpper(f, { df1: slopes.length, df2: df }) },
    };
  }
  const parts = partsOf(data, fit, covariance);
  return kind === "satterthwaite"
    ? satterthwaite(fit, { covariance, parts, slopes })
    : kenwardRoger(fit, { covariance, parts, slopes });
}

/** What both methods are made of; index 0 is the variance between groups, 1 that within. V_0 = ZZ', V_1 = I, W = V^-1. */
interface Parts {
  /** X' W V_i W X: minus the derivative of the information of the coefficients. */
  readonly q: readonly [Matrix, Matrix];
  /** X' W V_i W V_j W X. */
  readonly qq: readonly [readonly [Matrix, Matrix], readonly [Matrix, Matrix]];
  /** Covariance of the two variances from the expected and from the observed information. */
  readonly expected: Matrix;
  readonly observed: Matrix;
}

interface Context {
  readonly covariance: Matrix;
  readonly parts: Parts;
  /** Contrasts of the joint test. */
  readonly slopes: readonly (readonly number[])[];
}

function satterthwaite(fit: MixedFit, { covariance, parts, slopes }: Context): MixedInference {
  const p = fit.coefficients.length;
  const dfOf = (contrast: readonly number[]) => {
    const moved = times(covariance, contrast);
    const gradient = parts.q.map((q) => quadratic(q, moved));
    return (2 * quadratic(covariance, contrast) ** 2) / quadratic(parts.observed, gradient);
  };
  const { vectors, values } = symmetricEigen(
    slopes.map((a) => slopes.map((b) => dot(a, times(covariance, b)))),
  );
  let sum = 0;
  const own = vectors.map((vector, i) => {
    const contrast = combined(slopes, vector);
    sum += dot(contrast, fit.coefficients) ** 2 / values[i]!;
    return dfOf(contrast);
  });
  const f = sum / slopes.length;
  const df = jointDf(own);
  return {
    name: "Satterthwaite's degrees of freedom",
    standardErrors: covariance.map((row, j) => Math.sqrt(row[j]!)),
    df: Array.from({ length: p }, (_, j) => dfOf(unit(p, j))),
    overall: { f, df, p: fUpper(f, { df1: slopes.length, df2: df }) },
  };
}

/** Fai and Cornelius: the F whose mean is that of the independent squared t statistics. */
function jointDf(own: readonly number[]): number {
  const q = own.length;
  if (q === 1) return own[0]!;
  const least = Math.min(...own);
  if (Math.max(...own) - least < 1e-8 * least) return least;
  const mean = own.reduce((sum, df) => sum + (df > 2 ? df / (df - 2) : 0), 0);
  return mean > q ? (2 * mean) / (mean - q) : 2;
}

function kenwardRoger(fit: MixedFit, { covariance, parts, slopes }: Context): MixedInference {
  const { q, qq, expected } = parts;
  const bias = pairs.reduce<Matrix>(
    (sum, [i, j]) => {
      const inner = added(qq[i][j], scaled(product(product(q[i], covariance), q[j]), -1));
      return added(sum, scaled(inner, expected[i]![j]!));
    },
    scaled(covariance, 0),
  );
  const adjusted = added(covariance, scaled(product(product(covariance, bias), covariance), 2));
  const judged = (contrasts: readonly (readonly number[])[]) => {
    const { factor, df } = scaleOf(contrasts, { covariance, parts });
    const f = (factor * waldOf(fit.coefficients, adjusted, contrasts)) / contrasts.length;
    return { f, df, p: fUpper(f, { df1: contrasts.length, df2: df }) };
  };
  const p = fit.coefficients.length;
  return {
    name: "Kenward and Roger's degrees of freedom",
    standardErrors: adjusted.map((row, j) => Math.sqrt(row[j]!)),
    df: Array.from({ length: p }, (_, j) => judged([unit(p, j)]).df),
    overall: judged(slopes),
  };
}

/** The scale of Wald's F and its denominator degrees of freedom; Kenward and Roger's section 3 in their notation. */
function scaleOf(
  contrasts: readonly (readonly number[])[],
  { covariance, parts }: Pick<Context, "covariance" | "parts">,
): { readonly factor: number; readonly df: number } {
  const l = contrasts.length;
  const solve = positiveSolver(contrasts.map((a) => contrasts.map((b) => dot(a, times(covariance, b)))));
  // Theta = L' (L C L')^-1 L, here times C P_i C.
  const theta = unitsOf(covariance.length).map((column) =>
    combined(contrasts, solve(contrasts.map((contrast) => dot(contrast, column)))),
  );
  const moved = parts.q.map((q) => product(product(theta, covariance), product(q, covariance)));
  let a1 = 0;
  let a2 = 0;
  for (const [i, j] of pairs) {
    const weight = parts.expected[i]![j]!;
    a1 += weight * trace(moved[i]!) * trace(moved[j]!);
    a2 += weight * trace(product(moved[i]!, moved[j]!));
  }
  const b = (a1 + 6 * a2) / (2 * l);
  const g = ((l + 1) * a1 - (l + 4) * a2) / ((l + 2) * a2);
  const below = 3 * l + 2 * (1 - g);
  const [c1, c2, c3] = [g / below, (l - g) / below, (l + 2 - g) / below];
  const mean = 1 / (1 - a2 / l);
  const variance = ((2 / l) * (1 + c1 * b)) / ((1 - c2 * b) ** 2 * (1 - c3 * b));
  const rho = variance / (2 * mean ** 2);
  const df = 4 + (l + 2) / (l * rho - 1);
  return { factor: df / (mean * (df - 2)), df };
}

function partsOf({ groups, xx, n }: MixedData, fit: MixedFit, covariance: Matrix): Parts {
  const s2 = fit.variance;
  const p = covariance.length;
  // Sums of s s' over groups with a weight each, where s holds the column sums; deviations from group means do not meet Z.
  const weighted = (weightOf: (n: number, shrink: number) => number): number[][] => {
    const sum = Array.from({ length: p }, () => new Array<number>(p).fill(0));
    for (const group of groups) {
      const weight = weightOf(group.n, 1 / (1 + fit.ratio * group.n));
      for (let j = 0; j < p; j += 1)
        for (let k = 0; k < p; k += 1) sum[j]![k]! += weight * group.sums[j]! * group.sums[k]!;
    }
    return sum;
  };
  const within = added(
    xx,
    weighted((size) => -1 / size),
  );
  const power = (k: number) =>
    added(
      within,
      weighted((size, shrink) => shrink ** k / size),
    );
  const q = [
    scaled(
      weighted((_, shrink) => shrink ** 2),
      1 / s2 ** 2,
    ),
    scaled(power(2), 1 / s2 ** 2),
  ] as const;
  const crossed = scaled(
    weighted((_, shrink) => shrink ** 3),
    1 / s2 ** 3,
  );
  const qq = [
    [
      scaled(
        weighted((size, shrink) => size * shrink ** 3),
        1 / s2 ** 3,
      ),
      crossed,
    ],
    [crossed, scaled(power(3), 1 / s2 ** 3)],
  ] as const;
  const traces = [
    [
      sumOver(groups, (size, shrink) => (size * shrink) ** 2, fit),
      sumOver(groups, (size, shrink) => size * shrink ** 2, fit),
    ],
    [
      sumOver(groups, (size, shrink) => size * shrink ** 2, fit),
      sumOver(groups, (size, shrink) => size - 1 + shrink ** 2, fit),
    ],
  ] as const;
  // tr(P V_i P V_j), P = W - W X C X' W.
  const t = pairwise((i, j) => {
    const first = traces[i][j] / s2 ** 2;
    const second = 2 * trace(product(covariance, qq[i][j]));
    return first - second + trace(product(product(covariance, q[i]), product(covariance, q[j])));
  });
  const e = quadraticsOf(groups, { fit, covariance, n });
  return {
    q,
    qq,
    expected: inverted(pairwise((i, j) => t[i]![j]! / 2)),
    observed: inverted(pairwise((i, j) => e[i]![j]! - t[i]![j]! / 2)),
  };
}

/** y' P V_i P V_j P y, from the groups' residual sums and the residual sum of squares, which is (n - p) times the variance. */
function quadraticsOf(
  groups: MixedData["groups"],
  { fit, covariance, n }: { readonly fit: MixedFit; readonly covariance: Matrix; readonly n: number },
): Matrix {
  const s2 = fit.variance;
  const p = covariance.length;
  const x = [new Array<number>(p).fill(0), new Array<number>(p).fill(0)] as const;
  const own = [
    [0, 0],
    [0, 0],
  ];
  let between = 0;
  for (const { n: size, sums, ySum } of groups) {
    const shrink = 1 / (1 + fit.ratio * size);
    const residual = ySum - dot(sums, fit.coefficients);
    // 1'e of the group, e = W r.
    const total = (shrink * residual) / s2;
    between += (shrink * residual ** 2) / size;
    own[0]![0]! += (total ** 2 * size * shrink) / s2;
    own[0]![1]! += (total ** 2 * shrink) / s2;
    own[1]![1]! += (total ** 2 * shrink) / (size * s2);
    for (let j = 0; j < p; j += 1) {
      x[0][j]! += (total * shrink * sums[j]!) / s2;
      x[1][j]! += (total * shrink * sums[j]!) / (size * s2);
    }
  }
  // What is left about the group means: r' W r is (n - p) s2 / s2 in all, so the part within is the rest; there W is I / s2.
  own[1]![1]! += ((n - p) * s2 - between) / s2 ** 3;
  own[1]![0] = own[0]![1]!;
  // X' e = 0 splits into the part of the means and the part within, which is therefore minus the former before W.
  const within = new Array<number>(p).fill(0);
  for (const { n: size, sums, ySum } of groups) {
    const shrink = 1 / (1 + fit.ratio * size);
    const total = (shrink * (ySum - dot(sums, fit.coefficients))) / s2;
    for (let j = 0; j < p; j += 1) within[j]! -= (total * sums[j]!) / size;
  }
  for (let j = 0; j < p; j += 1) x[1][j]! += within[j]! / s2;
  return pairwise((i, j) => own[i]![j]! - dot(x[i], times(covariance, x[j])));
}

const pairs = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
] as const;

function pairwise(of: (i: 0 | 1, j: 0 | 1) => number): Matrix {
  return [
    [of(0, 0), of(0, 1)],
    [of(1, 0), of(1, 1)],
  ];
}

function sumOver(
  groups: MixedData["groups"],
  of: (size: number, shrink: number) => number,
  { ratio }: MixedFit,
): number {
  return groups.reduce((sum, { n }) => sum + of(n, 1 / (1 + ratio * n)), 0);
}

/** (L b)' (L C L')^-1 (L b). */
function waldOf(
  coefficients: readonly number[],
  covariance: Matrix,
  contrasts: readonly (readonly number[])[],
): number {
  const values = contrasts.map((contrast) => dot(contrast, coefficients));
  const shape = contrasts.map((a) => contrasts.map((b) => dot(a, times(covariance, b))));
  return dot(values, positiveSolver(shape)(values));
}

/**
 * Rows of the unit upper triangle of X'X: what each column has that the later ones add nothing to. The joint degrees of freedom depend on
 * the contrasts that are taken; these are those of lmerTest (Kuznetsova, Brockhoff and Christensen, Journal of Statistical Software 82(13), 2017).
 */
function eliminated(xx: Matrix): Matrix {
  const a = xx.map((row) => [...row]);
  return a.map((row, j) => {
    for (let i = j + 1; i < a.length; i += 1) {
      const factor = a[i]![j]! / row[j]!;
      for (let k = j; k < a.length; k += 1) a[i]![k]! -= factor * row[k]!;
    }
    return row.map((value, k) => (k < j ? 0 : value / row[j]!));
  });
}

function unit(p: number, at: number): readonly number[] {
  return Array.from({ length: p }, (_, j) => (j === at ? 1 : 0));
}

const unitsOf = (p: number) => Array.from({ length: p }, (_, j) => unit(p, j));
const dot = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const times = (a: Matrix, b: readonly number[]) => a.map((row) => dot(row, b));
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, k) => row.reduce((sum, value, j) => sum + value * b[j]![k]!, 0)));
const added = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((value, j) => value + b[i]![j]!));
const scaled = (a: Matrix, by: number): Matrix => a.map((row) => row.map((value) => value * by));
const trace = (a: Matrix) => a.reduce((sum, row, i) => sum + row[i]!, 0);

function combined(rows: readonly (readonly number[])[], weights: readonly number[]): readonly number[] {
  return rows[0]!.map((_, j) => rows.reduce((sum, row, i) => sum + weights[i]! * row[j]!, 0));
}

/** Of a symmetric two by two. */
function inverted(matrix: Matrix): Matrix {
  const [a, b, d] = [matrix[0]![0]!, matrix[0]![1]!, matrix[1]![1]!];
  const determinant = a * d - b ** 2;
  return [
    [d / determinant, -b / determinant],
    [-b / determinant, a / determinant],
  ];
}
