// The gamma distribution with shape a and scale 1: both tails. Chi-squared and Poisson tails are special cases.
import { incompleteGamma } from "./incomplete-gamma.ts";

/** P(X <= x) for a gamma variable of shape a > 0 and scale 1. */
export function gammaLower(x: number, shape: number): number {
  return incompleteGamma({ a: shape, x }).lower;
}

/** P(X > x), computed as a tail. */
export function gammaUpper(x: number, shape: number): number {
  return incompleteGamma({ a: shape, x }).upper;
}
