// What the custom analyses of a run's experiments came to. Their functions lie in the bundle of the build, so the author's sources need
// not be there; what they return for a run that has ended is stored once beside it, so that a report needs no code at all.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CustomOutcome, CustomRow } from "../../lib/experiment/custom-analysis.ts";
import type { Listener } from "../event/event.ts";
import type { Executor } from "../execute/protocol/executor.ts";
import { metricValueOf } from "../record/metric-coding.ts";
import { hasMeasurement, outcomeKindOf } from "../record/outcome.ts";
import type { RunResults, TrialTable } from "../record/trial-table.ts";
import { writeAtomicSync } from "../store/files/atomic-file.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { RunManifest } from "../store/store.ts";
import { runAnalyses, type WantedAnalysis } from "./analysis-run.ts";

/** By experiment and name of the analysis. */
export type CustomResults = Readonly<Record<string, Readonly<Record<string, CustomOutcome>>>>;

/** How long one custom analysis may take unless told. */
export const analysisTimeoutMs = 60_000;

export interface CustomResultsRequest {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly results: RunResults;
  readonly executor: Executor;
  /** Milliseconds one analysis may take; null for the usual limit. Given, those that failed before are tried again. */
  readonly timeoutMs: number | null;
  readonly listener: Listener;
}

/** Reads what is stored, or runs the functions on a host; stores what they come to once the run has ended by itself. */
export async function customResultsOf(request: CustomResultsRequest): Promise<CustomResults> {
  const { store, run, results, executor, timeoutMs, listener } = request;
  const declared = results.tables.flatMap(({ experiment: { name: experiment, analyses } }) =>
    analysisNames(analyses).map((name): WantedAnalysis => ({ experiment, name })),
  );
  if (declared.length === 0) return {};
  const path = join(runLayoutOf(store.layout, run.id).folder, "custom-results.json");
  const isOver = run.status === "complete";
  const stored = isOver ? storedResults(path) : {};
  const wanted = declared.filter(({ experiment, name }) => {
    const known = stored[experiment]?.[name];
    return known === undefined || ("failure" in known && timeoutMs !== null);
  });
  if (wanted.length === 0) return stored;
  const outcomes = await runAnalyses({
    opened: store.openPlan(await store.planOf(run)),
    wanted,
    rowsOf: (name) => rowsOf(results.tables.find(({ experiment }) => experiment.name === name)!),
    executor,
    timeoutMs: timeoutMs ?? analysisTimeoutMs,
    listener,
  });
  const found = new Map(wanted.map((each, index) => [`${each.experiment}\n${each.name}`, outcomes[index]!]));
  const all: Record<string, Record<string, CustomOutcome>> = {};
  for (const { experiment, name } of declared) {
    const outcome = found.get(`${experiment}\n${name}`) ?? stored[experiment]?.[name];
    if (outcome !== undefined) all[experiment] = { ...all[experiment], [name]: outcome };
  }
  if (isOver) writeAtomicSync(path, `${JSON.stringify(all, null, 2)}\n`);
  return all;
}

function analysisNames(analyses: TrialTable["experiment"]["analyses"]): readonly string[] {
  return analyses.flatMap(({ kind, name }) => (isCustom(kind) ? [name] : []));
}

/** True for the kinds of analyses whose answer is a function of the author's. */
export function isCustom(kind: TrialTable["experiment"]["analyses"][number]["kind"]): boolean {
  return kind === "custom" || kind === "chart";
}

/** What is not there, or cannot be read, is made again. */
function storedResults(path: string): CustomResults {
  if (!existsSync(path)) return {};
  try {
    const stored: unknown = JSON.parse(readFileSync(path, "utf8"));
    // Written below in this shape and whole, as every file of the store.
    return typeof stored === "object" && stored !== null ? (stored as CustomResults) : {};
  } catch {
    return {};
  }
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
