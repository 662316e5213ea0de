// The share of variance behind a joint test, by its design: over blocks one minus Wilks' lambda, over cells the partial share of
// the same contrasts. Both invert the noncentral F for their intervals, as stats/variance-explained.ts does.
import { noncentralFNoncentrality } from "../../../lib/stats/distribution/noncentral-f.ts";
import type { TestResult } from "../../../lib/stats/estimate.ts";
import { positiveSolver } from "../../../lib/stats/linear-algebra.ts";
import { momentsOf, unitOf } from "../../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import { type VarianceShare, varianceShare } from "../../../lib/stats/variance-explained.ts";
import type { WithinBlocksTest } from "../../../lib/stats/within-blocks.ts";
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
 * Partial omega squared (or eta squared, under the classical ladder) of contrasts of cell means with one variance in all cells:
 * F = (Cm)' (C D C')^-1 (Cm) / (q s^2), D = diag(1/n), on q and N - cells degrees of freedom; with equal weights the sum of
 * squares of type III. Source: Keren and Lewis, Educational and Psychological Measurement 39 (1979) 119-128. Null where it cannot be computed.
 */
export function cellsEffect(options: {
  readonly cells: readonly ArrayLike<number>[];
  readonly contrasts: readonly (readonly number[])[];
  readonly ladder: "estimation" | "classical";
}): EffectSize | null {
  const { cells, contrasts, ladder } = options;
  const origin = cells[0]?.[0] ?? 0;
  const found = orRefusal(() => {
    const moments = cells.map((values) => momentsOf(values, origin));
    const unit = unitOf(moments.reduce((most, { offset, sd }) => Math.max(most, Math.abs(offset), sd), 0));
    const parts = moments.map(({ n, offset, sd }) => ({ n, offset: offset / unit, sd: sd / unit }));
    const residualDf = parts.reduce((sum, { n }) => sum + n - 1, 0);
    const meanSquare = parts.reduce((sum, { sd, n }) => sum + (n - 1) * sd ** 2, 0) / residualDf;
    const values = contrasts.map((row) => row.reduce((sum, weight, i) => sum + weight * parts[i]!.offset, 0));
    const shape = contrasts.map((a) =>
      contrasts.map((b) => a.reduce((sum, weight, i) => sum + (weight * b[i]!) / parts[i]!.n, 0)),
    );
    const solved = positiveSolver(shape)(values);
    const sumOfSquares = values.reduce((sum, value, i) => sum + value * solved[i]!, 0);
    return { statistic: sumOfSquares / contrasts.length / meanSquare, residualDf };
  });
  if (isRefused(found)) return null;
  const kind = ladder === "classical" ? "eta-squared" : "omega-squared";
  return shareOf(`partial ${kind.replace("-", " ")}`, {
    kind,
    statistic: found.statistic,
    df: [contrasts.length, found.residualDf],
    n: cells.reduce((sum, values) => sum + values.length, 0),
  });
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
