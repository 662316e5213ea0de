// The contrast of a method that is an interval at every level and a test of no difference: other tests are the levels at which the interval
// ends at a value, so that no p contradicts its interval.
import { findRoot } from "../../../../lib/stats/distribution/find-root.ts";
import { normalLower, normalUpper, normalUpperQuantile } from "../../../../lib/stats/distribution/normal.ts";
import type { Alternative, Estimate, TestResult } from "../../../../lib/stats/estimate.ts";
import { settledInterval } from "../../../../lib/stats/proportions/settled-interval.ts";
import type { Contrast } from "./measure.ts";

export interface InvertedMethod {
  readonly confidence: number;
  readonly side: Alternative;
  /** Where two levels are alike. */
  readonly reference: 0 | 1;
  /** The two-sided interval at any confidence. */
  at(confidence: number): Estimate;
  /** Of no difference. */
  test(side: Alternative): TestResult;
}

/** Normal quantiles beyond this one have no probability left. */
const farthest = 8;

export function invertedContrast({ confidence, side, reference, at, test }: InvertedMethod): Contrast {
  const both = test("two-sided");
  const settled = (level: number): Estimate => settledInterval({ p: both.p, level, null: reference, at });
  return {
    estimate: settled(confidence),
    test:
      side === "two-sided"
        ? both
        : { ...test(side), method: `${both.method}, one-sided (${side})`, alternative: side },
    twoSidedP: both.p,
    intervalAt: settled,
    testAgainst(value, of) {
      const estimate = at(confidence);
      const z = quantileAt(at, estimate, value);
      return {
        ...both,
        method: `limits of ${estimate.method}`,
        symbol: "z",
        statistic: z,
        df: [],
        p: of === "greater" ? normalUpper(z) : normalLower(z),
        alternative: of,
      };
    },
  };
}

/** The normal quantile at which the interval ends at a value: positive where the estimate lies above it. */
function quantileAt(at: (confidence: number) => Estimate, estimate: Estimate, value: number): number {
  if (estimate.value === value) return 0;
  const end = estimate.value > value ? "low" : "high";
  const sign = end === "low" ? 1 : -1;
  const excess = (z: number): number => sign * (at(1 - 2 * normalUpper(z))[end] - value);
  if (excess(farthest) > 0) return sign * farthest;
  return sign * (excess(1e-6) <= 0 ? 1e-6 : findRoot(excess, { low: 1e-6, high: farthest }));
}

/**
 * The smallest true difference that is found with 80% power, by the estimate's half-width in standard errors: (z(1 - tail) + z(0.8)) of
 * them. Null beyond `most`. Source: Bloom (1995), Evaluation Review 19.
 */
export function detectableFrom(
  interval: Estimate,
  { tail, most }: { readonly tail: number; readonly most: number },
): number | null {
  const z = normalUpperQuantile((1 - interval.level) / 2);
  const found =
    ((normalUpperQuantile(tail) + normalUpperQuantile(0.2)) * (interval.high - interval.low)) / 2 / z;
  return found < most ? found : null;
}
