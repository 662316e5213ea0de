// What a tracker shows of a run's results: means by condition, the findings' sentences and the files of the report, which is written into the
// run's folder. Composed from the stored run, as `lab report` does.
import { join, relative, sep } from "node:path";
import type { ExperimentAnalysis } from "../../../reports/analysis/analysis.ts";
import { composeReport, writeReport } from "../../../reports/report.ts";
import { customResultsOf } from "../../run/custom-results.ts";
import { runPortsOf } from "../../run/ports.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import { openStore } from "../../store/project-store.ts";
import type { RunManifest } from "../../store/store.ts";
import type { Conclusions, ConditionMean, ExperimentConclusions } from "../../tracking/conclusions.ts";

export async function runConclusionsOf(root: string, run: RunManifest): Promise<Conclusions> {
  const store = openStore(root);
  const results = await store.results(run);
  const { executor } = runPortsOf();
  const listener = (): void => {};
  const customs = await customResultsOf({ store, run, results, executor, timeoutMs: null, listener });
  const report = await composeReport(results, { customs });
  const folder = join(runLayoutOf(store.layout, run.id).folder, "report");
  const files = await writeReport(report, { folder, formats: ["html", "csv", "json", "png"] });
  return {
    experiments: report.analysis.experiments.map(conclusionsOf),
    files: files.map((path) => ({ name: relative(folder, path).split(sep).join("/"), path })),
  };
}

function conclusionsOf(analysis: ExperimentAnalysis): ExperimentConclusions {
  const { name, question, findings } = analysis;
  return {
    experiment: name,
    question,
    sentences: findings.flatMap(({ sentences }) => sentences),
    means: meansOf(analysis),
  };
}

function meansOf({ metrics, arms }: ExperimentAnalysis): readonly ConditionMean[] {
  return metrics.flatMap(({ name: metric, cells }) =>
    cells.flatMap(({ condition, n, mean, sd, interval }) => {
      if (condition === null) return [];
      const levels = arms.find(({ condition: index }) => index === condition)?.coordinates ?? {};
      const [low, high] = interval === null ? [null, null] : [interval.low, interval.high];
      return [{ metric, condition, levels, n, mean, sd, low, high }];
    }),
  );
}
