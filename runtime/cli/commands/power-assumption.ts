// What `lab power` assumes of two levels from its options, by the kind of the metric: a standard deviation, a share, or a rate.
import type { Assumption } from "../../../reports/analysis/planning/assumption.ts";
import { numberText } from "../../../reports/analysis/words/number-text.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { ExperimentSummary } from "../../record/trial-table.ts";
import type { OptionValues } from "../command.ts";
import { number } from "../options.ts";

interface Assumed {
  readonly assumption: Assumption;
  /** In words. */
  readonly source: string;
}

export function assumptionOf(
  experiment: ExperimentSummary,
  of: { readonly metric: string; readonly factor: string | null; readonly analysis: string | null },
  options: OptionValues,
): Assumed {
  const spec = experiment.metrics[of.metric];
  const design =
    experiment.replicates.pairing === "common-random-numbers"
      ? ("paired" as const)
      : ("independent" as const);
  const strata = strataOf(experiment, of);
  const counted = spec?.count !== undefined;
  if (spec?.type !== "boolean" && !counted) return spreadOf(design, strata, options);
  const from = number(options, "from");
  const what = counted ? "a rate" : "a share";
  if (number(options, "sd") !== null)
    throw new UserError(`${of.metric} has ${what}, whose spread follows from its size`, {
      hint: `Say --from ${counted ? "2 --to 3" : "0.2 --to 0.4"} instead of --sd.`,
    });
  if (from === null)
    throw new UserError(`${of.metric} has ${what}: say from where it goes`, {
      hint: `Give --from ${counted ? "2 --to 3" : "0.2 --to 0.4"}, or --pilot.`,
    });
  const correlation = number(options, "correlation") ?? 0;
  if (correlation !== 0 && design === "independent")
    throw new UserError(
      "--correlation is of trials paired by common random numbers, and these are independent",
    );
  const pairs =
    design === "paired" ? `, with a correlation of ${numberText(correlation)} within replicates` : "";
  if (!counted) {
    if (from >= 1) throw new UserError(`--from is a share below 1, not ${numberText(from)}`);
    return {
      assumption: { measure: "share", design, from, correlation, strata },
      source: `a share of ${numberText(from)} to begin with${pairs}`,
    };
  }
  const theta = number(options, "theta");
  const exposure = number(options, "exposure") ?? 1;
  const dispersed =
    theta === null ? "Poisson counts" : `negative binomial counts (theta ${numberText(theta)})`;
  return {
    assumption: { measure: "rate", design, from, theta, exposure, correlation, strata },
    source: `a rate of ${numberText(from)} to begin with, over an exposure of ${numberText(exposure)} a trial, of ${dispersed}${pairs}`,
  };
}

function spreadOf(design: "paired" | "independent", strata: number, options: OptionValues): Assumed {
  if (number(options, "from") !== null)
    throw new UserError("--from is for shares and rates, and this metric has a mean", {
      hint: "Say --sd and --effect.",
    });
  const sd = number(options, "sd");
  const of = design === "paired" ? "the differences between paired replicates" : "trials within a condition";
  return {
    // Under common random numbers the spread is that of replicates averaged over the conditions of a level.
    assumption: {
      measure: "mean",
      design,
      sds: [sd ?? 1, sd ?? 1],
      strata: design === "paired" ? 1 : strata,
    },
    source:
      sd === null
        ? `one standard deviation of ${of} (differences are in standard deviations; give --sd or --pilot for the metric's units)`
        : `a standard deviation of ${numberText(sd)} of ${of}`,
  };
}

/** Conditions that a level of the factor is averaged over: combinations of the factors that the analysis does not hold fixed. */
function strataOf(
  { factors, analyses }: ExperimentSummary,
  { factor, analysis }: { readonly factor: string | null; readonly analysis: string | null },
): number {
  const spec = analyses.find(({ name }) => name === analysis);
  const fixed = new Set([
    factor,
    ...(spec !== undefined && "by" in spec ? spec.by : []),
    ...(spec !== undefined && "where" in spec ? Object.keys(spec.where) : []),
  ]);
  const seen = new Set<string>();
  let product = 1;
  for (const { name, levels, branch, zippedWith } of factors) {
    // A factor that moves with another adds no condition, one of a branch none that all levels have.
    const isFree =
      !fixed.has(name) && branch === null && !zippedWith.some((other) => seen.has(other) || fixed.has(other));
    seen.add(name);
    if (isFree) product *= levels.length;
  }
  return product;
}
