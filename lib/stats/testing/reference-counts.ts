// How the reference cases of proportions and counts are computed: R and SciPy are the judges.
import { negativeBinomialRegression, poissonRegression } from "../counts/count-regression.ts";
import { logisticRegression, standardisedDifference } from "../counts/logistic-regression.ts";
import { poissonRate, poissonRateRatio, rateRatioLog } from "../counts/poisson-rates.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { exactProportionInterval, proportionInterval } from "../proportion-interval.ts";
import { barnardExact, boschlooExact, fisherExact, midPExact } from "../proportions/exact-tests.ts";
import { mcNemar, pairedProportionDifference } from "../proportions/paired-proportions.ts";
import {
  cochranMantelHaenszel,
  stratifiedDifference,
  stratifiedExact,
} from "../proportions/stratified-proportions.ts";
import type { TwoByTwo } from "../proportions/two-by-two.ts";
import {
  chiSquaredProportions,
  oddsRatio,
  proportionDifference,
  proportionDifferenceScore,
  riskRatio,
} from "../proportions/two-proportions.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

const ends = ({ low, high }: Estimate) => [low, high];
const ratioOf = (estimate: Estimate) => ({
  ratio: estimate.value,
  se_log: estimate.standardError,
  ci: ends(estimate),
});
const differenceOf = (estimate: Estimate) => ({ difference: estimate.value, ci: ends(estimate) });
const level = (context: CaseContext) => context.number("level", 0.95);

function tableOf(context: CaseContext) {
  return {
    first: { successes: context.number("x1"), n: context.number("n1") },
    second: { successes: context.number("x2"), n: context.number("n2") },
    level: level(context),
    ...(context.param("alternative") !== undefined && { alternative: context.alternative() }),
  };
}

function strataOf(context: CaseContext): readonly TwoByTwo[] {
  return context.rows().map(([x1, n1, x2, n2]) => ({
    first: { successes: x1!, n: n1! },
    second: { successes: x2!, n: n2! },
  }));
}

function pairsOf(context: CaseContext) {
  return {
    both: context.number("both"),
    onlyFirst: context.number("only_1"),
    onlySecond: context.number("only_2"),
    neither: context.number("neither"),
  };
}

function ratesOf(context: CaseContext) {
  return {
    first: { events: context.number("events1"), exposure: context.number("exposure1") },
    second: { events: context.number("events2"), exposure: context.number("exposure2") },
    level: level(context),
  };
}

function countsOf(context: CaseContext) {
  const { y, arm, exposure } = context.data() as Record<"y" | "arm" | "exposure", readonly number[]>;
  return { y, covariates: arm.map((value) => [value]), exposure, level: level(context) };
}

const testOf = ({ statistic, p }: TestResult) => ({ statistic, p });
const commonOf = (test: TestResult & { readonly oddsRatio: Estimate }, name: string) => ({
  p: test.p,
  [name]: test.oddsRatio.value,
  ci: ends(test.oddsRatio),
});

export const countMethods: Readonly<Record<string, Answer>> = {
  wilson(context) {
    const found = proportionInterval({
      successes: context.number("x"),
      n: context.number("n"),
      level: level(context),
    });
    return { estimate: found.value, ci: ends(found) };
  },
  clopper_pearson: (context) => ({
    ci: ends(
      exactProportionInterval({
        successes: context.number("x"),
        n: context.number("n"),
        level: level(context),
      }),
    ),
  }),
  newcombe_difference: (context) => differenceOf(proportionDifference(tableOf(context))),
  miettinen_nurminen: (context) => differenceOf(proportionDifferenceScore(tableOf(context))),
  fisher: (context) => commonOf(fisherExact(tableOf(context)), "conditional_odds_ratio"),
  odds_ratio_midp(context) {
    const { p, oddsRatio: ratio } = midPExact(tableOf(context));
    return { ratio: ratio.value, ci: ends(ratio), midp: p };
  },
  barnard: (context) => testOf(barnardExact(tableOf(context))),
  boschloo: (context) => testOf(boschlooExact(tableOf(context))),
  chi_squared_2x2(context) {
    const plain = chiSquaredProportions(tableOf(context));
    const yates = chiSquaredProportions({ ...tableOf(context), continuity: true });
    return { chisq: plain.statistic, p: plain.p, chisq_yates: yates.statistic, p_yates: yates.p };
  },
  risk_ratio: (context) => ratioOf(riskRatio(tableOf(context))),
  odds_ratio: (context) => ratioOf(oddsRatio(tableOf(context))),
  mcnemar(context) {
    const asymptotic = mcNemar({ ...pairsOf(context), kind: "asymptotic" });
    return {
      p_exact: mcNemar({ ...pairsOf(context), kind: "exact" }).p,
      p_mid: mcNemar(pairsOf(context)).p,
      chisq: asymptotic.statistic,
      p_asymptotic: asymptotic.p,
      p_continuity: mcNemar({ ...pairsOf(context), kind: "continuity" }).p,
    };
  },
  paired_difference(context) {
    const found = pairedProportionDifference({ ...pairsOf(context), level: level(context) });
    return { ...differenceOf(found), phi: found.correlation };
  },
  cmh(context) {
    const test = cochranMantelHaenszel({
      strata: strataOf(context),
      level: level(context),
      continuity: context.param("correct") === true,
    });
    return { ...commonOf(test, "common_odds_ratio"), chisq: test.statistic };
  },
  cmh_exact: (context) =>
    commonOf(stratifiedExact({ strata: strataOf(context), level: level(context) }), "conditional_odds_ratio"),
  stratified_risk_difference(context) {
    const found = stratifiedDifference({ strata: strataOf(context), level: level(context) });
    return { ...differenceOf(found), se: found.standardError };
  },
  poisson_rate(context) {
    const found = poissonRate({
      events: context.number("events"),
      exposure: context.number("exposure"),
      level: level(context),
    });
    return { rate: found.value, ci: ends(found) };
  },
  poisson_rate_ratio(context) {
    const { p, ratio } = poissonRateRatio(ratesOf(context));
    return { ratio: ratio.value, p, ci: ends(ratio) };
  },
  poisson_rate_ratio_log: (context) => ratioOf(rateRatioLog(ratesOf(context))),
  poisson_regression(context) {
    const fit = poissonRegression(countsOf(context));
    return {
      coef: fit.coefficients,
      se: fit.standardErrors,
      deviance: fit.deviance,
      dispersion_pearson: fit.dispersion,
      rate_ratio: fit.rateRatios[0]!.value,
      ci: ends(fit.rateRatios[0]!),
      quasi_se: fit.quasiErrors,
    };
  },
  negative_binomial_regression(context) {
    const fit = negativeBinomialRegression(countsOf(context));
    return {
      coef: fit.coefficients,
      se: fit.standardErrors,
      theta: fit.theta,
      se_theta: fit.thetaError,
      loglik: fit.logLikelihood,
      rate_ratio: fit.rateRatios[0]!.value,
      ci: ends(fit.rateRatios[0]!),
      poisson_loglik: poissonRegression(countsOf(context)).logLikelihood,
    };
  },
  logistic_regression(context) {
    const { y, arm, x } = context.data() as Record<"y" | "arm" | "x", readonly number[]>;
    const covariates = arm.map((value, i) => [value, x[i]!]);
    const fit = logisticRegression({ y: y.map((value) => value === 1), covariates, level: level(context) });
    const [first] = fit.terms;
    return {
      coef: fit.coefficients,
      se: fit.standardErrors,
      deviance: fit.deviance,
      wald_ci_arm: ends(first!.wald),
      profile_ci_arm: ends(first!.profile),
      p_lr_arm: first!.p,
      risk_difference_standardised: standardisedDifference(fit, { covariates, term: 0 }),
    };
  },
};
