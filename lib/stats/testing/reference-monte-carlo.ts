// How the reference cases of Monte Carlo standard errors are computed.

import { normalUpperQuantile } from "../distribution/normal.ts";
import {
  meanErrorOf,
  performanceOf,
  proportionPerformance,
  relativePrecision,
  repetitionsForMean,
  repetitionsForShare,
} from "../monte-carlo-error.ts";
import { proportionInterval } from "../proportion-interval.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

interface Runs {
  readonly estimate: readonly number[];
  readonly se: readonly number[];
}

/** The file's own encoding: a truth, and two methods run on the same simulated data. */
function simulationOf(context: CaseContext) {
  return context.data() as { readonly theta: number; readonly A: Runs; readonly B: Runs };
}

function runsOf(context: CaseContext, name: "method" | "reference"): Runs {
  return simulationOf(context)[context.param(name) as "A" | "B"];
}

/** Values of the method minus those of the reference, repetition by repetition. */
function differences(context: CaseContext, scoreOf: (runs: Runs, i: number) => number): readonly number[] {
  const [method, reference] = [runsOf(context, "method"), runsOf(context, "reference")];
  return method.estimate.map((_, i) => scoreOf(method, i) - scoreOf(reference, i));
}

export const monteCarloMethods: Readonly<Record<string, Answer>> = {
  performance(context) {
    const { estimate, se } = runsOf(context, "method");
    const found = performanceOf({
      estimates: estimate,
      standardErrors: se,
      truth: simulationOf(context).theta,
      level: context.number("level", 0.95),
      null: context.number("null", 0),
    });
    return {
      n_sim: found.n,
      bias: found.bias.value,
      bias_mcse: found.bias.error,
      empirical_se: found.empiricalError.value,
      empirical_se_mcse: found.empiricalError.error,
      mse: found.meanSquaredError.value,
      mse_mcse: found.meanSquaredError.error,
      rmse: found.rootMeanSquaredError.value,
      rmse_mcse: found.rootMeanSquaredError.error,
      model_se: found.modelError?.value,
      model_se_mcse: found.modelError?.error,
      relative_error_model_se_percent: found.relativeModelError?.value,
      relative_error_model_se_mcse: found.relativeModelError?.error,
      coverage: found.coverage?.value,
      coverage_mcse: found.coverage?.error,
      bias_eliminated_coverage: found.biasEliminatedCoverage?.value,
      bias_eliminated_coverage_mcse: found.biasEliminatedCoverage?.error,
      rejection: found.rejection?.value,
      rejection_mcse: found.rejection?.error,
    };
  },
  relative_precision(context) {
    const found = relativePrecision(
      runsOf(context, "reference").estimate,
      runsOf(context, "method").estimate,
    );
    return { percent: found.value, mcse: found.error, correlation: found.correlation };
  },
  mse_difference_paired(context) {
    const { theta } = simulationOf(context);
    const { value, error } = meanErrorOf(
      differences(context, ({ estimate }, i) => (estimate[i]! - theta) ** 2),
    );
    return { difference: value, mcse: error };
  },
  coverage_difference_paired(context) {
    const { theta } = simulationOf(context);
    const z = normalUpperQuantile((1 - context.number("level", 0.95)) / 2);
    const values = differences(context, ({ estimate, se }, i) =>
      Math.abs(estimate[i]! - theta) <= z * se[i]! ? 1 : 0,
    );
    const { value, error } = meanErrorOf(values);
    const isFirst = context.param("method") === "A";
    const [gained, lost] = [1, -1].map((sign) => values.filter((own) => own === sign).length);
    return {
      difference: value,
      mcse: error,
      only_A: isFirst ? gained : lost,
      only_B: isFirst ? lost : gained,
    };
  },
  proportion_mcse(context) {
    const n = context.number("n_sim");
    const successes = Math.round(context.number("p") * n);
    const { low, high } = proportionInterval({ successes, n });
    return { mcse: proportionPerformance(successes, n).error, wilson: [low, high] };
  },
  n_sim_for_proportion: (context) => ({
    n_sim: repetitionsForShare(context.number("p"), context.number("mcse")),
  }),
  n_sim_for_bias: (context) => ({ n_sim: repetitionsForMean(context.number("sd"), context.number("mcse")) }),
};
