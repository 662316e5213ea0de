// Both tails of sum_j Poisson(j; mean) G_j, where G_j falls with j by known steps: the noncentral F and chi-squared.
// The lower tail is built downwards and the upper tail upwards, so that every addition is of positive terms.
import type { Tails } from "./incomplete-beta.ts";
import { poissonMass } from "./saddle-point.ts";

/** Mixture of tails: `at(j)` gives both tails of component j, `step(j)` = lower(j) - lower(j + 1). */
export function poissonTails(options: {
  mean: number;
  at: (j: number) => Tails;
  step: (j: number) => number;
}): Tails {
  const { mean, at, step } = options;
  if (mean === 0) return at(0);
  // Beyond 12 standard deviations and 60 events a Poisson count has mass below 1e-30.
  const reach = 12 * Math.sqrt(mean) + 60;
  const first = Math.max(0, Math.floor(mean - reach));
  const last = Math.ceil(mean + reach);
  const mass: number[] = [];
  const steps: number[] = [];
  for (let j = first; j <= last; j += 1) {
    mass.push(poissonMass(j, mean));
    steps.push(step(j));
  }
  let lowerPart = at(last).lower;
  let lower = mass[last - first]! * lowerPart;
  for (let j = last - 1; j >= first; j -= 1) {
    lowerPart = Math.min(1, lowerPart + steps[j - first]!);
    lower += mass[j - first]! * lowerPart;
  }
  let upperPart = at(first).upper;
  let upper = mass[0]! * upperPart;
  for (let j = first + 1; j <= last; j += 1) {
    upperPart = Math.min(1, upperPart + steps[j - 1 - first]!);
    upper += mass[j - first]! * upperPart;
  }
  return { lower: Math.min(1, lower), upper: Math.min(1, upper) };
}
