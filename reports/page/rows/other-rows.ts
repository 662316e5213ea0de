// Rows of the kinds that are no plain comparisons: interactions, curves, relations, profiles, gates, an author's own numbers.
import type { MetricSummary } from "../../analysis/analysis.ts";
import type {
  CurveFinding,
  CustomFinding,
  GateFinding,
  InteractionContrast,
  InteractionFinding,
  ProfileFinding,
  RelationFinding,
  UnansweredFinding,
} from "../../analysis/finding.ts";
import type { RegressionFinding } from "../../analysis/regression-finding.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { emptyRow, type FindingRow, type RowPart, wordsRow } from "./finding-row.ts";
import { statisticText, testRow } from "./test-row.ts";
import { wayOf } from "./verdict-words.ts";

/** The joint test, then every difference of effects under the effect that it is of. */
export function interactionParts(
  finding: InteractionFinding,
  metric: MetricSummary | null,
): readonly RowPart[] {
  const { test, pAdjusted, effect, contrasts, cells, factors } = finding;
  const label = factors.join(" × ");
  if (test === null) return [{ head: null, rows: [wordsRow(label, finding.sentences[0] ?? "no test")] }];
  const confidence = cells.find(({ interval }) => interval !== null)?.interval?.level ?? 0.95;
  const joint = testRow({
    label: `${label}, jointly`,
    test,
    pAdjusted,
    effect,
    decided: "the effects differ",
    confidence,
  });
  const heads = [...new Set(contrasts.map((contrast) => contrast.effect))];
  return [
    { head: null, rows: [joint] },
    ...heads.map((head) => ({
      head,
      rows: contrasts.filter((one) => one.effect === head).map((one) => contrastRow(one, metric)),
    })),
  ];
}

function contrastRow(contrast: InteractionContrast, metric: MetricSummary | null): FindingRow {
  const { difference, interval, adjustedInterval, pAdjusted, verdict } = contrast;
  const isExcluded = interval.low > 0 || interval.high < 0;
  return {
    ...emptyRow,
    label: contrast.at,
    against: { sign: "−", level: contrast.base },
    estimate: difference,
    interval,
    adjusted: adjustedInterval,
    state: verdict === "different" ? "decided" : "open",
    verdict:
      verdict === "different"
        ? wayOf(difference, 0, metric?.direction ?? null)
        : isExcluded
          ? "inconclusive after correction"
          : "inconclusive",
    p: pAdjusted,
  };
}

/** Where each line ends: the last point that at least half of its trials reach. */
export function curveRows(finding: CurveFinding): readonly FindingRow[] {
  if (finding.lines.length === 0) return [wordsRow(finding.title, finding.sentences[0] ?? "no line")];
  return finding.lines.map(({ label, n, points }): FindingRow => {
    const last = points.findLast((point) => point.mean !== null && point.n >= n / 2);
    if (last === undefined) return wordsRow(label, "no value");
    return {
      ...emptyRow,
      label,
      estimate: last.mean,
      interval: last.interval,
      verdict: `${finding.summary.replace("-", " ")} at ${finding.x} ${numberText(last.x)}`,
      n: numberText(last.n),
    };
  });
}

export function relationRows(finding: RelationFinding): readonly FindingRow[] {
  const { slope, slopeInterval, test, pAdjusted, factor, n } = finding;
  if (slope === null) return [wordsRow(factor, finding.sentences[0] ?? "no slope")];
  const p = pAdjusted ?? test?.p ?? null;
  const isDecided = p !== null && p < 1 - (slopeInterval?.level ?? 0.95);
  return [
    {
      ...emptyRow,
      label: `slope over ${factor}`,
      estimate: slope,
      interval: slopeInterval,
      state: isDecided ? "decided" : "open",
      verdict: `${isDecided ? (slope > 0 ? "rises" : "falls") : "inconclusive"}${test === null ? "" : `, ${statisticText(test)}`}`,
      p,
      n: numberText(n),
    },
  ];
}

/** One a slope, or a level that is held against the first. */
export function regressionRows(finding: RegressionFinding): readonly FindingRow[] {
  const { terms, factors, sentences, n } = finding;
  if (terms.length === 0) return [wordsRow(factors.join(", "), sentences[0] ?? "no slope")];
  return terms.map(({ label, isNumeric, estimate, interval, verdict, test, pAdjusted, standardised }) => {
    const way = isNumeric ? (estimate > 0 ? "rises" : "falls") : estimate > 0 ? "higher" : "lower";
    return {
      ...emptyRow,
      label: isNumeric ? `slope over ${label}` : label,
      estimate,
      interval,
      state: verdict === "different" ? "decided" : "open",
      verdict: verdict === "different" ? way : "inconclusive",
      p: pAdjusted ?? test.p,
      effect: { name: "standardised", value: standardised },
      n: numberText(n),
    };
  });
}

export function profileRows({ groups, factor, sentences }: ProfileFinding): readonly FindingRow[] {
  if (groups.length === 0) return [wordsRow(factor, sentences[0] ?? "no level")];
  return groups.map(({ level, iqm, iqmInterval, runs, tasks }) => ({
    ...emptyRow,
    label: level,
    estimate: iqm,
    interval: iqmInterval,
    verdict: `interquartile mean over ${numberText(tasks)} ${tasks === 1 ? "task" : "tasks"}`,
    n: numberText(runs),
  }));
}

export function improvementRows({ improvement }: ProfileFinding): readonly FindingRow[] {
  return improvement.map(({ level, baseline, probability, interval }) => {
    const isDecided = interval !== null && (interval.low > 0.5 || interval.high < 0.5);
    return {
      ...emptyRow,
      label: level,
      against: { sign: "over", level: baseline },
      estimate: probability,
      interval,
      state: isDecided ? "decided" : "open",
      verdict: isDecided ? wayOf(probability, 0.5, "maximize") : "inconclusive",
    };
  });
}

export function gateRows(finding: GateFinding): readonly FindingRow[] {
  const state = finding.verdict === "undecided" ? "open" : "decided";
  return [
    {
      ...emptyRow,
      label: finding.expectation,
      estimate: finding.estimate,
      interval: finding.interval,
      state,
      verdict: `gate ${finding.verdict}`,
    },
  ];
}

export function customRows(finding: CustomFinding): readonly FindingRow[] {
  const { estimate, interval, p, pAdjusted, tables, sentences } = finding;
  if (estimate === null && p === null) {
    const rows = tables.reduce((sum, table) => sum + table.rows.length, 0);
    const words = rows === 0 ? "" : `tables of ${numberText(rows)} rows`;
    return [wordsRow(finding.title, sentences[0] ?? words)];
  }
  const used = pAdjusted ?? p;
  const isDecided = used !== null && used < 1 - (interval?.level ?? 0.95);
  return [
    {
      ...emptyRow,
      label: finding.title,
      estimate,
      interval,
      state: used === null ? "described" : isDecided ? "decided" : "open",
      verdict: used === null ? "estimated" : isDecided ? "decided" : "inconclusive",
      p: used,
    },
  ];
}

export function unansweredRows({ title, sentences }: UnansweredFinding): readonly FindingRow[] {
  return [wordsRow(title, sentences[0] ?? "not answered")];
}
