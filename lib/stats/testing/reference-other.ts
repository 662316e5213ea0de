// How the remaining reference cases are computed: distributions, bootstrap, power, series, rliable, confidence sequences.

import { asymptoticRadius, empiricalBernsteinSteps, normalMixtureBoundary } from "../confidence-sequence.ts";
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { fUpper } from "../distribution/f.ts";
import { studentTUpper } from "../distribution/student-t.ts";
import { studentizedRangeLower, studentizedRangeUpper } from "../distribution/studentized-range.ts";
import { momentsOf } from "../moments.ts";
import { powerAnova, powerProportions, sampleSizeAnova } from "../power/power-other.ts";
import { powerT, powerWelch, powerWelchCentral, sampleSizeT } from "../power/power-t.ts";
import { bootstrap } from "../resampling/bootstrap.ts";
import { basicEnds, bcaEnds, percentileEnds } from "../resampling/bootstrap-interval.ts";
import {
  leaveOneOutOf,
  observedStatistic,
  type Statistic,
  statisticFunction,
} from "../resampling/resample-statistic.ts";
import { aggregates, performanceProfile, probabilityOfImprovement, stratifiedBootstrap } from "../rliable.ts";
import { dickeyFuller, type UnitRootTrend } from "../series/dickey-fuller.ts";
import { type KpssLags, kpss } from "../series/kpss.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

const ends = ({ low, high }: { low: number; high: number }) => [low, high];

/** A table of rows whose last columns are the answers; the first columns go to `compute`. */
function table(arguments_: number, compute: (row: readonly number[]) => readonly number[]): Answer {
  return (context) =>
    (context.case.expected as readonly (readonly number[])[]).map((row) => [
      ...row.slice(0, arguments_),
      ...compute(row),
    ]);
}

function statisticOf(context: CaseContext): Statistic {
  return context.param("statistic") === "median" ? "median" : "mean";
}

/**
 * BCa as SciPy computes it: resamples that rearrange the data tie with the estimate only if numpy's order of summation makes
 * them equal to the last bit. (This package counts all of them as ties.) The interval itself is the package's own.
 */
function bcaAsScipy(context: CaseContext, indices: Iterable<readonly number[]>) {
  const x = context.input<readonly number[]>("x");
  const statistic = statisticOf(context);
  const compute = (values: readonly number[]) =>
    statistic === "mean" ? numpyMean(values) : observedStatistic(values, statistic);
  const sorted = Float64Array.from(indices, (row) => compute(row.map((i) => x[i]!))).sort();
  const level = context.number("level");
  return bcaEnds(sorted, { theta: compute(x), level, leaveOneOut: leaveOneOutOf(x, statistic), tieShare: 0 });
}

/** numpy's mean of up to 128 numbers: eight running sums, then pairs of them, then the rest. */
function numpyMean(values: readonly number[]): number {
  const n = values.length;
  const whole = n < 8 ? 0 : n - (n % 8);
  const sums = new Array<number>(8).fill(0);
  for (let i = 0; i < whole; i += 1) sums[i % 8]! += values[i]!;
  const [a, b, c, d, e, f, g, h] = sums as [number, number, number, number, number, number, number, number];
  let sum = whole === 0 ? 0 : a + b + (c + d) + (e + f + (g + h));
  for (let i = whole; i < n; i += 1) sum += values[i]!;
  return sum / n;
}

/** The sorted bootstrap distribution for index lists that were drawn elsewhere. */
function distributionFromIndices(
  values: readonly number[],
  options: { statistic: Statistic; indices: readonly (readonly number[])[] },
): Float64Array {
  const compute = statisticFunction(options.statistic);
  return Float64Array.from(options.indices, (row) =>
    compute(Float64Array.from(row, (i) => values[i]!)),
  ).sort();
}

function fixedIndices(context: CaseContext): unknown {
  const x = context.input<readonly number[]>("x");
  const indices = context.input<readonly (readonly number[])[]>("indices");
  const statistic = statisticOf(context);
  const level = context.number("level");
  const sorted = distributionFromIndices(x, { statistic, indices });
  const theta = observedStatistic(x, statistic);
  const bca = bcaAsScipy(context, indices);
  return {
    theta,
    se: momentsOf(Array.from(sorted)).sd,
    percentile: ends(percentileEnds(sorted, level)),
    basic: ends(basicEnds(sorted, { theta, level })),
    BCa: ends(bca),
    z0: bca.z0,
    a: bca.acceleration,
  };
}

function enumerated(context: CaseContext): unknown {
  const x = context.input<readonly number[]>("x");
  const n = x.length;
  const percentile = bootstrap(x, {
    statistic: statisticOf(context),
    level: context.number("level"),
    resamples: "all",
    method: "percentile",
  });
  const indices = Array.from({ length: n ** n }, (_, code) =>
    Array.from({ length: n }, (__, i) => Math.floor(code / n ** i) % n),
  );
  return {
    theta: percentile.value,
    se_population: percentile.standardError,
    percentile: ends(percentile),
    BCa: ends(bcaAsScipy(context, indices)),
  };
}

function sampled(context: CaseContext): unknown {
  const x = context.input<readonly number[]>("x");
  const common = {
    statistic: statisticOf(context),
    level: context.number("level"),
    resamples: 25_000,
    seed: 3,
  };
  return {
    percentile: ends(bootstrap(x, { ...common, method: "percentile" })),
    BCa: ends(bootstrap(x, { ...common, method: "bca" })),
  };
}

function unitRoot(context: CaseContext): unknown {
  const trends: Readonly<Record<string, UnitRootTrend>> = {
    n: "none",
    none: "none",
    c: "constant",
    drift: "constant",
    ct: "trend",
    trend: "trend",
  };
  const name = context.param("regression") ?? context.param("type") ?? "trend";
  const fixed = context.param("k") ?? context.param("lags") ?? context.param("maxlag");
  const result = dickeyFuller(context.sample(), {
    trend: trends[String(name)] ?? "constant",
    lags: context.param("autolag") === "AIC" ? "aic" : Number(fixed),
  });
  return {
    statistic: result.statistic,
    tau: result.statistic,
    p: result.p,
    p_table: result.tableP,
    usedlag: result.lags,
    nobs: result.n,
    crit_1_5_10: result.criticalValues,
  };
}

function kpssAnswer(context: CaseContext): unknown {
  const around = ["Trend", "ct"].includes(String(context.param("null") ?? context.param("regression")))
    ? "trend"
    : "level";
  const short = context.param("lshort");
  const lags = short === undefined ? (context.param("nlags") as KpssLags) : short === true ? "short" : "long";
  const result = kpss(context.sample(), { around, lags });
  return { statistic: result.statistic, p: result.p, p_table: result.p, lags: result.lags };
}

function tPowerAnswer(design: "independent" | "paired"): Answer {
  return (context) => {
    const common = {
      d: context.number("d"),
      alpha: context.number("alpha"),
      alternative: context.alternative(),
      design,
    } as const;
    if (context.param("power") !== undefined) {
      const { exact } = sampleSizeT({ ...common, power: context.number("power") });
      return { n_per_group: exact, n: exact };
    }
    const n = context.number("n_per_group", (context.param("n") ?? context.param("n1")) as number);
    const second = context.param("n2");
    return { power: powerT({ ...common, n, ...(typeof second === "number" && { n2: second }) }) };
  };
}

function anovaPower(context: CaseContext): unknown {
  const common = { f: context.number("f"), k: context.number("k"), alpha: context.number("alpha") };
  if (context.param("power") === undefined)
    return { power: powerAnova({ ...common, n: context.number("n_per_group") }) };
  const { exact } = sampleSizeAnova({ ...common, power: context.number("power") });
  return { n_per_group: exact, n_total: exact * common.k };
}

const welchShape = (context: CaseContext) => ({
  effect: context.number("effect"),
  sd1: context.number("s1"),
  sd2: context.number("s2"),
  n: context.number("n"),
  alpha: context.number("alpha"),
});

function asymptotic(context: CaseContext): unknown {
  const x = context.input<readonly number[]>("x");
  return (context.case.expected as readonly { t: number }[]).map(({ t }) => {
    const { mean, sd } = momentsOf(x.slice(0, t));
    return {
      t,
      mean,
      radius: asymptoticRadius({
        n: t,
        sd: sd * Math.sqrt((t - 1) / t),
        alpha: context.number("alpha"),
        rhoSquared: context.number("rho2"),
      }),
    };
  });
}

function bernstein(context: CaseContext): unknown {
  const steps = empiricalBernsteinSteps(context.input<readonly number[]>("x"), {
    alpha: context.number("alpha"),
    truncation: context.number("c"),
  });
  return (context.case.expected as readonly { t: number }[]).map(({ t }) => ({
    t,
    centre: steps[t - 1]!.centre,
    radius: steps[t - 1]!.radius,
  }));
}

/** The remaining methods, by the name that a reference file gives them. */
export const otherMethods: Readonly<Record<string, Answer>> = {
  dist_t_sf: table(2, ([t, df]) => [studentTUpper(t!, df!)]),
  dist_F_sf: table(3, ([f, df1, df2]) => [fUpper(f!, { df1: df1!, df2: df2! })]),
  dist_chi2_sf: table(2, ([x, df]) => [chiSquaredUpper(x!, df!)]),
  dist_studentized_range: table(3, ([q, k, df]) => [
    studentizedRangeLower(q!, { k: k!, df: df! }),
    studentizedRangeUpper(q!, { k: k!, df: df! }),
  ]),
  bootstrap_fixed_indices: fixedIndices,
  "bootstrap_all_n^n_resamples": enumerated,
  bootstrap_limit: sampled,
  adf: unitRoot,
  kpss: kpssAnswer,
  power_t_ind: tPowerAnswer("independent"),
  power_t_paired: tPowerAnswer("paired"),
  power_anova: anovaPower,
  power_prop: (context) => ({
    power: powerProportions({
      h: context.number("h"),
      n: context.number("n_per_group"),
      alpha: context.number("alpha"),
    }),
  }),
  power_welch_central_t: (context) => {
    const { df, critical, beta } = powerWelchCentral(welchShape(context));
    return { df, t_crit: critical, beta };
  },
  power_welch_noncentral_t: (context) => ({ power: powerWelch(welchShape(context)) }),
  rliable_aggregates: (context) => {
    const { mean, median, interquartileMean, optimalityGap } = aggregates(context.rows());
    return { mean, median, iqm: interquartileMean, optimality_gap: optimalityGap };
  },
  rliable_prob_improvement: (context) => {
    const [x, y] = String(context.case.data).replace("rliable/", "").split(" vs ");
    return { p: probabilityOfImprovement(context.rows(`rliable/${x}`), context.rows(`rliable/${y}`)) };
  },
  rliable_profile: (context) => {
    const points = performanceProfile(context.rows(), context.param("tau") as readonly number[]);
    return { runs: points.map((point) => point.runs), mean: points.map((point) => point.tasks) };
  },
  rliable_stratified_bootstrap_iqm: (context) =>
    ends(
      stratifiedBootstrap(context.rows(), {
        statistic: "interquartileMean",
        level: context.number("level"),
        resamples: 20_000,
        seed: 5,
      }),
    ),
  confseq_asymptotic: asymptotic,
  confseq_empirical_bernstein: bernstein,
  confseq_normal_mixture: (context) =>
    (context.case.expected as readonly { v: number }[]).map(({ v }) => ({
      v,
      boundary: normalMixtureBoundary({
        time: v,
        alpha: context.number("alpha"),
        rho: context.number("rho"),
      }),
    })),
};
