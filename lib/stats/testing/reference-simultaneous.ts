// How the reference cases of simultaneous inference, quantiles and spreads are computed.
import { fUpperQuantile } from "../distribution/f.ts";
import { studentTUpperQuantile } from "../distribution/student-t.ts";
import { bonettRatio, logSdRatio, pitmanMorgan } from "../effect-size/spread-ratio.ts";
import { linearRegression } from "../linear-regression.ts";
import { dunnett, dunnettCritical, dunnettUnequal } from "../means/dunnett.ts";
import type { PairwiseDifference } from "../means/pairwise.ts";
import { momentsOf } from "../moments.ts";
import { harrellDavis, medianInterval } from "../quantile-estimates.ts";
import { maxT, stepDownMaxT } from "../simultaneous/max-t.ts";
import { signFlipBand, signFlipMaxT } from "../simultaneous/sign-flips.ts";
import { varianceRatio } from "../variance-tests.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

const level = (context: CaseContext) => context.number("level", 0.95);
const contrastsOf = (found: readonly PairwiseDifference[]) => ({
  estimate: found.map(({ difference }) => difference),
  se: found.map(({ standardError }) => standardError),
  t: found.map(({ statistic }) => statistic),
  df: found[0]!.df,
  p: found.map(({ adjustedP }) => adjustedP),
  low: found.map(({ low }) => low),
  high: found.map(({ high }) => high),
});

function criticals(loadings: readonly number[], context: CaseContext) {
  const shape = { loadings, df: context.number("df"), level: level(context) };
  return {
    two_sided: dunnettCritical({ ...shape, twoSided: true }),
    one_sided: dunnettCritical({ ...shape, twoSided: false }),
  };
}

function correlationOf(x: readonly number[], y: readonly number[]): number {
  const [one, other] = [momentsOf(x), momentsOf(y)];
  const product = x.reduce((sum, value, i) => sum + (value - one.mean) * (y[i]! - other.mean), 0);
  return product / (one.sd * other.sd * (x.length - 1));
}

export const simultaneousMethods: Readonly<Record<string, Answer>> = {
  dunnett(context) {
    const found = dunnett(context.rows(), { level: level(context), alternative: context.alternative() });
    const [first] = found;
    const reach = Number.isFinite(first!.high)
      ? first!.high - first!.difference
      : first!.difference - first!.low;
    return { ...contrastsOf(found), critical: reach / first!.standardError };
  },
  max_t_sandwich: (context) =>
    contrastsOf(
      dunnettUnequal(context.rows(), { level: level(context), alternative: context.alternative() }),
    ),
  dunnett_critical(context) {
    const loading = Math.sqrt(context.number("correlation"));
    return criticals(new Array<number>(context.number("treatments")).fill(loading), context);
  },
  dunnett_critical_unequal(context) {
    const [base = 0, ...sizes] = context.param("sizes_baseline_first") as readonly number[];
    return criticals(
      sizes.map((n) => Math.sqrt(n / (n + base))),
      context,
    );
  },
  max_t_equicorrelated(context) {
    const k = context.number("k");
    const loadings = new Array<number>(k).fill(Math.sqrt(context.number("rho")));
    const df = context.number("df");
    return {
      two_sided: criticals(loadings, context).two_sided,
      bonferroni: studentTUpperQuantile((1 - level(context)) / 2 / k, df),
    };
  },
  sign_flip_max_t(context) {
    const { contrasts } = signFlipMaxT({ rows: context.rows() });
    return {
      t: contrasts.map(({ t }) => t),
      p_pointwise: contrasts.map(({ p }) => p),
      p_single_step: contrasts.map(({ pSingleStep }) => pSingleStep),
      p_step_down: contrasts.map(({ pStepDown }) => pStepDown),
    };
  },
  simultaneous_band_sign_flip(context) {
    const { standardError, ...band } = signFlipBand({ rows: context.rows(), level: level(context) });
    const df = context.rows().length - 1;
    const outside = (1 - level(context)) / 2;
    return {
      ...band,
      se: standardError,
      pointwise_t: studentTUpperQuantile(outside, df),
      bonferroni_t: studentTUpperQuantile(outside / band.mean.length, df),
    };
  },
  simultaneous_band_gaussian(context) {
    const rows = context.rows();
    const columns = rows[0]!.map((_, j) => rows.map((row) => row[j]!));
    const correlation = columns.map((x, i) => columns.map((y, j) => (i === j ? 1 : correlationOf(x, y))));
    const df = context.number("df", rows.length - 1);
    return { critical: maxT({ correlation, df }).critical(level(context)) };
  },
  holm_step_down_max_t(context) {
    const isBaseline = /baseline|dunnett/i.test(String(context.param("contrasts") ?? ""));
    const found = stepDownMaxT(context.rows(), {
      contrasts: isBaseline ? "baseline" : "all pairs",
      alternative: context.alternative(),
    });
    return {
      pairs: found.map(({ first, second }) => `g${second + 1} - g${first + 1}`),
      estimate: found.map(({ difference }) => difference),
      t: found.map(({ t }) => t),
      p: found.map(({ pStepDown }) => pStepDown),
    };
  },
  working_hotelling_band(context) {
    const { x, y } = context.data() as { x: readonly number[]; y: readonly number[] };
    const line = linearRegression({ x, y });
    const at = context.param("at") as readonly number[];
    const { mean, sd, n } = momentsOf(x);
    const fit = at.map((value) => line.intercept.value + line.slope.value * value);
    const se = at.map(
      (value) => line.residualSd * Math.sqrt(1 / n + (value - mean) ** 2 / (sd ** 2 * (n - 1))),
    );
    const multiplier = Math.sqrt(2 * fUpperQuantile(1 - level(context), { df1: 2, df2: n - 2 }));
    return {
      fit,
      se,
      multiplier,
      low: fit.map((value, i) => value - multiplier * se[i]!),
      high: fit.map((value, i) => value + multiplier * se[i]!),
    };
  },
  harrell_davis(context) {
    const { x, y } = context.pair();
    const probs = context.param("probs") as readonly number[];
    const [one, two] = [x, y].map((values) => probs.map((p) => harrellDavis(values, p)));
    return {
      x: one!.map(({ value }) => value),
      y: two!.map(({ value }) => value),
      se_x: one!.map(({ standardError }) => standardError),
      se_y: two!.map(({ standardError }) => standardError),
      difference: one!.map(({ value }, i) => two![i]!.value - value),
      se: one!.map(({ standardError }, i) => Math.hypot(standardError, two![i]!.standardError)),
    };
  },
  median_order_statistic_ci(context) {
    const { x, y } = context.pair();
    const found = medianInterval(context.param("sample") === "y" ? y : x, { level: level(context) });
    const [lower, upper] = found.ranks;
    return { lower_rank: lower, upper_rank: upper, ci: [found.low, found.high], coverage: found.coverage };
  },
  variance_ratio(context) {
    const { x, y } = context.pair();
    const { statistic, p, estimate } = varianceRatio({ x: y, y: x, level: level(context) });
    return { ratio: statistic, F: statistic, p, ci: [estimate.low, estimate.high] };
  },
  variance_ratio_bonett(context) {
    const { value, low, high, standardError, kurtosis, correction } = bonettRatio({
      ...context.pair(),
      level: level(context),
    });
    return {
      pooled_kurtosis: kurtosis,
      se: standardError,
      ratio_of_variances: value,
      ci: [low, high],
      c: correction,
    };
  },
  log_sd_ratio(context) {
    const { value, low, high, standardError } = logSdRatio({ ...context.pair(), level: level(context) });
    return { lnvr: value, se: standardError, ci: [low, high] };
  },
  pitman_morgan(context) {
    const { correlation, statistic, df, p, ratio } = pitmanMorgan({
      ...context.pair(),
      level: level(context),
    });
    return { r: correlation, t: statistic, df: df[0], p, ratio: ratio.value, ci: [ratio.low, ratio.high] };
  },
};
