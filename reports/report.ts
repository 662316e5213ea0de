// The door of reports/: stored results in, a report out, and its files written where asked. Composing touches no disk and no
// clock, so the same results give the same bytes; only writeReport writes.

import type { RunResults } from "../runtime/record/trial-table.ts";
import type { Analysis } from "./analysis/analysis.ts";
import { type AnalyzeOptions, analyze } from "./analysis/analyze.ts";
import { type ChartFault, type ChartPlace, chartsOf, type PlacedChart } from "./chart/charts.ts";
import { shortId } from "./design/short-id.ts";
import { svgOf } from "./export/svg.ts";
import type { DrawnChart, ReportFault } from "./page/drawn-chart.ts";

export interface Report {
  readonly analysis: Analysis;
  readonly charts: readonly DrawnChart[];
  /** What went wrong in labwright itself and stands as a sentence in its place: never a reason to lose the rest. */
  readonly faults: readonly ReportFault[];
  /** How many charts of an experiment are not drawn, because a report has its limit; experiments with all of theirs are absent. */
  readonly chartsLeftOut: Readonly<Record<string, number>>;
}

export interface ComposeOptions extends AnalyzeOptions {
  /** A chart takes about 30 ms to draw and 50 kB of the page: a report has no more of them than this, by default 400. */
  readonly chartsMax?: number;
}

/**
 * Analyses a run and draws its charts.
 *
 * @example
 * const report = await composeReport(results, { experiments: ["patience"] });
 * await writeReport(report, { folder: "reports", formats: ["html", "csv"] });
 */
export async function composeReport(results: RunResults, options: ComposeOptions = {}): Promise<Report> {
  const { chartsMax = 400 } = options;
  const analysis = await analyze(results, options);
  const charts: DrawnChart[] = [];
  const faults: ReportFault[] = analysis.experiments.flatMap(({ name, findings }) =>
    findings.flatMap((finding) =>
      "fault" in finding && finding.fault !== null
        ? [{ experiment: name, kind: "finding" as const, about: finding.title, message: finding.fault }]
        : [],
    ),
  );
  const onFaultOf =
    (experiment: string): ChartFault =>
    (about, error) =>
      void faults.push({ experiment, kind: "chart", about: about.name, message: messageOf(error) });
  const planned = analysis.experiments.map((experiment) => ({
    experiment,
    charts: chartsOf(experiment, onFaultOf(experiment.name)),
  }));
  const drawn = firstDrawn(
    planned.map(({ charts: own }) => own),
    chartsMax,
  );
  const taken = new Set<string>();
  const chartsLeftOut: Record<string, number> = {};
  for (const [index, { experiment, charts: own }] of planned.entries()) {
    const { name } = experiment;
    const kept = own.filter((_, i) => drawn[index]!.has(i));
    if (kept.length < own.length) chartsLeftOut[name] = own.length - kept.length;
    for (const { chart: made, about } of kept) {
      const chart = { ...made, id: shortId(made.id, taken) };
      taken.add(chart.id);
      try {
        charts.push({ chart, about, experiment: name, svg: await svgOf(chart) });
      } catch (error) {
        onFaultOf(name)(about, error);
      }
    }
  }
  return { analysis, charts, faults, chartsLeftOut };
}

/** What is drawn first where not all fit: every experiment's first pictures before any one's details. */
const order: readonly ChartPlace["kind"][] = ["finding", "metric", "attrition", "detail"];

/** For each experiment the indices of its charts that are drawn. */
function firstDrawn(
  charts: readonly (readonly PlacedChart[])[],
  chartsMax: number,
): readonly ReadonlySet<number>[] {
  const ranked = charts.flatMap((own, experiment) =>
    own
      .map(({ about }, index) => ({ experiment, index, kind: order.indexOf(about.kind) }))
      .toSorted((a, b) => a.kind - b.kind || a.index - b.index)
      .map((one, rank) => ({ ...one, rank })),
  );
  const kept = charts.map(() => new Set<number>());
  for (const { experiment, index } of ranked
    .toSorted((a, b) => a.rank - b.rank || a.experiment - b.experiment)
    .slice(0, chartsMax))
    kept[experiment]!.add(index);
  return kept;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export { ReportWriteError } from "./export/draft.ts";
export { writeReport } from "./export/write-report.ts";
