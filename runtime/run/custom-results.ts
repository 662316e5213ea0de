// What the custom analyses of a run's experiments return. Their functions lie in the bundle of the build, so the author's sources
// need not be there; what they return for a run that has ended is stored once beside it, so that a report needs no code at all.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CustomResult, CustomRow } from "../../lib/experiment/custom-analysis.ts";
import { isExperiment } from "../../lib/experiment/definition.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import { metricValueOf } from "../record/metric-coding.ts";
import { hasMeasurement, outcomeKindOf } from "../record/outcome.ts";
import type { RunResults, TrialTable } from "../record/trial-table.ts";
import { writeAtomicSync } from "../store/atomic-file.ts";
import { runLayoutOf } from "../store/layout.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { RunManifest } from "../store/store.ts";

/** By experiment and name of the analysis. */
export type CustomResults = Readonly<Record<string, Readonly<Record<string, CustomResult>>>>;

/** Reads what is stored, or runs the functions; stores what they return once the run has ended by itself. */
export async function customResultsOf(
  store: ProjectStore,
  run: RunManifest,
  results: RunResults,
): Promise<CustomResults> {
  const tables = results.tables.filter(({ experiment }) =>
    experiment.analyses.some(({ kind }) => kind === "custom"),
  );
  if (tables.length === 0) return {};
  const path = join(runLayoutOf(store.layout, run.id).folder, "custom-results.json");
  const isOver = run.status === "complete";
  // Written below.
  if (isOver && existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as CustomResults;
  const opened = store.openPlan(await store.planOf(run));
  const computed: Record<string, Record<string, CustomResult>> = {};
  for (const table of tables) computed[table.experiment.name] = await resultsOf(table, opened);
  // Through JSON, so that the first report has what later ones read.
  const text = JSON.stringify(computed, null, 2);
  if (isOver) writeAtomicSync(path, `${text}\n`);
  return JSON.parse(text) as CustomResults;
}

async function resultsOf(table: TrialTable, opened: OpenedPlan): Promise<Record<string, CustomResult>> {
  const { name, analyses } = table.experiment;
  const customs = await customsOf(name, opened);
  const results: Record<string, CustomResult> = {};
  for (const spec of analyses) {
    if (spec.kind !== "custom") continue;
    const custom = customs[spec.name];
    try {
      if (custom === undefined) throw new Error("the build holds no function of this name");
      results[spec.name] = custom(rowsOf(table));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      results[spec.name] = { sentence: `${spec.name}: not answered, because its function failed: ${why}.` };
    }
  }
  return results;
}

async function customsOf(name: string, { folder, experiments }: OpenedPlan) {
  const planned = experiments.find((each) => each.planned.name === name)?.planned;
  if (planned === undefined) throw new Error(`the plan has no experiment ${name}`);
  const module: unknown = await import(pathToFileURL(join(folder, planned.bundle)).href);
  const definition: unknown =
    typeof module === "object" && module !== null ? Reflect.get(module, planned.exportName) : undefined;
  return isExperiment(definition) ? definition.customs : {};
}

/** Trials that have a record, in the table's order. */
function rowsOf(table: TrialTable): readonly CustomRow[] {
  const { metrics } = table.experiment;
  const rows: CustomRow[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    const outcome = outcomeKindOf(table.outcome[row]!);
    if (outcome === null) continue;
    const values = Object.entries(table.metrics).map(([metric, column]) => [
      metric,
      metricValueOf(column[row]!, metrics[metric]),
    ]);
    rows.push({
      parameters: table.conditions[table.condition[row]!]!,
      replicate: table.replicate[row]!,
      outcome,
      metrics: hasMeasurement(outcome) ? Object.fromEntries(values) : null,
    });
  }
  return rows;
}
