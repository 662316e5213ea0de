// Fisher's F: both tails and quantiles, through the incomplete beta function. Tails are tails, never 1 - cdf.
import { betaOddsQuantile } from "./beta.ts";
import { incompleteBeta, type Tails } from "./incomplete-beta.ts";

/** Numerator and denominator degrees of freedom, both > 0. */
export interface FShape {
  readonly df1: number;
  readonly df2: number;
}

/** P(F > f): the p value of an analysis of variance. */
export function fUpper(f: number, shape: FShape): number {
  return tails(f, shape).upper;
}

/** P(F <= f). */
export function fLower(f: number, shape: FShape): number {
  return tails(f, shape).lower;
}

/** The f with P(F > f) = p. */
export function fUpperQuantile(p: number, shape: FShape): number {
  const odds = betaOddsQuantile({ p, tail: "upper", a: shape.df1 / 2, b: shape.df2 / 2 });
  return (odds * shape.df2) / shape.df1;
}

/** The f with P(F <= f) = p. */
export function fQuantile(p: number, shape: FShape): number {
  const odds = betaOddsQuantile({ p, tail: "lower", a: shape.df1 / 2, b: shape.df2 / 2 });
  return (odds * shape.df2) / shape.df1;
}

function tails(f: number, { df1, df2 }: FShape): Tails {
  if (!(f > 0)) return { lower: 0, upper: 1 };
  if (f === Number.POSITIVE_INFINITY) return { lower: 1, upper: 0 };
  const odds = (df1 / df2) * f;
  return incompleteBeta({ a: df1 / 2, b: df2 / 2, x: odds / (1 + odds), y: 1 / (1 + odds) });
}
