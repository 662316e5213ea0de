// How the reference cases of one and two samples are computed with this package.

import { describe } from "../describe.ts";
import { noncentralTLower } from "../distribution/noncentral-t.ts";
import { normalUpperQuantile } from "../distribution/normal.ts";
import { studentTTwoSidedLog10 } from "../distribution/student-t.ts";
import {
  hedgesFactor,
  type Standardizer,
  standardizedDifference,
  standardizedParts,
} from "../effect-size/standardized-difference.ts";
import { equivalence } from "../means/equivalence.ts";
import { oneSampleT } from "../means/t-interval.ts";
import { type DifferenceOfMeans, pairedT, student, type TwoSamples, welch } from "../means/t-test.ts";
import { quantile } from "../quantile.ts";
import { mannWhitney } from "../ranks/mann-whitney.ts";
import { cliffsDelta, probabilityOfSuperiority, rankBiserialPaired } from "../ranks/ordinal-effect.ts";
import { wilcoxon, type ZeroRule } from "../ranks/wilcoxon.ts";
import { permutationTest } from "../resampling/permutation.ts";
import { shapiroWilk } from "../shapiro-wilk.ts";
import { varianceRatio } from "../variance-tests.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

const ends = (estimate: { low: number; high: number }) => [estimate.low, estimate.high];

function tTest(test: (samples: TwoSamples) => DifferenceOfMeans): Answer {
  return (context) => {
    const result = test({
      ...context.pair(),
      alternative: context.alternative(),
      level: context.number("level", 0.95),
    });
    return {
      statistic: result.statistic,
      df: result.df[0],
      p: result.p,
      log10_p: studentTTwoSidedLog10(result.statistic, result.df[0]!),
      ci: ends(result.estimate),
      stderr: result.estimate.standardError,
    };
  };
}

function effect(options: { standardizer: Standardizer; corrected?: boolean }): Answer {
  return (context) => {
    const samples = context.pair();
    const { value, low, high } = standardizedDifference({ ...samples, ...options, level: levelOf(context) });
    const { d, scale, df } = standardizedParts({ ...samples, standardizer: options.standardizer });
    const factor = options.corrected === true ? hedgesFactor(df) : 1;
    // P(T <= t) at the noncentrality of an end: what the interval solves for.
    const tailAt = (end: number) => noncentralTLower(d / scale, { df, ncp: end / (scale * factor) });
    return { estimate: value, low, high, tailAt };
  };
}

function levelOf(context: CaseContext): number {
  return typeof context.param("level") === "number" ? context.number("level") : 0.95;
}

function tost(paired: boolean): Answer {
  return (context) => {
    const result = equivalence({
      ...context.pair(),
      low: context.number("low"),
      high: context.number("high"),
      alpha: context.number("alpha", 0.05),
      variance: paired ? "paired" : context.param("variance") === "pooled" ? "pooled" : "unequal",
    });
    return {
      t_lower: result.lower.t,
      p_lower: result.lower.p,
      t_upper: result.upper.t,
      p_upper: result.upper.p,
      p: result.p,
      df: result.df,
      ci90: ends(result.estimate),
    };
  };
}

function describeAnswer(context: CaseContext): unknown {
  const values = context.sample();
  const d = describe(values);
  return {
    n: d.n,
    mean: d.mean,
    sd: d.sd,
    sem: d.standardError,
    median: d.median,
    iqr: d.interquartileRange,
    mad_scaled: d.mad * 1.4826,
    mad_raw: d.mad,
    q: [0.05, 0.25, 0.75, 0.95].map((p) => quantile(values, p)),
    q25: d.quartiles[0],
    q75: d.quartiles[1],
    iqm: d.interquartileMean,
    skew_biased: d.momentSkewness,
    skew_G1: d.skewness,
    kurt_biased: d.momentKurtosis,
    kurt_G2: d.kurtosis,
  };
}

function rankBiserialAnswer(context: CaseContext): unknown {
  const { x, y } = context.pair();
  const { value, low, high } = rankBiserialPaired({ x, y, level: levelOf(context) });
  const zerosOf = (values: readonly number[]) => values.filter((entry) => entry === 0).length;
  const size = x.length - zerosOf(x);
  if (zerosOf(x) === zerosOf(x.map((entry, i) => entry - y[i]!)) || Math.abs(value) === 1)
    return { estimate: value, low, high };
  // effectsize 0.8.3 counts the non-zero x, not the non-zero differences, for the width; its own slip is repeated here to
  // show that it explains the whole difference.
  const deviation = Math.sqrt((2 * size ** 3 + 3 * size ** 2 + size) / 6) / ((size ** 2 + size) / 2);
  const reach = normalUpperQuantile((1 - levelOf(context)) / 2) * deviation;
  return {
    estimate: value,
    low: Math.tanh(Math.atanh(value) - reach),
    high: Math.tanh(Math.atanh(value) + reach),
  };
}

function mannWhitneyAnswer(context: CaseContext): unknown {
  const method = String(context.param("method"));
  const result = mannWhitney({
    ...context.pair(),
    alternative: context.alternative(),
    variant: method.startsWith("exact") ? "exact" : "asymptotic",
    continuity: context.param("continuity") === true,
    twoSided: method === "exact-conditional-on-ties" ? "distance" : "doubled",
  });
  return { W: result.statistic, U1: result.statistic, Z: result.z, p: result.p };
}

function wilcoxonAnswer(context: CaseContext): unknown {
  const method = String(context.param("method"));
  const zeros = String(context.param("zero_method") ?? context.param("zeros") ?? "wilcox").toLowerCase();
  const rule: ZeroRule = zeros === "pratt" ? "pratt" : zeros === "zsplit" ? "zsplit" : "wilcox";
  const result = wilcoxon({
    ...context.pair(),
    alternative: context.alternative(),
    variant: method.startsWith("exact") ? "exact" : "asymptotic",
    continuity: context.param("continuity") === true,
    zeros: rule,
  });
  return {
    V: result.statistic,
    statistic_min: Math.min(result.positive + result.zeroShare, result.negative + result.zeroShare),
    Z: result.z,
    p: result.p,
  };
}

function permutationAnswer(variant: "exact" | "monte-carlo", paired: boolean): Answer {
  return (context) => {
    const result = permutationTest({
      ...context.pair(),
      paired,
      variant,
      alternative: context.alternative(),
      twoSided: context.param("p_rule") === undefined ? "doubled" : "distance",
      resamples: 20_000,
      seed: 11,
    });
    return { statistic: result.statistic, Z: result.z, p: result.p, n_permutations: result.permutations };
  };
}

/** Methods of one and two samples, by the name that a reference file gives them. */
export const sampleMethods: Readonly<Record<string, Answer>> = {
  describe: describeAnswer,
  mean_t_ci: (context) => {
    const result = oneSampleT(context.sample(), { level: context.number("level") });
    return {
      statistic: result.statistic,
      df: result.df[0],
      p: result.p,
      ci: ends(result.estimate),
      stderr: result.estimate.standardError,
    };
  },
  shapiro_wilk: (context) => {
    const result = shapiroWilk(context.sample());
    return { W: result.statistic, p: result.p };
  },
  t_student: tTest(student),
  t_welch: tTest(welch),
  t_paired: tTest(pairedT),
  tost_ind: tost(false),
  tost_paired: tost(true),
  f_var: (context) => {
    const result = varianceRatio(context.pair());
    return { F: result.statistic, p: result.p, ci: ends(result.estimate) };
  },
  cohens_d: effect({ standardizer: "pooled" }),
  cohens_d_unpooled: effect({ standardizer: "average" }),
  cohens_dz: effect({ standardizer: "paired" }),
  hedges_g: effect({ standardizer: "pooled", corrected: true }),
  hedges_gz: effect({ standardizer: "paired", corrected: true }),
  glass_delta: effect({ standardizer: "control" }),
  cliffs_delta: (context) => {
    const delta = cliffsDelta({ ...context.pair(), level: levelOf(context) });
    return {
      estimate: delta.value,
      delta: delta.value,
      low: delta.low,
      high: delta.high,
      prob_superiority: probabilityOfSuperiority(context.pair()).value,
    };
  },
  rank_biserial_paired: rankBiserialAnswer,
  mann_whitney: mannWhitneyAnswer,
  wilcoxon_signed_rank: wilcoxonAnswer,
  permutation_ind_exact: permutationAnswer("exact", false),
  permutation_ind_mc: permutationAnswer("monte-carlo", false),
  permutation_paired_exact: permutationAnswer("exact", true),
};
