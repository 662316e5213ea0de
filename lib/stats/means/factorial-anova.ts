// Factorial analysis of variance with interactions, types I, II and III (sum-to-zero contrasts), balanced or not.
// Each sum of squares is the squared projection on the term's own columns after all others: no subtraction of sums.

import { fUpper } from "../distribution/f.ts";
import type { VarianceRow } from "../effect-size/variance-explained.ts";
import { qrOf } from "../linear-algebra.ts";
import { refuse } from "../refusal.ts";
import {
  type DesignTerm,
  type FactorialData,
  type FactorialDesign,
  factorialDesign,
} from "./factorial-design.ts";

/** One term's row of the table; it can be passed to varianceShare() as it is. */
export interface FactorialRow extends VarianceRow {
  readonly term: string;
  readonly meanSquare: number;
  readonly f: number;
  readonly p: number;
}

/** A factorial analysis of variance. */
export interface FactorialAnova {
  readonly method: string;
  readonly rows: readonly FactorialRow[];
  readonly residual: { readonly sumOfSquares: number; readonly df: number; readonly meanSquare: number };
  readonly n: number;
}

/** Options of factorialAnova. */
export interface FactorialOptions extends FactorialData {
  /** 1 sequential, 2 each term after all that do not contain it (default), 3 each term after all others. */
  readonly type?: 1 | 2 | 3;
  /** Highest order of interaction; 1 for main effects only. Default: all. */
  readonly interactions?: number;
}

/**
 * A factorial analysis of variance by least squares.
 * Source: Searle, Linear Models (1971); types as in R's anova() and car::Anova() with contr.sum.
 * @throws StatisticsRefusal for a factor with one level, an empty cell where its interaction is wanted, no residual variation
 * @example await factorialAnova({ factors: { a: ["x", "x", "y", "y"], b: [1, 2, 1, 2] }, y: [1, 2, 3, 5], interactions: 1 })
 */
export function factorialAnova(options: FactorialOptions): FactorialAnova {
  const { type = 2, interactions } = options;
  const design = factorialDesign(options, interactions);
  assertEstimable(design);
  const full = project(design, { before: design.terms, term: undefined });
  const residualDf = design.within.df + full.leftDf;
  const residualSumOfSquares = design.within.sumOfSquares + full.left;
  if (residualDf < 1)
    refuse(
      "too-few",
      `${design.n} observations leave no degrees of freedom for error; leave out the highest interaction`,
    );
  const size = Math.max(...design.cells.map((cell) => Math.abs(cell.offset)));
  if (!(residualSumOfSquares > residualDf * (1e-14 * size) ** 2))
    refuse(
      "no-variation",
      "there is no variation left within the cells of the design; F would divide by zero",
    );
  const meanSquareError = residualSumOfSquares / residualDf;
  const rows: FactorialRow[] = [];
  for (const [index, term] of design.terms.entries()) {
    const before = design.terms.filter((other, place) => {
      if (type === 1) return place < index;
      if (type === 3) return other !== term;
      return other !== term && !term.factors.every((factor) => other.factors.includes(factor));
    });
    const { sumOfSquares } = project(design, { before, term });
    const df = term.columns.length;
    const f = sumOfSquares / df / meanSquareError;
    rows.push({
      term: term.name,
      sumOfSquares,
      df,
      meanSquare: sumOfSquares / df,
      f,
      p: fUpper(f, { df1: df, df2: residualDf }),
      residualSumOfSquares,
      residualDf,
      n: design.n,
    });
  }
  const name = { 1: "I (sequential)", 2: "II", 3: "III (sum-to-zero contrasts)" }[type];
  return {
    method: `factorial analysis of variance, type ${name}`,
    rows,
    residual: { sumOfSquares: residualSumOfSquares, df: residualDf, meanSquare: meanSquareError },
    n: design.n,
  };
}

/** Projects the cell means on columns: what `term` explains after `before`, and what is left over. */
function project(
  design: FactorialDesign,
  options: { before: readonly DesignTerm[]; term: DesignTerm | undefined },
): { sumOfSquares: number; left: number; leftDf: number } {
  const own = options.term?.columns ?? [];
  const others = options.before.flatMap((term) => term.columns);
  const { cells } = design;
  const ones = cells.map(() => 1);
  const columns = [ones, ...others, ...own];
  if (columns.length > cells.length)
    refuse(
      "empty-cell",
      `${cells.length} cells with data cannot estimate ${columns.length} coefficients; some cells of the design are empty`,
    );
  const weights = cells.map((cell) => Math.sqrt(cell.size));
  const { r, rotated: rotate } = qrOf(columns.map((column) => column.map((value, i) => value * weights[i]!)));
  const largest = Math.max(...columns.map((_, j) => Math.abs(r(j, j))));
  if (columns.some((_, j) => Math.abs(r(j, j)) < 1e-10 * largest))
    refuse(
      "empty-cell",
      "some cells of the design are empty, so its effects cannot be told apart; lower `interactions` or drop a level",
    );
  const rotated = rotate(cells.map((cell, i) => cell.offset * weights[i]!));
  const from = columns.length - own.length;
  const squares = (part: Float64Array) => part.reduce((sum, value) => sum + value * value, 0);
  return {
    sumOfSquares: squares(rotated.slice(from, columns.length)),
    left: squares(rotated.slice(columns.length)),
    leftDf: cells.length - columns.length,
  };
}

function assertEstimable(design: FactorialDesign): void {
  const names = Object.keys(design.levels);
  const possible = names.reduce((product, name) => product * design.levels[name]!.length, 1);
  const crossesAll = design.terms.some((term) => term.factors.length === names.length);
  if (!crossesAll || names.length < 2 || design.cells.length === possible) return;
  refuse(
    "empty-cell",
    `${possible - design.cells.length} of ${possible} cells of ${names.join(" x ")} have no observation, so the interaction cannot be estimated; set interactions: ${names.length - 1} or complete the design`,
  );
}
