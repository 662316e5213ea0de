// The tables of a report as plain rows of text, once, for every format that prints tables: Markdown and LaTeX.
// Numbers are texts already, with the decimals that their uncertainty deserves; LaTeX turns the minus sign into its own.

import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { extentOf } from "../analysis/estimates/extent.ts";
import { measureNamesOf } from "../analysis/estimates/performance.ts";
import { type StoppingSummary, shareText } from "../analysis/stopping.ts";
import {
  callSentences,
  causesText,
  msText,
  shareText as shareOf,
  usdText,
} from "../analysis/words/call-words.ts";
import { centreNameOf } from "../analysis/words/centre-name.ts";
import { decimalsFor, numberText } from "../analysis/words/number-text.ts";
import { measureText, performanceCaption } from "../analysis/words/performance-words.ts";
import { attritionHeads } from "../design/attrition.ts";
import { findingTables } from "./finding-tables.ts";
import { number, type PlainColumn, type PlainTable, text } from "./plain-table.ts";

/** By condition for each metric, then every comparison or table of each finding, then attrition where something was lost. */
export function tablesOf(experiment: ExperimentAnalysis): readonly PlainTable[] {
  return [
    ...experiment.metrics.map((metric) =>
      metric.kind === "category" ? categoryTable(experiment, metric) : metricTable(experiment, metric),
    ),
    ...experiment.metrics.flatMap((metric) => performanceTables(experiment, metric)),
    ...experiment.findings.flatMap(findingTables),
    ...(experiment.stopping === null ? [] : [stoppingTable(experiment.name, experiment.stopping)]),
    ...callTables(experiment),
    ...(experiment.attrition.total.measured === experiment.attrition.total.planned
      ? []
      : [attritionTable(experiment)]),
  ];
}

function stoppingTable(experiment: string, stopping: StoppingSummary): PlainTable {
  const { rule, replicates, level, intervals } = stopping;
  return {
    id: `${experiment}-stopping`,
    caption: `Confidence sequences of ${rule.metric} after ${replicates} replicates, at ${shareText(level)} each.`,
    columns: [
      text(rule.goal.kind === "decided-between" ? "difference" : "condition"),
      ...["n", "mean", "low", "high"].map(number),
      text("goal"),
    ],
    rows: intervals.map(({ label, n, mean, low, high, isSettled }) => [
      label,
      String(n),
      ...[mean, low, high].map((value) => numberText(value)),
      isSettled ? "met" : "open",
    ]),
  };
}

/** How well a metric estimates a known truth; none for other metrics. */
function performanceTables(experiment: ExperimentAnalysis, metric: MetricSummary): readonly PlainTable[] {
  const { performance } = metric;
  if (performance === undefined) return [];
  const names = measureNamesOf(performance.cells);
  return [
    {
      id: `${experiment.name}-${metric.name}-performance`,
      caption: performanceCaption(metric, performance),
      columns: [...factorColumns(experiment), number("n"), number("truth"), ...names.map(number)],
      rows: performance.cells.map(({ condition, n, truth, measures }) => [
        ...levelsOf(experiment, condition),
        String(n),
        numberText(truth),
        ...names.map((name) => {
          const measure = measures.find((own) => own.name === name);
          return measure === undefined ? "–" : measureText(measure);
        }),
      ]),
    },
  ];
}

function metricTable(experiment: ExperimentAnalysis, metric: MetricSummary): PlainTable {
  const widths = metric.cells.flatMap(({ interval }) =>
    interval === null ? [] : [(interval.high - interval.low) / 2],
  );
  const decimals = decimalsFor(extentOf(widths)?.low ?? metric.across?.sd ?? null);
  const method = metric.cells.find(({ interval }) => interval !== null)?.interval?.method;
  return {
    id: `${experiment.name}-${metric.name}`,
    caption: `${metric.title} by condition${method === undefined ? "" : `; 95% intervals (${method})`}.`,
    columns: [
      ...factorColumns(experiment),
      number("n"),
      number("missing"),
      number(centreNameOf(metric)),
      number("sd"),
      number("Monte Carlo se"),
      number("low"),
      number("high"),
    ],
    rows: metric.cells.map((cell, i) => [
      ...levelsOf(experiment, i),
      String(cell.n),
      String(cell.missing),
      numberText(cell.mean, decimals),
      numberText(cell.sd, decimals),
      numberText(cell.monteCarloError, decimals),
      numberText(cell.interval?.low ?? null, decimals),
      numberText(cell.interval?.high ?? null, decimals),
    ]),
  };
}

function categoryTable(experiment: ExperimentAnalysis, metric: MetricSummary): PlainTable {
  const values = metric.counts[0]?.values.map(({ value }) => value) ?? [];
  return {
    id: `${experiment.name}-${metric.name}`,
    caption: `${metric.title}: trials with each value.`,
    columns: [...factorColumns(experiment), number("n"), number("missing"), ...values.map(number)],
    rows: metric.counts.map((counts, i) => [
      ...levelsOf(experiment, i),
      String(counts.n),
      String(counts.missing),
      ...counts.values.map(({ count }) => String(count)),
    ]),
  };
}

function callTables(experiment: ExperimentAnalysis): readonly PlainTable[] {
  const { calls } = experiment;
  if (calls === null || calls.arms.length === 0) return [];
  return [
    {
      id: `${experiment.name}-calls`,
      caption: `Calls by condition. ${callSentences(calls.total).join(" ")}`,
      columns: [
        ...factorColumns(experiment),
        text("port"),
        ...["calls", "at once", "in the end", "p50", "p95", "p99", "tokens in", "out", "cost"].map(number),
        text("failed attempts"),
        text("unusable answers"),
        ...["repairs", "fallbacks"].map(number),
      ],
      rows: calls.arms.map((row) => [
        ...levelsOf(experiment, row.condition),
        row.port,
        numberText(row.calls),
        shareOf(row.answeredAtOnce, row.calls),
        shareOf(row.answered, row.calls),
        ...(["p50", "p95", "p99"] as const).map((name) =>
          row.latencyMs === null ? "–" : msText(row.latencyMs[name]),
        ),
        numberText(row.promptTokens),
        numberText(row.completionTokens),
        usdText(row.costUsd),
        causesText(row.failures),
        causesText(row.unusable),
        String(row.repairs),
        String(row.fallbacks),
      ]),
    },
  ];
}

function attritionTable(experiment: ExperimentAnalysis): PlainTable {
  const shown = attritionHeads.filter(
    ([name]) => name === "planned" || name === "measured" || experiment.attrition.total[name] > 0,
  );
  return {
    id: `${experiment.name}-attrition`,
    caption: "Planned trials by condition and by how they ended.",
    columns: [...factorColumns(experiment), ...shown.map(([, head]) => number(head))],
    rows: experiment.attrition.arms.map((arm, i) => [
      ...levelsOf(experiment, i),
      ...shown.map(([name]) => String(arm[name])),
    ]),
  };
}

function factorColumns({ design }: ExperimentAnalysis): readonly PlainColumn[] {
  return design.factors.length === 0 ? [text("condition")] : design.factors.map(({ name }) => text(name));
}

function levelsOf({ design, arms }: ExperimentAnalysis, condition: number): readonly string[] {
  const arm = arms[condition]!;
  return design.factors.length === 0
    ? [arm.label]
    : design.factors.map(({ name }) => arm.coordinates[name] ?? "–");
}
