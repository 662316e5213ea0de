// The table of a simulation study: bias, errors, coverage and power by condition, each with its Monte Carlo standard error.
import type { Arm, ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { measureNamesOf, type PerformanceCell } from "../analysis/estimates/performance.ts";
import { numberText } from "../analysis/words/number-text.ts";
import {
  measureText,
  performanceCaption,
  performanceSentences,
} from "../analysis/words/performance-words.ts";
import { factorColumns } from "./condition-table.ts";
import { type Column, dataTable } from "./data-table.ts";
import { type Html, html } from "./html.ts";

interface Row {
  readonly arm: Arm;
  readonly cell: PerformanceCell;
}

/** Null for a metric that estimates no known truth. */
export function performanceTable(experiment: ExperimentAnalysis, metric: MetricSummary): Html | null {
  const { performance } = metric;
  if (performance === undefined) return null;
  const names = measureNamesOf(performance.cells);
  const columns: readonly Column<Row>[] = [
    ...factorColumns(experiment, ({ arm }: Row) => arm),
    { head: "n", isNumber: true, show: ({ cell }) => cell.n, key: ({ cell }) => cell.n },
    {
      head: "truth",
      isNumber: true,
      show: ({ cell }) => numberText(cell.truth),
      key: ({ cell }) => cell.truth,
    },
    ...names.map(
      (name): Column<Row> => ({
        head: name,
        isNumber: true,
        show: ({ cell }) => {
          const measure = cell.measures.find((own) => own.name === name);
          return measure === undefined
            ? html`<span class="why">${cell.note ?? "–"}</span>`
            : measureText(measure);
        },
        key: ({ cell }) => cell.measures.find((own) => own.name === name)?.value ?? null,
      }),
    ),
  ];
  const rows = performance.cells.map((cell): Row => ({ arm: experiment.arms[cell.condition]!, cell }));
  const said = performanceSentences(experiment, metric, performance);
  return html`${said.length > 0 && html`<ul>${said.map((sentence) => html`<li>${sentence}</li>`)}</ul>`}${dataTable({ caption: html`${performanceCaption(metric, performance)}`, name: `Performance of ${metric.name}`, columns, rows })}`;
}
