// How the regression reference cases are computed: R's lm, sandwich and anova are the judges.
import {
  lackOfFit,
  type MultipleRegression,
  multipleRegression,
  type RegressionErrors,
  type RegressionTerm,
  standardisedSlopes,
} from "../regression/multiple-regression.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

function dataOf(context: CaseContext) {
  // The file's own encoding: one list a variable.
  const data = context.data() as Readonly<Record<string, readonly number[]>>;
  const [outcome, all] = String(context.param("terms")).split(" ~ ");
  if (all === "all") {
    const { [outcome!]: y, ...columns } = data;
    return { y: y!, columns: Object.values(columns) };
  }
  return { y: data.y!, columns: outcome!.split("+").map((term) => data[term]!) };
}

function termsOf({ intercept, slopes }: MultipleRegression) {
  const all: readonly RegressionTerm[] = [intercept, ...slopes];
  return {
    coef: all.map(({ value }) => value),
    se: all.map(({ standardError }) => standardError),
    t: all.map(({ t }) => t),
    p: all.map(({ p }) => p),
    ci_low: all.map(({ low }) => low),
    ci_high: all.map(({ high }) => high),
  };
}

export const regressionMethods: Readonly<Record<string, Answer>> = {
  ols(context) {
    const fit = multipleRegression({
      ...dataOf(context),
      errors: "classical",
      level: context.number("level", 0.95),
    });
    return {
      ...termsOf(fit),
      sigma: fit.residualSd,
      df: fit.df,
      r_squared: fit.rSquared,
      adjusted_r_squared: fit.adjustedRSquared,
      F: fit.overall.statistic,
      F_p: fit.overall.p,
    };
  },
  ols_robust(context) {
    const errors = context.param("type") as RegressionErrors;
    const fit = multipleRegression({ ...dataOf(context), errors });
    return { ...termsOf(fit), df: fit.df };
  },
  standardised_coefficients: (context) => ({ beta: standardisedSlopes(dataOf(context)) }),
  lack_of_fit(context) {
    const { statistic, df, p, pureError } = lackOfFit(dataOf(context));
    return { F: statistic, df1: df[0], df2: df[1], p, pure_error_ms: pureError };
  },
};
