// How the regression reference cases are computed: R's lm, sandwich and anova are the judges.

import { pairedT } from "../means/t-test.ts";
import { meanOf } from "../moments.ts";
import {
  lackOfFit,
  type MultipleRegression,
  multipleRegression,
  type RegressionErrors,
  type RegressionTerm,
  standardisedSlopes,
} from "../regression/multiple-regression.ts";
import { randomIntercept } from "../regression/random-intercept.ts";
import { responseSurface } from "../regression/response-surface.ts";
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

/** The file's own encoding of a mixed model: outcome, arm and replicate side by side. */
function mixedOf(context: CaseContext, df?: "satterthwaite" | "kenward-roger") {
  const { y, arm, replicate } = context.data() as {
    readonly y: readonly number[];
    readonly arm: readonly string[];
    readonly replicate: readonly number[];
  };
  const others = [...new Set(arm)].sort().slice(1);
  const fit = randomIntercept({
    y,
    columns: others.map((name) => arm.map((own) => (own === name ? 1 : 0))),
    groups: replicate,
    level: context.number("level", 0.95),
    ...(df === undefined ? {} : { df }),
  });
  const all = [fit.intercept, ...fit.slopes];
  return {
    fit,
    terms: {
      coef: all.map(({ value }) => value),
      se: all.map(({ standardError }) => standardError),
      df: all.map((term) => term.df),
      t: all.map(({ t }) => t),
      p: all.map(({ p }) => p),
      F: fit.overall.statistic,
      F_df: fit.overall.df,
      F_p: fit.overall.p,
    },
  };
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
  response_surface(context) {
    const data = context.data() as Readonly<Record<string, readonly number[]>>;
    // The file's own coding: x2 about 5, in units of 5.
    const columns = [data.x1!, data.x2!.map((x) => (x - 5) / 5)];
    const { fit, stationaryPoint, eigenvalues, predicted } = responseSurface({
      y: data.y!,
      columns,
      errors: "classical",
    });
    return {
      coef: [fit.intercept, ...fit.slopes].map(({ value }) => value),
      stationary_point: stationaryPoint,
      eigenvalues,
      predicted,
    };
  },
  standardised_coefficients: (context) => ({ beta: standardisedSlopes(dataOf(context)) }),
  random_intercept(context) {
    const { fit, terms } = mixedOf(context, "satterthwaite");
    return {
      ...terms,
      variance_replicate: fit.betweenVariance,
      variance_residual: fit.withinVariance,
      icc: fit.correlation,
      reml_criterion: fit.criterion,
      singular: fit.isSingular,
    };
  },
  random_intercept_kenward_roger: (context) => mixedOf(context, "kenward-roger").terms,
  random_intercept_identity(context) {
    const { y, arm, replicate } = context.data() as {
      readonly y: readonly number[];
      readonly arm: readonly string[];
      readonly replicate: readonly number[];
    };
    const [first, second] = String(context.param("contrast")).split("-") as [string, string];
    const ids = [...new Set(replicate)];
    const meansOf = (name: string) =>
      ids.map((id) => meanOf(y.filter((_, i) => arm[i] === name && replicate[i] === id)));
    const [x, z] = [meansOf(first), meansOf(second)];
    const fit = randomIntercept({
      y: [...x, ...z],
      columns: [[...x.map(() => 1), ...z.map(() => 0)]],
      groups: [...ids, ...ids],
      df: "satterthwaite",
    });
    const paired = pairedT({ x, y: z });
    const [term] = fit.slopes;
    return {
      difference: term!.value,
      se: term!.standardError,
      df: term!.df,
      paired_se: paired.estimate.standardError,
      paired_df: paired.df[0],
    };
  },
  lack_of_fit(context) {
    const { statistic, df, p, pureError } = lackOfFit(dataOf(context));
    return { F: statistic, df1: df[0], df2: df[1], p, pure_error_ms: pureError };
  },
};
