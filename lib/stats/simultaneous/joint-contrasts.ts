// Several t contrasts of independent levels judged together by the largest of them, each level with a variance of its own: against one
// baseline, or all pairs. A contrast keeps its own t and degrees of freedom, so an adjusted p is never below its raw one.

import { logScaleDensity, scaleSpacing } from "../distribution/chi-scale.ts";
import { normalDensity, normalLower, normalUpper } from "../distribution/normal.ts";
import { studentTTwoSided, studentTUpper } from "../distribution/student-t.ts";
import { studentizedRangeUpper } from "../distribution/studentized-range.ts";
import type { Alternative } from "../estimate.ts";
import { dunnettUpper } from "../means/dunnett.ts";
import { refuse } from "../refusal.ts";

/** One contrast: its t statistic and the degrees of freedom of its own standard error. */
export interface TContrast {
  readonly t: number;
  readonly df: number;
}

/** One contrast judged with the others. */
export interface JointTest {
  /** Adjusted for all contrasts, in [0, 1]. */
  readonly p: number;
  /**
   * The error rate of the contrast by itself that gives all of them together the error rate `error`: the interval of the contrast alone at
   * this rate is its simultaneous one.
   */
  pointwiseError(error: number): number;
}

/**
 * Levels against one baseline with unequal variances: the multivariate t with the correlations that the variances imply, and for each
 * contrast its own degrees of freedom. Source: Hasler and Hothorn, Biometrical Journal 50 (2008) 793-800.
 *
 * @param options.baseVariance squared standard error of the baseline's estimate; `variances` those of the others, in the contrasts' order.
 * @throws StatisticsRefusal when there are not as many variances as contrasts, or one is not positive.
 * @example
 * jointAgainstBaseline({ contrasts: [{ t: 2.5, df: 18 }, { t: 1, df: 18 }], baseVariance: 0.1, variances: [0.1, 0.1], alternative: "two-sided" })[0]?.p
 */
export function jointAgainstBaseline(options: {
  readonly contrasts: readonly TContrast[];
  readonly baseVariance: number;
  readonly variances: readonly number[];
  readonly alternative: Alternative;
}): readonly JointTest[] {
  const { contrasts, baseVariance, variances, alternative } = options;
  if (variances.length !== contrasts.length)
    refuse("unequal-lengths", `there are ${contrasts.length} contrasts and ${variances.length} variances`);
  if (![baseVariance, ...variances].every((variance) => variance > 0))
    refuse("no-variation", "a level does not vary; its error cannot be told from 0");
  const loadings = variances.map((variance) => Math.sqrt(baseVariance / (baseVariance + variance)));
  const twoSided = alternative === "two-sided";
  const insideAt = tabulated(againstBaseline(loadings, twoSided));
  return contrasts.map(({ t, df }) => {
    const size = twoSided ? Math.abs(t) : alternative === "greater" ? t : -t;
    return jointTest(size, {
      df,
      twoSided,
      insideAt,
      farTail: (d) => dunnettUpper(d, { loadings, df, twoSided }),
    });
  });
}

/**
 * All pairs of `k` levels with unequal variances, two-sided. Source: Games and Howell, Journal of Educational Statistics 1 (1976) 113-125.
 *
 * @example jointAllPairs({ contrasts: [{ t: 2.5, df: 18 }, { t: 1, df: 17 }, { t: -1.4, df: 18 }], k: 3 })[0]?.p
 */
export function jointAllPairs(options: {
  readonly contrasts: readonly TContrast[];
  readonly k: number;
}): readonly JointTest[] {
  const { contrasts, k } = options;
  const insideAt = tabulated(ofAllPairs(k));
  return contrasts.map(({ t, df }) =>
    jointTest(Math.abs(t), {
      df,
      twoSided: true,
      insideAt,
      farTail: (d) => studentizedRangeUpper(d * Math.SQRT2, { k, df }),
    }),
  );
}

interface JointLaw {
  readonly df: number;
  readonly twoSided: boolean;
  /** P(every contrast stays below d) when the common scale is known to be 1. */
  insideAt(d: number): number;
  /** The tail beyond d with all its digits, slowly. */
  farTail(d: number): number;
}

function jointTest(size: number, { df, twoSided, insideAt, farTail }: JointLaw): JointTest {
  const scale = scaleNodes(df);
  const outside = (d: number) => 1 - scale.reduce((sum, { weight, s }) => sum + weight * insideAt(d * s), 0);
  const near = outside(size);
  return {
    p: twoSided && size <= 0 ? 1 : near > 1e-6 ? Math.min(1, near) : farTail(size),
    pointwiseError(error) {
      const critical = criticalOf(outside, error);
      return twoSided ? studentTTwoSided(critical, df) : studentTUpper(critical, df);
    },
  };
}

/** Nodes and weights of the scale chi_df / sqrt(df), by the trapezoidal rule in its logarithm, to about 1e-8. */
function scaleNodes(df: number): readonly { readonly weight: number; readonly s: number }[] {
  const density = logScaleDensity(df);
  const spacing = 1.5 * scaleSpacing(df);
  const least = density(0) - 30;
  const nodes: { weight: number; s: number }[] = [];
  for (const direction of [-1, 1])
    for (let i = direction < 0 ? 1 : 0; density(direction * i * spacing) > least; i += 1) {
      const u = direction * i * spacing;
      nodes.push({ weight: Math.exp(density(u)), s: Math.exp(u) });
    }
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0);
  return nodes.map(({ weight, s }) => ({ weight: weight / total, s }));
}

const normalReach = 7;

/** Sums a function against the standard normal density by the trapezoidal rule. */
function overNormal(step: number, f: (z: number) => number): number {
  const nodes = Math.ceil(normalReach / step);
  let sum = 0;
  let total = 0;
  for (let i = -nodes; i <= nodes; i += 1) {
    const weight = normalDensity(i * step);
    total += weight;
    sum += weight * f(i * step);
  }
  return sum / total;
}

/** Contrast i is lambda_i z + sqrt(1 - lambda_i^2) e_i, with the baseline's z in common. */
function againstBaseline(loadings: readonly number[], twoSided: boolean): (d: number) => number {
  const parts = loadings.map((loading) => ({ loading, rest: Math.sqrt(1 - loading ** 2) }));
  const narrowest = Math.min(...parts.map(({ rest }) => rest));
  const step = 0.4 * Math.min(1, Math.max(0.05, narrowest) / 0.7);
  return (d) =>
    overNormal(step, (z) =>
      parts.reduce((product, { loading, rest }) => {
        const above = normalUpper((d - loading * z) / rest);
        const below = twoSided ? normalUpper((d + loading * z) / rest) : 0;
        return product * Math.max(0, 1 - above - below);
      }, 1),
    );
}

/** P(range of k normals <= sqrt(2) d) = k int phi(z) [Phi(z) - Phi(z - w)]^(k - 1) dz. */
function ofAllPairs(k: number): (d: number) => number {
  // The largest of many normals has a narrow density; the nodes follow it.
  const step = k > 12 ? 0.15 : 0.25;
  return (d) => {
    const w = d * Math.SQRT2;
    return k * overNormal(step, (z) => Math.max(0, normalLower(z) - normalLower(z - w)) ** (k - 1));
  };
}

const tableSpacing = 0.1;

/**
 * A smooth function of d by Lagrange's six points on a grid, to about 1e-9, each point computed when first asked for: all contrasts of a
 * family ask for the same function thousands of times. Near 0, where two-sided ones have a corner, it is the function itself.
 */
function tabulated(f: (d: number) => number): (d: number) => number {
  const values = new Map<number, number>();
  const at = (index: number): number => {
    const known = values.get(index);
    if (known !== undefined) return known;
    const value = f(index * tableSpacing);
    values.set(index, value);
    return value;
  };
  return (d) => {
    if (!(d > 3 * tableSpacing && d < 100)) return f(d);
    const place = d / tableSpacing;
    const first = Math.floor(place) - 2;
    let sum = 0;
    for (let i = 0; i < 6; i++) {
      let weight = 1;
      for (let j = 0; j < 6; j++) if (j !== i) weight *= (place - first - j) / (i - j);
      sum += weight * at(first + i);
    }
    return sum;
  };
}

/** The d with outside(d) = error, by the secant rule on logarithms: tails fall smoothly, and a few steps give ten digits. */
function criticalOf(outside: (d: number) => number, error: number): number {
  const f = (d: number) => Math.log(Math.max(outside(d), Number.MIN_VALUE) / error);
  let before = 1;
  let d = 2.5;
  let fBefore = f(before);
  for (let i = 0; i < 60; i += 1) {
    const here = f(d);
    if (here === fBefore) break;
    const next = d - (here * (d - before)) / (here - fBefore);
    before = d;
    fBefore = here;
    // Never more than doubled or halved, so that a first step from afar stays in range.
    d = Math.min(2 * d, Math.max(d / 2, next));
    if (Math.abs(d - before) < 1e-10 * d) break;
  }
  return d;
}
