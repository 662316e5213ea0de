// How the survival reference cases are computed: R's survival package is the judge.
import { acceleratedFailure, type TimeDistribution } from "../survival/accelerated-failure.ts";
import { type Cox, cox } from "../survival/cox.ts";
import {
  type KaplanMeier,
  kaplanMeier,
  type SurvivalInterval,
  survivalQuantile,
} from "../survival/kaplan-meier.ts";
import { logRank } from "../survival/log-rank.ts";
import { compareRestrictedMeans } from "../survival/restricted-mean.ts";
import type { SurvivalSample } from "../survival/survival-sample.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

interface Columns {
  readonly time: readonly number[];
  readonly status: readonly number[];
  readonly arm: readonly number[];
  readonly stratum: readonly string[];
  readonly z: readonly number[];
}

function columnsOf(context: CaseContext): Columns {
  // The file's own encoding.
  return context.data() as Columns;
}

function armOf({ time, status, arm }: Columns, which: number): SurvivalSample {
  const own = Array.from(time.keys()).filter((at) => arm[at] === which);
  return { time: own.map((at) => time[at]!), event: own.map((at) => status[at] === 1) };
}

function whole({ time, status }: Columns): SurvivalSample {
  return { time, event: status.map((value) => value === 1) };
}

function curveOf(context: CaseContext): KaplanMeier {
  return kaplanMeier({
    ...armOf(columnsOf(context), context.number("arm")),
    level: context.number("level"),
    interval: context.param("interval") as SurvivalInterval,
  });
}

function coxOf(context: CaseContext): Cox {
  const columns = columnsOf(context);
  const terms = String(context.param("terms"));
  // R leaves out a covariate that does not vary, where this package refuses.
  const varies = terms === "arm+z" && new Set(columns.z).size > 1;
  return cox({
    ...whole(columns),
    covariates: columns.arm.map((arm, at) => (varies ? [arm, columns.z[at]!] : [arm])),
    ...(terms === "arm|stratum" && { strata: columns.stratum }),
    ...(context.param("ties") === "breslow" && { ties: "breslow" as const }),
    level: context.number("level", 0.95),
  });
}

export const survivalMethods: Readonly<Record<string, Answer>> = {
  kaplan_meier(context) {
    const { time, atRisk, events, survival, standardError, low, high } = curveOf(context);
    return { time, at_risk: atRisk, events, survival, se: standardError, low, high };
  },
  survival_median(context) {
    const found = [0.25, 0.5, 0.75].map((p) => survivalQuantile(curveOf(context), p));
    return {
      quantiles: found.map(({ value }) => value),
      low: found.map(({ low }) => low),
      high: found.map(({ high }) => high),
    };
  },
  logrank(context) {
    const columns = columnsOf(context);
    const groups = [0, 1].map((arm) => armOf(columns, arm));
    const strata = [0, 1].map((arm) => columns.stratum.filter((_, at) => columns.arm[at] === arm));
    const { statistic, df, ...rest } = logRank({
      groups,
      rho: context.number("rho") as 0 | 1,
      ...(context.param("strata") === true && { strata }),
    });
    return { ...rest, chisq: statistic, df: df[0] };
  },
  rmst(context) {
    const columns = columnsOf(context);
    const { first, second, difference, ratio, p } = compareRestrictedMeans({
      first: armOf(columns, 0),
      second: armOf(columns, 1),
      tau: context.number("tau"),
      level: context.number("level"),
    });
    return {
      rmst_0: first.value,
      se_0: first.standardError,
      rmst_1: second.value,
      se_1: second.standardError,
      difference: difference.value,
      se: difference.standardError,
      ci: [difference.low, difference.high],
      p,
      ratio: ratio.value,
      ratio_ci: [ratio.low, ratio.high],
    };
  },
  cox(context) {
    const { terms, logLikelihood, likelihoodRatio, score, wald } = coxOf(context);
    return {
      coef: terms.map(({ coefficient }) => coefficient),
      se: terms.map(({ standardError }) => standardError),
      hazard_ratio: terms.map(({ hazardRatio }) => hazardRatio.value),
      low: terms.map(({ hazardRatio }) => hazardRatio.low),
      high: terms.map(({ hazardRatio }) => hazardRatio.high),
      loglik: logLikelihood,
      lr: likelihoodRatio.statistic,
      score: score.statistic,
      wald: wald.statistic,
      p_lr: likelihoodRatio.p,
    };
  },
  cox_zph(context) {
    const { terms, global } = coxOf(context).proportionality;
    const all = [...terms, global];
    return {
      chisq: all.map(({ statistic }) => statistic),
      df: all.map(({ df }) => df[0]),
      p: all.map(({ p }) => p),
    };
  },
  aft(context) {
    const columns = columnsOf(context);
    const fit = acceleratedFailure({
      ...whole(columns),
      covariates: columns.arm.map((arm) => [arm]),
      distribution: context.param("distribution") as TimeDistribution,
      level: context.number("level"),
    });
    const [ratio] = fit.timeRatios;
    return {
      coef: fit.coefficients,
      se: fit.standardErrors,
      scale: fit.scale,
      se_log_scale: fit.logScaleError,
      loglik: fit.logLikelihood,
      time_ratio: ratio!.value,
      time_ratio_ci: [ratio!.low, ratio!.high],
    };
  },
};
