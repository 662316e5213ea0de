// What the last message about a run says of its results: the primary metric by condition, the findings' sentences, the leading chart, and
// where the report and the first files of its trials lie. Composed from the stored run, as `lab report` does.
import { join } from "node:path";
import type { CellSummary, ExperimentAnalysis } from "../../../reports/analysis/analysis.ts";
import { pngOf } from "../../../reports/export/png.ts";
import { standaloneSvg } from "../../../reports/export/svg.ts";
import { composeReport, writeReport } from "../../../reports/report.ts";
import type { RunFindings } from "../../notify/desk.ts";
import type { ToldMetric } from "../../notify/notification.ts";
import { customResultsOf } from "../../run/custom-results.ts";
import { runPortsOf } from "../../run/ports.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { artifactsIn } from "../../store/kept/artifact-list.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";

/** A message is read on a telephone: conditions and sentences beyond these stand in the report. */
const conditionsMax = 12;
const sentencesMax = 8;
const filesMax = 5;

/** Writes the report of a run into its folder and gives what a message tells of it. */
export async function runFindingsOf(store: ProjectStore, run: RunManifest): Promise<RunFindings> {
  const results = await store.results(run);
  const { executor } = runPortsOf();
  const listener = (): void => {};
  const customs = await customResultsOf({ store, run, results, executor, timeoutMs: null, listener });
  const report = await composeReport(results, { customs });
  const runFolder = runLayoutOf(store.layout, run.id).folder;
  const folder = join(runFolder, "report");
  await writeReport(report, { folder });
  const { experiments } = report.analysis;
  const leading = report.charts.find(({ chart }) => chart.isForFiles !== true) ?? report.charts[0];
  return {
    metrics: experiments.flatMap(primaryOf).slice(0, conditionsMax),
    findings: experiments
      .flatMap(({ findings }) => findings.flatMap(({ sentences }) => sentences))
      .slice(0, sentencesMax),
    links: [
      { label: "Report", path: join(folder, "report.html") },
      { label: "Run", path: runFolder },
      ...filesOf(store, run),
    ],
    chart:
      leading === undefined
        ? null
        : { title: leading.chart.title, png: await pngOf(standaloneSvg(leading.svg)) },
  };
}

/** The first files that trials of this run left, by trial and name, where they lie in the store. */
function filesOf(store: ProjectStore, run: RunManifest): RunFindings["links"] {
  const files = artifactsIn(store.segments().filter((segment) => segment.run === run.id)).toSorted(
    (a, b) => a.unit - b.unit || Number(a.name > b.name) - Number(a.name < b.name),
  );
  return files.slice(0, filesMax).map(({ name, hash }, index) => ({
    label: files.length > filesMax ? `${name} (${index + 1} of ${files.length} files)` : name,
    path: join(store.layout.artifacts, hash.slice(0, 2), hash),
  }));
}

function primaryOf({ name, metrics, arms }: ExperimentAnalysis): readonly ToldMetric[] {
  const [primary] = metrics;
  if (primary === undefined) return [];
  return primary.cells.flatMap((cell) => {
    const condition =
      arms.find(({ condition: index }) => index === cell.condition)?.label ?? "all conditions";
    return toldOf(cell, { experiment: name, metric: primary.title, condition });
  });
}

function toldOf(
  { mean, interval, n }: CellSummary,
  of: Pick<ToldMetric, "experiment" | "metric" | "condition">,
): readonly ToldMetric[] {
  if (mean === null) return [];
  return [{ ...of, mean, interval: interval === null ? null : [interval.low, interval.high], n }];
}
