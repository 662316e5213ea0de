// The door of reports/: stored results in, a report out, and its files written where asked. Composing touches no disk and no
// clock, so the same results give the same bytes; only writeReport writes.

import type { RunResults } from "../runtime/record/trial-table.ts";
import type { Analysis } from "./analysis/analysis.ts";
import { type AnalyzeOptions, analyze } from "./analysis/analyze.ts";
import { chartsOf } from "./chart/charts.ts";
import { svgOf } from "./export/svg.ts";
import type { DrawnChart } from "./page/page.ts";

export interface Report {
  readonly analysis: Analysis;
  readonly charts: readonly DrawnChart[];
}

/**
 * Analyses a run and draws its charts.
 *
 * @example
 * const report = await composeReport(results, { experiments: ["patience"] });
 * await writeReport(report, { folder: "reports", formats: ["html", "csv"] });
 */
export async function composeReport(results: RunResults, options: AnalyzeOptions = {}): Promise<Report> {
  const analysis = await analyze(results, options);
  const charts: DrawnChart[] = [];
  for (const experiment of analysis.experiments) {
    for (const { chart, about } of chartsOf(experiment)) {
      charts.push({ chart, about, experiment: experiment.name, svg: await svgOf(chart) });
    }
  }
  return { analysis, charts };
}

export { reportFormats, writeReport } from "./export/write-report.ts";
