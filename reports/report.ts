// The door of reports/: stored results in, a report out, and its files written where asked. Composing touches no disk and no
// clock, so the same results give the same bytes; only writeReport writes.

import type { RunResults } from "../runtime/record/trial-table.ts";
import type { Analysis } from "./analysis/analysis.ts";
import { type AnalyzeOptions, analyze } from "./analysis/analyze.ts";
import { type ChartFault, chartsOf } from "./chart/charts.ts";
import { shortId } from "./design/short-id.ts";
import { svgOf } from "./export/svg.ts";
import type { DrawnChart, ReportFault } from "./page/drawn-chart.ts";

export interface Report {
  readonly analysis: Analysis;
  readonly charts: readonly DrawnChart[];
  /** What went wrong in labwright itself and stands as a sentence in its place: never a reason to lose the rest. */
  readonly faults: readonly ReportFault[];
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
  const faults: ReportFault[] = analysis.experiments.flatMap(({ name, findings }) =>
    findings.flatMap((finding) =>
      "fault" in finding && finding.fault !== null
        ? [{ experiment: name, kind: "finding" as const, about: finding.title, message: finding.fault }]
        : [],
    ),
  );
  const taken = new Set<string>();
  for (const experiment of analysis.experiments) {
    const { name } = experiment;
    const onFault: ChartFault = (about, error) =>
      void faults.push({ experiment: name, kind: "chart", about: about.name, message: messageOf(error) });
    for (const { chart: made, about } of chartsOf(experiment, onFault)) {
      const chart = { ...made, id: shortId(made.id, taken) };
      taken.add(chart.id);
      try {
        charts.push({ chart, about, experiment: name, svg: await svgOf(chart) });
      } catch (error) {
        onFault(about, error);
      }
    }
  }
  return { analysis, charts, faults };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export { ReportWriteError } from "./export/draft.ts";
export { reportFormats, writeReport } from "./export/write-report.ts";
