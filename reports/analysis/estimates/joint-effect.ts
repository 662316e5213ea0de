// The share of variance behind a joint test, by its design: over blocks one minus Wilks' lambda, over independent values the
// share of the test's own F. Both invert the noncentral F for their intervals, as stats/variance-explained.ts does.
import { noncentralFNoncentrality } from "../../../lib/stats/distribution/noncentral-f.ts";
import { type VarianceShare, varianceShare } from "../../../lib/stats/effect-size/variance-explained.ts";
import type { TestResult } from "../../../lib/stats/estimate.ts";
import type { WithinBlocksTest } from "../../../lib/stats/means/within-blocks.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { EffectSize } from "../finding.ts";
import { effectIntervalOf } from "../interval.ts";

/**
 * Multivariate epsilon squared of a one-sample Hotelling test: 1 - lambda, lambda Wilks' on n blocks, shrunken so that it is 0 on average
 * where there is no effect (1 - lambda itself is k / n then): 1 - lambda n / (n - k) = k (F - 1) / (k F + n - k). Source: Kelley, PNAS 21
 * (1935) 554-559, on the F of T squared. Null where it cannot be computed.
 */
export function blocksEffect({ statistic, df, n }: TestResult): EffectSize | null {
  const [df1, df2] = df;
  if (df1 === undefined || df2 === undefined) return null;
  return shareOf("multivariate epsilon squared", {
    kind: "epsilon-squared",
    statistic,
    df: [df1, df2],
    n: n[0] ?? 0,
  });
}

/**
 * Partial omega squared (or eta squared, under the classical ladder) of contrasts within blocks: their variance over that and the variance
 * within blocks. The ends are the shares of the noncentralities at which the observed F, on its corrected degrees of freedom, is as far in
 * either tail; the correction shrinks the noncentrality as it does the degrees of freedom. Source: Olejnik and Algina, Psychological
 * Methods 8 (2003) 434-447, on repeated measures; Box (1954) for the scaled F. Null where it cannot be computed.
 */
export function withinBlocksEffect(
  test: WithinBlocksTest,
  ladder: "estimation" | "classical",
): EffectSize | null {
  const { statistic: f, epsilon, contrasts: q, df } = test;
  const blocks = test.n[0]!;
  const isEta = ladder === "classical";
  // A noncentrality h is the share h / (h + rest): of the residual's degrees of freedom for eta, of all values for omega.
  const rest = isEta ? q * (blocks - 1) : (q + 1) * blocks;
  const value = Math.max(0, isEta ? q * f : q * (f - 1));
  const share = (noncentrality: number) => noncentrality / (noncentrality + rest);
  const end = (p: number) => share(noncentralFNoncentrality(f, { df1: df[0]!, df2: df[1]!, p }) / epsilon);
  const kind = isEta ? "eta squared" : "omega squared";
  const estimate = orRefusal(() => ({
    value: share(value),
    low: end(0.975),
    high: end(0.025),
    level: 0.95,
    method: `partial ${kind} with noncentral F interval`,
    n: blocks,
  }));
  if (isRefused(estimate) || !Number.isFinite(estimate.value)) return null;
  return {
    name: `partial ${kind}`,
    value: estimate.value,
    interval: effectIntervalOf(estimate),
    label: null,
  };
}

/**
 * Omega squared (eta squared under the classical ladder) of a joint test over independent values, from the test's own F: so the share is above
 * 0 wherever the test finds something, whatever variances it allows. Omega squared is q (F - 1) / (q (F - 1) + N), eta squared
 * q F / (q F + df2), for q contrasts and N values; with one variance in all cells these are the sums of squares of type III. Source:
 * Keren and Lewis, Educational and Psychological Measurement 39 (1979) 119-128. Null where it cannot be computed.
 */
export function cellsEffect(
  { statistic, df }: TestResult,
  of: {
    /** Number of values. */
    readonly n: number;
    readonly ladder: "estimation" | "classical";
    /** Whether other factors explain variance that is not counted. */
    readonly isPartial: boolean;
  },
): EffectSize | null {
  const [df1, df2] = df;
  if (df1 === undefined || df2 === undefined) return null;
  const kind = of.ladder === "classical" ? "eta-squared" : "omega-squared";
  const name = `${of.isPartial ? "partial " : ""}${kind.replace("-", " ")}`;
  return shareOf(name, { kind, statistic, df: [df1, df2], n: of.n });
}

function shareOf(
  name: string,
  of: {
    readonly kind: VarianceShare;
    readonly statistic: number;
    readonly df: readonly [number, number];
    readonly n: number;
  },
): EffectSize | null {
  const [df, residualDf] = of.df;
  // Only the ratio of the sums of squares counts, so the residual mean square may be 1.
  const row = {
    sumOfSquares: of.statistic * df,
    df,
    residualSumOfSquares: residualDf,
    residualDf,
    n: of.n,
  };
  const share = orRefusal(() => varianceShare({ kind: of.kind, row }));
  if (isRefused(share) || !Number.isFinite(share.value)) return null;
  return { name, value: share.value, interval: effectIntervalOf(share), label: null };
}
