// Rows of `compare`, `equivalent` and `mainEffect`: a row a comparison; for a main effect the test over all levels, then the levels.
import type { ExperimentAnalysis, MetricSummary } from "../../analysis/analysis.ts";
import type { Comparison, ComparisonFinding } from "../../analysis/finding.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { cellDifferencesOf } from "./cell-differences.ts";
import { emptyRow, type FindingRow, type RowScale, wordsRow } from "./finding-row.ts";
import { testRow } from "./test-row.ts";
import { verdictWords } from "./verdict-words.ts";

export function comparisonRows(
  finding: ComparisonFinding,
  { metric, experiment }: { readonly metric: MetricSummary | null; readonly experiment: ExperimentAnalysis },
): readonly FindingRow[] {
  const { levels, overall, comparisons, pairsLeftOut } = finding;
  if (finding.kind === "effect" || comparisons.length === 0)
    return [
      ...(overall === null
        ? [wordsRow("all levels", finding.notes[0] ?? finding.sentences[0] ?? "not tested")]
        : [
            testRow({
              label: `all ${numberText(levels.length)} levels of ${finding.factor}`,
              test: overall,
              pAdjusted: finding.pAdjusted,
              effect: finding.overallEffect,
              decided: "they differ",
              confidence: levels.find(({ interval }) => interval !== null)?.interval?.level ?? 0.95,
            }),
          ]),
      ...levels.map(
        ({ level, mean, interval, n }): FindingRow => ({
          ...emptyRow,
          label: level,
          estimate: mean,
          interval,
          verdict: mean === null ? "no value" : "",
          n: numberText(n),
        }),
      ),
      ...(pairsLeftOut > 0 ? [wordsRow(`${numberText(pairsLeftOut)} pairs`, "not compared one by one")] : []),
    ];
  const direction = metric?.direction ?? null;
  const ticksOf = cellDifferencesOf(finding, experiment);
  return comparisons.map((one) => ({
    label: one.level,
    against: { sign: finding.estimand.scale === "ratio" ? "/" : "−", level: one.baseline },
    estimate: one.difference,
    interval: one.interval,
    adjusted: one.adjustedInterval,
    ticks: ticksOf(one.level, one.baseline),
    state: stateOf(one),
    verdict: verdictWords(one, finding, direction),
    p: one.pAdjusted ?? one.test?.p ?? null,
    effect: one.effect,
    n: one.isPaired ? `${numberText(one.nLevel)} pairs` : numberText(one.nLevel + one.nBaseline),
  }));
}

/** Without a test nothing is decided. */
function stateOf({ verdict }: Comparison): FindingRow["state"] {
  return verdict === "different" || verdict === "equivalent" ? "decided" : "open";
}

export function comparisonScale(finding: ComparisonFinding): RowScale {
  const isLevels = finding.kind === "effect" || finding.comparisons.length === 0;
  return {
    reference: isLevels ? null : finding.estimand.reference,
    margin: isLevels ? null : finding.margin,
    isLog: !isLevels && finding.estimand.scale === "ratio",
  };
}
