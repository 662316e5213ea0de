// Power and sample size of the one-way analysis of variance and of a difference of two proportions.

import { fUpperQuantile } from "../distribution/f.ts";
import { findRoot } from "../distribution/find-root.ts";
import { noncentralFUpper } from "../distribution/noncentral-f.ts";
import { normalLower, normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";
import { type SampleSize, sampleSizeOf } from "./power-t.ts";

/**
 * Power of a one-way analysis of variance with k groups of n for Cohen's f.
 * @example powerAnova({ f: 0.25, k: 3, n: 52 }) // 0.80
 */
export function powerAnova(options: { f: number; k: number; n: number; alpha?: number }): number {
  const { f, k, n, alpha = 0.05 } = options;
  assertOpenUnit(alpha, "alpha");
  const df1 = k - 1;
  const df2 = k * (n - 1);
  if (!(df1 >= 1 && df2 > 0)) refuse("too-few", `k = ${k} groups of n = ${n} leave no degrees of freedom`);
  const critical = fUpperQuantile(alpha, { df1, df2 });
  return noncentralFUpper(critical, { df1, df2, ncp: k * n * f * f });
}

/** The n per group at which a one-way analysis of variance has the wanted power. */
export function sampleSizeAnova(options: {
  f: number;
  k: number;
  power: number;
  alpha?: number;
}): SampleSize {
  assertOpenUnit(options.power, "power");
  if (!(options.f > 0)) refuse("bad-option", `f is ${options.f}; it must be above 0`);
  return sampleSizeOf((n) => powerAnova({ ...options, n }), {
    power: options.power,
    least: 2,
    floor: 2,
  });
}

/** The smallest Cohen's f that k groups of n detect with the wanted power. */
export function detectableAnova(options: { k: number; n: number; power: number; alpha?: number }): number {
  const { power, alpha = 0.05 } = options;
  assertOpenUnit(power, "power");
  if (power <= alpha) refuse("bad-option", `power ${power} must be above alpha ${alpha}`);
  const gap = (f: number) => powerAnova({ ...options, f }) - power;
  let high = 1;
  while (gap(high) < 0) high *= 2;
  return findRoot(gap, { low: 0, high });
}

/** Cohen's h = 2 asin sqrt(p1) - 2 asin sqrt(p2), the effect size of two proportions. */
export function cohensH(p1: number, p2: number): number {
  for (const p of [p1, p2])
    if (!(p >= 0 && p <= 1)) refuse("bad-option", `a proportion is ${p}; it must lie in [0, 1]`);
  return 2 * Math.asin(Math.sqrt(p1)) - 2 * Math.asin(Math.sqrt(p2));
}

/** Power of the two-sided comparison of two proportions with n each, for Cohen's h (arcsine approximation). */
export function powerProportions(options: { h: number; n: number; alpha?: number }): number {
  const { h, n, alpha = 0.05 } = options;
  assertOpenUnit(alpha, "alpha");
  if (!(n > 0)) refuse("too-few", `n is ${n}; it must be above 0`);
  const shift = h * Math.sqrt(n / 2);
  const z = normalUpperQuantile(alpha / 2);
  return Math.min(1, normalUpper(z - shift) + normalLower(-z - shift));
}

/** The n per group at which the comparison of two proportions has the wanted power. */
export function sampleSizeProportions(options: { h: number; power: number; alpha?: number }): SampleSize {
  assertOpenUnit(options.power, "power");
  if (options.h === 0) refuse("bad-option", "no sample size shows an effect of 0");
  return sampleSizeOf((n) => powerProportions({ ...options, n }), {
    power: options.power,
    least: 1,
    floor: 1,
  });
}
