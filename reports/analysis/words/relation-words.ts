// The words of a regression: slopes in the metric's units, whether straight lines fit, what stands beside them, and why errors are what they are.
import type { RegressionDesign } from "../../design/regression-design.ts";
import type { RegressionFit } from "../estimates/regression-fit.ts";
import type { RegressionFinding } from "../regression-finding.ts";
import { listed } from "./listed.ts";
import { decimalsFor, intervalText, numberText, pText, signedText } from "./number-text.ts";

/** "; the straight line misses ...", or nothing where that is not shown. */
export function misfitWords(
  fit: Pick<RegressionFit, "lackOfFit">,
  confidence: number,
  isSeveral: boolean,
): string {
  const { lackOfFit } = fit;
  if (lackOfFit === null || lackOfFit.p >= 1 - confidence) return "";
  const df = lackOfFit.df.map((value) => numberText(value, Number.isInteger(value) ? 0 : 1)).join(", ");
  const line = isSeveral ? "straight lines miss" : "the straight line misses";
  return `; ${line} the means of conditions (lack of fit F(${df}) = ${numberText(lackOfFit.statistic, 2)}, ${pText(lackOfFit.p)}), so ${isSeveral ? "the slopes are" : "the slope is"} of the best straight ${isSeveral ? "ones" : "one"}`;
}

/** One sentence a slope that is shown, at most six, then the fit. */
export function regressionSentences(
  { metric, terms, rSquared, adjustedRSquared }: RegressionFinding,
  of: { readonly unit: string | null; readonly misfit: string },
): readonly string[] {
  const unit = of.unit === null || of.unit === metric ? "" : ` ${of.unit}`;
  const shown = terms.filter(({ verdict }) => verdict === "different");
  const rest = terms.filter(({ verdict }) => verdict !== "different");
  const slopes = shown
    .slice(0, slopesMax)
    .map(({ label, isNumeric, estimate, interval, test, pAdjusted, standardised }) => {
      const decimals = decimalsFor((interval.high - interval.low) / 2);
      const size = `${signedText(estimate, decimals)} ${intervalText(interval, decimals)}${unit}`;
      const p = pAdjusted === null ? pText(test.p) : `adjusted ${pText(pAdjusted)}`;
      const scaled = isNumeric
        ? `, ${signedText(standardised, 2)} standard deviations for one of ${label}`
        : "";
      return `${isNumeric ? `Per unit of ${label}` : label}, the other factors held, ${metric} changes by ${size}, ${p}${scaled}.`;
    });
  const open =
    rest.length === 0
      ? []
      : [
          `Not shown to matter, which is no evidence that they do not: ${listed(rest.map(({ label }) => label))}.`,
        ];
  const adjusted = adjustedRSquared === null ? "" : `, adjusted ${numberText(adjustedRSquared, 2)}`;
  return [...slopes, ...open, `R² = ${numberText(rSquared, 2)}${adjusted}${of.misfit}.`];
}

const slopesMax = 6;
/** A factor that the others explain nine tenths of. */
const inflatedFrom = 10;

/** What makes slopes hard to tell apart. */
export function inflationNotes(terms: RegressionFinding["terms"]): readonly string[] {
  const inflated = terms.filter(({ inflation }) => inflation >= inflatedFrom);
  if (inflated.length === 0) return [];
  const words = inflated.map(
    ({ label, inflation }) => `${label} (variance inflation ${numberText(inflation, 1)})`,
  );
  return [
    `The other factors nearly say what ${listed(words)} ${inflated.length === 1 ? "is" : "are"}, so ${inflated.length === 1 ? "its slope is" : "their slopes are"} poorly told apart from theirs.`,
  ];
}

/** What was fitted, over which units, with which errors. */
export function regressionReason(design: RegressionDesign, unit: RegressionFit["unit"]): string {
  return `${unitWords(unit)}${heightWords(design)}${adjustedWords(design)} Lack of fit is tested where conditions were repeated, and is not corrected.`;
}

function unitWords(unit: RegressionFit["unit"]): string {
  const robust = "with HC3 standard errors, which assume no equal variances, and t intervals";
  switch (unit) {
    case "trial":
      return `Least squares over independent trials ${robust}.`;
    case "condition":
      return `Least squares over the means of conditions ${robust}: conditions were sampled, and trials of one share how far the line misses it.`;
    case "replicate":
      return "Under common random numbers a regression is fitted within each replicate that has all conditions, and its slopes are tested by a one-sample t test.";
    case "trial of a replicate":
      return `Under common random numbers, with fewer than two replicates that have all conditions, least squares over trials ${robust}, each replicate with a height of its own.`;
  }
}

function heightWords({ strata }: RegressionDesign): string {
  return strata.length === 0
    ? ""
    : ` Slopes are the same for, and within, each combination of ${listed(strata)}, which has a height of its own.`;
}

function adjustedWords({ adjusted }: RegressionDesign): string {
  if (adjusted.length === 0) return "";
  const labels = adjusted.map(({ label }) => label);
  return ` ${listed(labels)}, sampled as well, ${labels.length === 1 ? "is" : "are"} taken out as ${labels.length === 1 ? "a straight line" : "straight lines"}.`;
}
