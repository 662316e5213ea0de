// Slopes on several columns that are common to all strata, each stratum with a height of its own: regression on indicator columns of the
// strata without ever building them. With one stratum it is multiple regression.
import { studentTTwoSided, studentTUpperQuantile } from "../distribution/student-t.ts";
import type { TestResult } from "../estimate.ts";
import { tBounds } from "../interval-of.ts";
import { leastSquares } from "../least-squares.ts";
import { isNoise, momentsOf, unitOf } from "../moments.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import type { RegressionTerm } from "./multiple-regression.ts";

export interface StratifiedSlope extends RegressionTerm {
  readonly test: TestResult;
  /** By how many standard deviations of the outcome for one of the column. */
  readonly standardised: number;
  /** Variance inflation factor: 1 where the column is unrelated to the others, 10 where they explain nine tenths of it. */
  readonly inflation: number;
}

export interface StratifiedRegression {
  /** In the order of the columns. */
  readonly slopes: readonly StratifiedSlope[];
  readonly df: number;
  readonly residuals: readonly number[];
  /** Share of the variation within strata that the columns explain. */
  readonly rSquared: number;
  /** The same, less what as many columns of noise would explain. */
  readonly adjustedRSquared: number;
  /** Of the average line, each stratum weighted by its outcomes. */
  readonly intercept: number;
  /** Along column j, the others at their means, strata averaged: the line with its pointwise interval. */
  fitAt(j: number, x: number): { readonly y: number; readonly low: number; readonly high: number };
  /** Column j and the outcome, each less what the other columns and the strata say of it, about their means: the added-variable plot. */
  partial(j: number): { readonly x: readonly number[]; readonly y: readonly number[] };
}

export interface StratifiedRegressionOptions {
  readonly y: readonly number[];
  /** columns[j] is the j-th column, one number for each outcome. */
  readonly columns: readonly (readonly number[])[];
  /** The stratum of each outcome; one for all unless given. */
  readonly strata?: readonly string[];
  /** What a column is called in a refusal. */
  readonly names?: readonly string[];
  /** Default 0.95. */
  readonly level?: number;
}

/**
 * Least squares of deviations from the means of each stratum, which gives the slopes of regression on indicators (Frisch and Waugh 1933; Lovell
 * 1963), with HC3 standard errors: an outcome's leverage is 1 over the size of its stratum plus that of its deviations (MacKinnon and White,
 * Journal of Econometrics 29 (1985) 305-325; Long and Ervin, The American Statistician 54 (2000) 217-224). t on N - strata - columns
 * degrees of freedom. An outcome alone in its stratum says nothing of slopes.
 *
 * @throws StatisticsRefusal with too few outcomes, columns that do not vary within strata or depend on each other (named), and outcomes that lie
 * on the plane exactly.
 * @example stratifiedRegression({ y, columns: [dose], strata: site }).slopes[0]?.value
 */
export function stratifiedRegression(options: StratifiedRegressionOptions): StratifiedRegression {
  const { y, columns, level = 0.95 } = options;
  assertOpenUnit(level, "level");
  assertColumns(options);
  const n = y.length;
  const strata = indicesOf(options.strata ?? y.map(() => ""));
  const count = strata.sizes.length;
  const df = n - count - columns.length;
  if (df < 1)
    refuse("too-few", `${n} values leave no degrees of freedom for ${count + columns.length} coefficients`);
  const outcome = within(y, strata);
  const centred = columns.map((column) => within(column, strata));
  assertIndependent(centred, options);
  const values = centred.map(({ values: own }) => own);
  const fit = leastSquares(values, outcome.values);
  const residuals = outcome.values.map((value, i) =>
    fit.coefficients.reduce((left, slope, j) => left - slope * values[j]![i]!, value),
  );
  const total = sumOfSquares(outcome.values);
  const residual = sumOfSquares(residuals);
  if (isNoise(Math.sqrt(residual), Math.sqrt(total)))
    refuse("no-variation", "the outcome lies on a plane over the columns; there is no error to judge it by");
  const influences = influencesOf(values, fit.rootInverse);
  const weighed = weighedResiduals({ residuals, values, influences, strata });
  const errors = influences.map((row) => row.map((value, i) => value * weighed[i]!));
  const sdOf = (own: readonly number[]) => Math.sqrt(sumOfSquares(own) / (n - count));
  const slopes = columns.map((_, j): StratifiedSlope => {
    const value = (fit.coefficients[j]! * outcome.unit) / centred[j]!.unit;
    const standardError = (Math.sqrt(sumOfSquares(errors[j]!)) * outcome.unit) / centred[j]!.unit;
    const squared = fit.rootInverse[j]!.reduce((sum, entry) => sum + entry ** 2, 0);
    return {
      ...termOf({ value, standardError, df, level, n }),
      standardised: (fit.coefficients[j]! * sdOf(values[j]!)) / sdOf(outcome.values),
      inflation: squared * sumOfSquares(values[j]!),
    };
  });
  const means = columns.map((column) => momentsOf(column).mean);
  const mean = momentsOf(y).mean;
  const reach = studentTUpperQuantile((1 - level) / 2, df);
  const rSquared = 1 - residual / total;
  return {
    slopes,
    df,
    residuals: residuals.map((value) => value * outcome.unit),
    rSquared,
    adjustedRSquared: 1 - ((1 - rSquared) * (n - count)) / df,
    intercept: slopes.reduce((height, { value }, j) => height - value * means[j]!, mean),
    fitAt(j, x) {
      const away = (x - means[j]!) / centred[j]!.unit;
      const height = mean + slopes[j]!.value * (x - means[j]!);
      const variance = weighed.reduce((sum, error, i) => sum + (error / n + away * errors[j]![i]!) ** 2, 0);
      const half = reach * Math.sqrt(variance) * outcome.unit;
      return { y: height, low: height - half, high: height + half };
    },
    partial(j) {
      const others = values.filter((_, k) => k !== j);
      const rest = others.length === 0 ? null : leastSquares(others, values[j]!);
      const apart = values[j]!.map((value, i) =>
        others.reduce((left, column, k) => left - rest!.coefficients[k]! * column[i]!, value),
      );
      return {
        x: apart.map((value) => means[j]! + value * centred[j]!.unit),
        y: residuals.map((value, i) => mean + (value + fit.coefficients[j]! * apart[i]!) * outcome.unit),
      };
    },
  };
}

function termOf(of: {
  readonly value: number;
  readonly standardError: number;
  readonly df: number;
  readonly level: number;
  readonly n: number;
}): RegressionTerm & { readonly test: TestResult } {
  const { value, standardError, df, level, n } = of;
  const t = value / standardError;
  const p = studentTTwoSided(t, df);
  return {
    value,
    ...tBounds({ value, standardError, df, level, alternative: "two-sided" }),
    level,
    method: "t interval, HC3 errors",
    n,
    standardError,
    t,
    p,
    test: {
      method: "t test of the slope, least squares with HC3 errors",
      symbol: "t",
      statistic: t,
      df: [df],
      p,
      alternative: "two-sided",
      n: [n],
    },
  };
}

/** Slopes as sums over outcomes, whatever these are. */
export interface SlopeWeights {
  /** slopes[j] = sum over i of weights[j][i] y[i]. */
  readonly weights: readonly (readonly number[])[];
  /** Columns less the means of their strata. */
  readonly deviations: readonly (readonly number[])[];
  /** Variance inflation factor of each column. */
  readonly inflations: readonly number[];
}

/**
 * What each outcome adds to each slope, for columns that several sets of outcomes share: a regression within each block.
 *
 * @throws StatisticsRefusal for columns that do not vary within strata or depend on each other.
 * @example slopeWeights({ columns: [[0, 1, 2]] }).weights[0] // [-0.5, 0, 0.5]
 */
export function slopeWeights(
  options: Pick<StratifiedRegressionOptions, "columns" | "strata" | "names">,
): SlopeWeights {
  const [first = []] = options.columns;
  const strata = indicesOf(options.strata ?? first.map(() => ""));
  const centred = options.columns.map((column) => within(column, strata));
  assertIndependent(centred, options);
  const values = centred.map(({ values: own }) => own);
  const { rootInverse } = leastSquares(values, new Array<number>(first.length).fill(0));
  return {
    weights: influencesOf(values, rootInverse).map((row, j) => row.map((value) => value / centred[j]!.unit)),
    deviations: centred.map(({ values: own, unit }) => own.map((value) => value * unit)),
    inflations: values.map((own, j) => sumOfSquares([...rootInverse[j]!]) * sumOfSquares(own)),
  };
}

interface Strata {
  /** The stratum of each outcome. */
  readonly at: readonly number[];
  readonly sizes: readonly number[];
}

function indicesOf(names: readonly string[]): Strata {
  const known = new Map<string, number>();
  const sizes: number[] = [];
  const at = names.map((name) => {
    const index = known.get(name) ?? known.size;
    if (index === known.size) {
      known.set(name, index);
      sizes.push(0);
    }
    sizes[index]! += 1;
    return index;
  });
  return { at, sizes };
}

interface Centred {
  /** Deviations from the means of strata, in the unit. */
  readonly values: readonly number[];
  readonly unit: number;
}

function within(column: readonly number[], { at, sizes }: Strata): Centred {
  const { mean, sd } = momentsOf(column);
  const unit = unitOf(sd);
  const moved = column.map((value) => (value - mean) / unit);
  const sums = sizes.map(() => 0);
  for (const [i, value] of moved.entries()) sums[at[i]!]! += value;
  return { values: moved.map((value, i) => value - sums[at[i]!]! / sizes[at[i]!]!), unit };
}

/** Rows of (X'X)^-1 X': what each outcome adds to each coefficient. */
function influencesOf(
  values: readonly (readonly number[])[],
  root: readonly Float64Array[],
): readonly (readonly number[])[] {
  const rotated = values.map((_, k) =>
    values[0]!.map((_, i) => {
      let sum = 0;
      for (let j = 0; j <= k; j += 1) sum += values[j]![i]! * root[j]![k]!;
      return sum;
    }),
  );
  return values.map((_, j) =>
    values[0]!.map((_, i) => rotated.reduce((sum, row, k) => sum + root[j]![k]! * row[i]!, 0)),
  );
}

/** Residuals over one less the leverage. */
function weighedResiduals(of: {
  readonly residuals: readonly number[];
  readonly values: readonly (readonly number[])[];
  readonly influences: readonly (readonly number[])[];
  readonly strata: Strata;
}): readonly number[] {
  const { residuals, values, influences, strata } = of;
  return residuals.map((residual, i) => {
    const size = strata.sizes[strata.at[i]!]!;
    if (size === 1) return 0;
    const leverage = values.reduce((sum, column, j) => sum + column[i]! * influences[j]![i]!, 1 / size);
    if (leverage > 1 - 1e-10)
      refuse(
        "not-estimable",
        `value ${i + 1} alone fixes a coefficient (its leverage is 1), so its error is unknown`,
      );
    return residual / (1 - leverage);
  });
}

/** Each column in turn against those before it, so that the one that adds nothing is named. */
function assertIndependent(
  centred: readonly Centred[],
  { names }: Pick<StratifiedRegressionOptions, "names">,
): void {
  const basis: (readonly number[])[] = [];
  for (const [j, { values }] of centred.entries()) {
    const size = Math.sqrt(sumOfSquares(values));
    const name = names?.[j] ?? `column ${j + 1}`;
    if (isNoise(size, 16 * Math.sqrt(values.length)))
      refuse("no-variation", `${name} does not vary where the other factors are held fixed`);
    let left = values.map((value) => value / size);
    for (let pass = 0; pass < 2; pass += 1)
      for (const one of basis) {
        const dot = one.reduce((sum, value, i) => sum + value * left[i]!, 0);
        left = left.map((value, i) => value - dot * one[i]!);
      }
    const rest = Math.sqrt(sumOfSquares(left));
    if (rest < 1e-7)
      refuse(
        "not-estimable",
        `${name} is a combination of ${(names ?? []).slice(0, j).join(", ") || "the columns before it"} in these conditions, so their slopes cannot be told apart`,
      );
    basis.push(left.map((value) => value / rest));
  }
}

function assertColumns({ y, columns, strata }: StratifiedRegressionOptions): void {
  assertSample(y, { name: "the outcome", least: 3 });
  if (columns.length === 0) refuse("too-few", "there is no column to relate the outcome to");
  for (const [j, column] of columns.entries()) {
    if (column.length !== y.length)
      refuse(
        "unequal-lengths",
        `column ${j + 1} has ${column.length} values and the outcome has ${y.length}`,
      );
    assertSample(column, { name: `column ${j + 1}`, least: 3 });
  }
  if (strata !== undefined && strata.length !== y.length)
    refuse("unequal-lengths", `there are ${strata.length} strata for ${y.length} outcomes`);
}

function sumOfSquares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value ** 2, 0);
}
