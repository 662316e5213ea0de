// The table by condition of one metric: n, missing, mean, sd, interval, and the median with the extremes.
// Decimals follow the interval; the sort keys hold full precision.

import type {
  Arm,
  CategoryCounts,
  CellSummary,
  ExperimentAnalysis,
  MetricSummary,
} from "../analysis/analysis.ts";
import { extentOf } from "../analysis/estimates/extent.ts";
import { centreNameOf } from "../analysis/words/centre-name.ts";
import { decimalsFor, intervalText, numberText } from "../analysis/words/number-text.ts";
import { type Column, dataTable } from "./data-table.ts";
import { type Html, html } from "./html.ts";

interface ConditionRow {
  readonly arm: Arm;
  readonly cell: CellSummary;
  readonly decimals: number | null;
}

/** The table of a numeric or boolean metric. */
export function conditionTable(experiment: ExperimentAnalysis, metric: MetricSummary): Html {
  const decimals = sharedDecimals(metric);
  const rows = experiment.arms.map((arm, i): ConditionRow => ({ arm, cell: metric.cells[i]!, decimals }));
  const level = metric.cells.find((cell) => cell.interval !== null)?.interval?.level ?? 0.95;
  if (metric.across !== null) return loneValueTable(experiment, metric, rows);
  const columns: Column<ConditionRow>[] = [
    ...factorColumns(experiment, (row: ConditionRow) => row.arm),
    { head: "n", isNumber: true, show: ({ cell }) => cell.n, key: ({ cell }) => cell.n },
    {
      head: "missing",
      isNumber: true,
      show: ({ cell }) => (cell.missing === 0 ? html`<span class="zero">0</span>` : cell.missing),
      key: ({ cell }) => cell.missing,
    },
    statistic(centreNameOf(metric), (cell) => cell.mean),
    ...(metric.kind === "boolean" ? [] : [statistic("sd", (cell) => cell.sd)]),
    statistic("Monte Carlo se", (cell) => cell.monteCarloError),
    {
      head: `${Math.round(level * 100)}% interval`,
      isNumber: true,
      show: ({ cell, decimals }) =>
        cell.interval === null
          ? html`<span class="why">${cell.note ?? "–"}</span>`
          : intervalText(cell.interval, decimals),
      key: ({ cell }) => cell.interval?.low ?? null,
    },
    ...(metric.kind === "boolean"
      ? []
      : [
          statistic("median", (cell) => cell.median),
          statistic("min", (cell) => cell.min),
          statistic("max", (cell) => cell.max),
        ]),
  ];
  return dataTable({ caption: captionOf(metric), name: metric.title, columns, rows });
}

/** With at most one value in a condition there is no spread within it: the values, and their spread over conditions in words. */
function loneValueTable(
  experiment: ExperimentAnalysis,
  metric: MetricSummary,
  rows: readonly ConditionRow[],
): Html {
  const columns: Column<ConditionRow>[] = [
    ...factorColumns(experiment, (row: ConditionRow) => row.arm),
    {
      head: "value",
      isNumber: true,
      show: ({ cell }) =>
        cell.mean === null ? html`<span class="why">${cell.note ?? "–"}</span>` : numberText(cell.mean),
      key: ({ cell }) => cell.mean,
    },
  ];
  const caption = html`<b>${metric.title}</b> by condition: one value each, so no interval within a condition.`;
  return html`${acrossText(metric)}${dataTable({ caption, name: metric.title, columns, rows })}`;
}

/** The table of a category: how often each value came. */
export function categoryTable(experiment: ExperimentAnalysis, metric: MetricSummary): Html {
  const values = metric.counts[0]?.values.map((entry) => entry.value) ?? [];
  interface Row {
    readonly arm: Arm;
    readonly counts: CategoryCounts;
  }
  const rows = experiment.arms.map((arm, i): Row => ({ arm, counts: metric.counts[i]! }));
  const columns: Column<Row>[] = [
    ...factorColumns(experiment, (row: Row) => row.arm),
    { head: "n", isNumber: true, show: ({ counts }) => counts.n, key: ({ counts }) => counts.n },
    {
      head: "missing",
      isNumber: true,
      show: ({ counts }) => counts.missing,
      key: ({ counts }) => counts.missing,
    },
    ...values.map(
      (value, i): Column<Row> => ({
        head: value,
        isNumber: true,
        show: ({ counts }) => {
          const { count, interval } = counts.values[i]!;
          const ends = interval === null ? "" : ` ${intervalText(interval, 2)}`;
          return `${shareText(count, counts.n)}${ends}`;
        },
        key: ({ counts }) => counts.values[i]!.count,
      }),
    ),
  ];
  return dataTable({
    caption: html`<b>${metric.title}</b>: trials with each value, and the Wilson interval of its share.`,
    name: metric.title,
    columns,
    rows,
  });
}

/** One column a factor, or one that says there is none. */
export function factorColumns<Row>(experiment: ExperimentAnalysis, armOf: (row: Row) => Arm): Column<Row>[] {
  if (experiment.design.factors.length === 0) {
    return [{ head: "condition", show: (row) => armOf(row).label }];
  }
  return experiment.design.factors.map((factor) => ({
    head: factor.name,
    isWhole: factor.levels.every((level) => level.length <= 24),
    show: (row) => armOf(row).coordinates[factor.name] ?? "–",
    key: (row) => {
      const position = factor.levels.indexOf(armOf(row).coordinates[factor.name] ?? "");
      return position < 0 ? null : position;
    },
  }));
}

function statistic(head: string, of: (cell: CellSummary) => number | null): Column<ConditionRow> {
  return {
    head,
    isNumber: true,
    show: ({ cell, decimals }) => numberText(of(cell), decimals),
    key: ({ cell }) => of(cell),
  };
}

function sharedDecimals(metric: MetricSummary): number | null {
  const widths = metric.cells.flatMap((cell) =>
    cell.interval === null ? [] : [(cell.interval.high - cell.interval.low) / 2],
  );
  return decimalsFor(extentOf(widths)?.low ?? metric.across?.sd ?? null);
}

function captionOf(metric: MetricSummary): Html {
  const method = metric.cells.find((cell) => cell.interval !== null)?.interval?.method;
  const interval =
    method === undefined ? "" : ` The interval is for the ${centreNameOf(metric)} (${method}).`;
  const error = " Monte Carlo se: how far that would move if all trials were simulated anew.";
  const missing = " Missing: planned trials without a value, by reason under Attrition.";
  return html`<b>${metric.title}</b> by condition.${interval}${error}${missing}`;
}

function acrossText(metric: MetricSummary): Html | null {
  const across = metric.across;
  if (across === null || across.mean === null) return null;
  const decimals = decimalsFor(
    across.interval === null ? across.sd : (across.interval.high - across.interval.low) / 2,
  );
  const interval =
    across.interval === null
      ? ""
      : `, ${Math.round(across.interval.level * 100)}% interval ${intervalText(across.interval, decimals)} if the conditions are taken as a sample`;
  return html`<p>Over the ${across.n} conditions with a value: mean ${numberText(across.mean, decimals)}, sd ${numberText(across.sd, decimals)}, median ${numberText(across.median, decimals)}, from ${numberText(across.min, decimals)} to ${numberText(across.max, decimals)}${interval}.</p>`;
}

function shareText(count: number, n: number): string {
  return n === 0 ? "–" : `${count} (${numberText((100 * count) / n, 0)}%)`;
}
