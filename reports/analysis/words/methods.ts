// The methods paragraph of an experiment and its references, written from the analysis alone so that it cannot drift from it.
import type { ExperimentAnalysis } from "../analysis.ts";
import type { Comparison } from "../finding.ts";
import { listed } from "./listed.ts";
import { numberText } from "./number-text.ts";
import { references } from "./references.ts";

export interface Methods {
  readonly paragraph: string;
  readonly references: readonly string[];
}

export function methodsOf(experiment: ExperimentAnalysis): Methods {
  const { design, attrition, metrics, findings } = experiment;
  const factors = design.factors.map((factor) => `${factor.name} (${count(factor.levels.length, "level")})`);
  const sentences = [
    factors.length === 0
      ? "One condition was simulated."
      : `The experiment varied ${listed(factors)}, which gives ${count(design.conditions, "condition")}.`,
    `Each condition was planned with ${count(design.replicates, "replicate")}${
      design.pairing === "common-random-numbers"
        ? " under common random numbers (replicate k meets the same random draws in every condition, so that replicates are blocks)"
        : ", each with independent random numbers"
    }; all streams derive from ${design.seed}.`,
    attrition.total.measured === attrition.total.planned
      ? `All ${numberText(attrition.total.planned)} planned trials were measured.`
      : `Of ${numberText(attrition.total.planned)} planned trials ${numberText(attrition.total.measured)} were measured; missing outcomes are reported by arm and were neither imputed nor drawn again.`,
    summaryText(metrics),
    experiment.declaration?.sentence ?? "",
    ...new Set(findings.map((finding) => finding.reason).filter((reason) => reason !== "")),
    ...marginSentences(findings),
    ...experiment.multiplicity,
    `Computed with ${experiment.software}.`,
  ].filter((sentence) => sentence !== "");
  const paragraph = sentences.join(" ");
  // A method may be named by a test, an effect size or a correction that the paragraph does not quote.
  const named = [
    paragraph,
    ...findings.flatMap((finding) => [
      ...finding.sentences,
      "family" in finding ? (finding.family ?? "") : "",
      ...("overallEffect" in finding
        ? [finding.overallEffect?.name ?? "", finding.overall?.method ?? ""]
        : []),
      ...("comparisons" in finding ? finding.comparisons.flatMap(namesOf) : []),
    ]),
  ].join(" ");
  return {
    paragraph,
    references: references.filter(({ when }) => when.test(named)).map(({ text }) => text),
  };
}

/** What a comparison is tested and measured by. */
function namesOf({ test, measures, robustness }: Comparison): readonly string[] {
  return [test?.method ?? "", ...measures.map(({ name }) => name), ...robustness.map(({ method }) => method)];
}

function marginSentences(findings: ExperimentAnalysis["findings"]): readonly string[] {
  return findings.flatMap((finding) => {
    if (finding.kind !== "equivalent" || finding.margin === null) return [];
    const level = finding.comparisons.find(({ interval }) => interval !== null)?.interval?.level ?? 0.9;
    const alpha = Number(((1 - level) / 2).toPrecision(6));
    const unit = finding.estimand.unit === null ? "" : ` ${finding.estimand.unit}`;
    return [
      `${finding.title}: levels are equivalent when two one-sided tests, each at ${numberText(alpha)}, show their difference to lie within ±${numberText(finding.margin)}${unit}.`,
    ];
  });
}

function summaryText(metrics: ExperimentAnalysis["metrics"]): string {
  const methods = [
    ...new Set(metrics.flatMap((metric) => metric.cells.map((cell) => cell.interval?.method ?? ""))),
  ].filter((method) => method !== "");
  if (methods.length === 0) return "";
  return `Conditions are summarised by their mean with a 95% confidence interval (${listed(methods)}); the replicate is the unit of replication.`;
}

function count(n: number, noun: string): string {
  return `${numberText(n)} ${noun}${n === 1 ? "" : "s"}`;
}
