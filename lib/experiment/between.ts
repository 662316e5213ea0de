// between: the ranges that a sampled design (design.latinHypercube, sobol, random) draws a parameter from.
// For a factor with levels use sweep.
import { type CallSite, callSiteOf } from "./call-site.ts";
import { shownValue } from "./option-shapes.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import type { Between } from "./space/condition-space.ts";
import type { SampledRange } from "./space/space.ts";

/** Real numbers, low <= x < high, uniform: `between(0, 1)`. */
function uniform(low: number, high: number): Between {
  const expected = ordered(low, high) ? null : "two finite numbers, the lower first";
  return rangeOf({ kind: "uniform", low, high }, callSiteOf(uniform), expected);
}

/** Real numbers, 0 < low <= x < high, uniform in the logarithm: `between.log(1e-6, 1e-2)`. */
function log(low: number, high: number): Between {
  const expected = ordered(low, high) && low > 0 ? null : "two finite numbers above 0, the lower first";
  return rangeOf({ kind: "log", low, high }, callSiteOf(log), expected);
}

/** Whole numbers from low to high, both included, equally likely: `between.integers(1, 10)`. */
function integers(low: number, high: number): Between {
  const sound = Number.isSafeInteger(low) && Number.isSafeInteger(high) && low < high;
  return rangeOf(
    { kind: "integer", low, high },
    callSiteOf(integers),
    sound ? null : "two whole numbers, the lower first",
  );
}

/** A range of real numbers. See between.log and between.integers for the others; for levels put a `sweep([...])` in the design. */
export const between = Object.assign(uniform, { log, integers });

function ordered(low: number, high: number): boolean {
  return Number.isFinite(low) && Number.isFinite(high) && low < high;
}

function rangeOf(
  range: Extract<SampledRange, { readonly low: number }>,
  site: CallSite | null,
  expected: string | null,
): Between {
  const found = `from ${shownValue(range.low)} to ${shownValue(range.high)}`;
  const problems: readonly DefinitionProblem[] =
    expected === null ? [] : [problemOf({ code: "bad-range", subject: "between", found, expected, site })];
  return { kind: "labwright/between", range, problems, site };
}
