// A simulation study in words: what stands above its table, and what chance does not explain.
import type { ExperimentAnalysis, MetricSummary } from "../analysis.ts";
import type { PerformanceMeasure, PerformanceSummary } from "../estimates/performance.ts";
import { decimalsFor, numberText } from "./number-text.ts";

/** "0.937 (0.005)": as many decimals as the Monte Carlo standard error deserves. */
export function measureText({ value, error }: PerformanceMeasure): string {
  const decimals = decimalsFor(error);
  return error === 0 ? numberText(value) : `${numberText(value, decimals)} (${numberText(error, decimals)})`;
}

/** What the columns are. */
export function performanceCaption(metric: MetricSummary, performance: PerformanceSummary): string {
  const own =
    performance.standardError === null
      ? ""
      : ` Model se is the root mean square of ${performance.standardError}; coverage counts intervals of ${metric.name} -+ 1.96 ${performance.standardError} that hold the truth (about the mean estimate where bias is eliminated), rejection those without ${numberText(performance.null)}.`;
  return `Performance of ${metric.name} as an estimate of ${performance.truth}, by condition, with Monte Carlo standard errors in brackets (Morris, White and Crowther 2019).${own}`;
}

/** Sentences at most. */
const sentencesMax = 5;

/** Conditions whose coverage is off its promise, or whose estimates are off the truth, by more than chance. */
export function performanceSentences(
  experiment: ExperimentAnalysis,
  metric: MetricSummary,
  performance: PerformanceSummary,
): readonly string[] {
  const { level } = performance;
  const found = performance.cells.flatMap(({ condition, measures, n }) => {
    const named = (name: string) => measures.find((measure) => measure.name === name);
    const where = experiment.arms[condition]!.label;
    const coverage = named("coverage");
    const bias = named("bias");
    const words: string[] = [];
    if (coverage?.interval && (coverage.interval.high < level || coverage.interval.low > level))
      words.push(
        `${where}: coverage ${percent(coverage.value)} (Monte Carlo se ${percent(coverage.error)}, ${numberText(n)} trials), ${coverage.value < level ? "below" : "above"} ${numberText(100 * level)}% by more than chance.`,
      );
    if (bias !== undefined && Math.abs(bias.value) > 1.96 * bias.error)
      words.push(
        `${where}: ${metric.name} is ${bias.value > 0 ? "above" : "below"} the truth by ${measureText({ ...bias, value: Math.abs(bias.value) })} on average, by more than chance.`,
      );
    return words;
  });
  const more = found.length - sentencesMax;
  return more > 0 ? [...found.slice(0, sentencesMax), `And ${more} more, in the table.`] : found;
}

function percent(share: number): string {
  return `${numberText(100 * share, 1)}%`;
}
