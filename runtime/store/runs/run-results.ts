// The results of a run as tables of typed arrays, read from the ledger: also of a run that is going on or was interrupted.

import { declaredOf } from "../../../lib/experiment/definition.ts";
import type { OpenedExperiment, OpenedPlan } from "../../plan/opened-plan.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import type { Job, Plan } from "../../plan/plan.ts";
import { boundsOf, messagesOf } from "../../record/batch-records.ts";
import { metricTranslationOf } from "../../record/metric-coding.ts";
import { hasMeasurement, notRunCode } from "../../record/outcome.ts";
import { seriesRangesOf } from "../../record/series-ranges.ts";
import type {
  ExperimentSummary,
  FactorSummary,
  LostRecords,
  RunResults,
  SeriesTable,
  TrialTable,
} from "../../record/trial-table.ts";
import type { StoreLayout } from "../files/layout.ts";
import { StoreError } from "../files/store-error.ts";
import { firstPlanOf } from "../first-plan.ts";
import { type CallGatherer, gatherCalls } from "../kept/condition-calls.ts";
import { damageOf, damageWords } from "../ledger/damage.ts";
import type { CountedRows, JobLedger } from "../ledger/job-ledger.ts";
import type { Segment } from "../ledger/segment.ts";
import { registrationSummaryOf } from "../registrations.ts";
import type { CancelledTrials, RecordsOptions, RunManifest } from "../store.ts";
import type { PlannedTrials, TableRows } from "./planned-rows.ts";
import { countedTableRows, plannedTrialsOf, tableRowsOf } from "./planned-rows.ts";
import { seriesTableOf } from "./series-table.ts";
import { recordingStagesOf, stageUnitsOf } from "./stage-rows.ts";

/** What is asked of a store for a run's results. */
export interface ResultSource {
  readonly layout: StoreLayout;
  planOf(run: RunManifest): Promise<Plan>;
  openPlan(plan: Plan): OpenedPlan;
  ledgerOf(plan: Plan, job: Job, options: RecordsOptions): JobLedger;
  segments(): readonly Segment[];
  addProblem(sentence: string): void;
}

function decisionsOf(cancelled: readonly CancelledTrials[]): Record<string, readonly string[]> {
  const decisions: Record<string, readonly string[]> = {};
  for (const { experiment, arm, trial, by, at, replicates, trials } of cancelled) {
    const what = arm === null ? `Trial ${trial}` : `The arm ${arm}`;
    const sentence = `${what} was cancelled by ${by} on ${at.slice(0, 10)} while the run went on, after ${replicates} replicates (${trials} trials left out): a decision that may rest on data.`;
    decisions[experiment] = [...(decisions[experiment] ?? []), sentence];
  }
  return decisions;
}

export async function runResultsOf(store: ResultSource, run: RunManifest): Promise<RunResults> {
  const opened = store.openPlan(await store.planOf(run));
  const parts = plannedTrialsOf(store, run, opened).map(({ experiment, planned }) => {
    const ledger = store.ledgerOf(opened.plan, trialOf(experiment).job, { run });
    const tableRows = tableRowsOf(planned);
    const whole = trialTableOf({ run, experiment, planned, tableRows, ledger });
    const lost = lostOf(store, run, { ledger, outcome: whole.outcome });
    const table = lost === null ? whole : { ...whole, lost };
    return {
      experiment,
      planned,
      ledger,
      tableRows,
      table: registered(table, { store, run, experiment, ledger }),
    };
  });
  return {
    provenance: run.provenance,
    ...(run.cancelled !== undefined && { decisions: decisionsOf(run.cancelled) }),
    tables: parts.map(({ table }) => table),
    async series(experiment, name): Promise<SeriesTable> {
      const part = parts.find((each) => each.table.experiment.name === experiment);
      const known = part?.table.experiment.series ?? [];
      if (part === undefined || !known.includes(name))
        throw new StoreError(
          "not-a-store",
          part === undefined
            ? `Run ${run.id} has no experiment "${experiment}".`
            : `"${experiment}" has no series "${name}".`,
          `There ${part === undefined ? `are ${parts.map((each) => each.table.experiment.name).join(", ")}` : `are ${known.join(", ") || "none"}`}.`,
        );
      const stages = recordingStagesOf(
        part,
        (job) => store.ledgerOf(opened.plan, job, { run }),
        (series) => series === name,
      );
      const tables = [
        seriesTableOf(name, part),
        ...stages.map((stage) => {
          const { units, tableRows } = stageUnitsOf(stage, part.experiment);
          return { ...seriesTableOf(name, { ledger: stage.ledger, tableRows }), units };
        }),
      ].filter(({ row }, index) => index === 0 || row.length > 0);
      const recorded = tables.filter(({ row }) => row.length > 0);
      if (recorded.length > 1)
        throw new StoreError(
          "not-a-store",
          `The series "${name}" of "${experiment}" was recorded by ${recorded.map((each) => ("units" in each ? `stage ${each.units.stage}` : "the trial")).join(" and ")}.`,
          "Rows of different units are no one series: record each under a name of its own. `lab query` has them with their stage.",
        );
      const ranges = seriesRangesOf(part.experiment.planned.series[name]);
      return { ...(recorded[0] ?? tables[0]!), ranges };
    },
  };
}

/** Null when every file that the run rests on is there and whole. */
function lostOf(
  store: ResultSource,
  run: RunManifest,
  of: { readonly ledger: JobLedger; readonly outcome: Uint8Array },
): LostRecords | null {
  const known = new Set(store.segments().map(({ name }) => name));
  const missing = (run.sources ?? []).filter(({ segment }) => !known.has(segment));
  const words = [
    ...damageOf(of.ledger, run).map(damageWords),
    ...missing.map(
      ({ segment }) =>
        `The segment ${segment}, which run ${run.id} rests on, cannot be read: what it held runs again.`,
    ),
  ];
  for (const sentence of words) store.addProblem(sentence);
  if (words.length === 0) return null;
  // A run that has ended by itself had a record of every trial that it planned.
  const hadAll = run.status === "complete";
  return { rows: hadAll ? of.outcome.filter((code) => code === notRunCode).length : null, words };
}

/** One experiment's table. */
export function trialTableOf(of: {
  readonly run: RunManifest;
  readonly experiment: OpenedExperiment;
  readonly planned: PlannedTrials;
  readonly tableRows: TableRows;
  readonly ledger: JobLedger;
}): TrialTable {
  const { run, experiment, planned, tableRows: placed, ledger } = of;
  const { count: rows, conditions } = planned;
  const specs = experiment.planned.metrics;
  const columns = Object.keys(specs).map((name) => ({
    name,
    values: new Float64Array(rows).fill(Number.NaN),
  }));
  const outcome = new Uint8Array(rows).fill(notRunCode);
  const durationMs = new Float32Array(rows).fill(Number.NaN);
  const message = new Map<number, string>();
  const telemetry = new Map<string, Float64Array>();
  const censored = new Map<number, { readonly metric: string; readonly bound: number }>();
  const calls = gatherCalls(placed.condition);
  ledger.visit((counted) => {
    const tableRows = countedTableRows(counted, placed);
    const { batch, count, rows: batchRows } = counted;
    for (let index = 0; index < count; index += 1) {
      const row = tableRows[index]!;
      if (row < 0) continue;
      outcome[row] = batch.outcome[batchRows[index]!]!;
      durationMs[row] = batch.durationMs[batchRows[index]!]!;
    }
    const names = batch.json().metrics;
    for (const { name, values } of columns) {
      const from = batch.metrics[names.indexOf(name)];
      if (from === undefined) continue;
      const translate = metricTranslationOf(counted.source.experiment.metrics[name], specs[name]);
      for (let index = 0; index < count; index += 1) {
        const row = tableRows[index]!;
        if (row >= 0)
          values[row] = translate === null ? from[batchRows[index]!]! : translate(from[batchRows[index]!]!);
      }
    }
    if (!batch.hasExtras) return;
    addWords(counted, tableRows, { message, censored });
    addTelemetry(counted, tableRows, { rows, columns: telemetry, calls });
  });
  const called = calls.gathered();
  return {
    experiment: { ...summaryOf(experiment), ...stoppingOf(run, experiment) },
    conditions,
    rows,
    condition: placed.condition,
    replicate: placed.replicate,
    outcome,
    message,
    censored,
    metrics: Object.fromEntries(columns.map(({ name, values }) => [name, values])),
    durationMs,
    telemetry: Object.fromEntries(telemetry),
    ...(called.length > 0 && { calls: called }),
  };
}

function addTelemetry(
  { batch, count, rows }: CountedRows,
  tableRows: Int32Array,
  to: {
    readonly rows: number;
    readonly columns: Map<string, Float64Array>;
    readonly calls: CallGatherer;
  },
): void {
  const { telemetry = [], calls = [] } = batch.json();
  if (telemetry.length === 0 && calls.length === 0) return;
  const tableRowOf = new Map(Array.from({ length: count }, (_, index) => [rows[index]!, tableRows[index]!]));
  to.calls.take(batch, tableRowOf);
  for (const { name, rows: batchRows, values } of telemetry) {
    const column = to.columns.get(name) ?? new Float64Array(to.rows).fill(Number.NaN);
    to.columns.set(name, column);
    for (const [index, batchRow] of batchRows.entries()) {
      const row = tableRowOf.get(batchRow) ?? -1;
      if (row >= 0) column[row] = values[index]!;
    }
  }
}

function addWords(
  { batch, count, rows }: CountedRows,
  tableRows: Int32Array,
  to: {
    readonly message: Map<number, string>;
    readonly censored: Map<number, { readonly metric: string; readonly bound: number }>;
  },
): void {
  const messages = messagesOf(batch);
  const bounds = boundsOf(batch);
  for (let index = 0; index < count; index += 1) {
    const row = tableRows[index]!;
    const batchRow = rows[index]!;
    if (row < 0 || hasMeasurement(batch.outcome[batchRow]!)) continue;
    const bound = bounds.get(batchRow);
    if (bound !== undefined) to.censored.set(row, bound);
    to.message.set(row, messages.get(batchRow) ?? "");
  }
}

/**
 * The table with what was declared of its experiment before the data, as registered or in the plan under which the first trial was
 * recorded; analyses that were not, or not so, are exploratory.
 */
function registered(
  table: TrialTable,
  of: {
    readonly store: ResultSource;
    readonly run: RunManifest;
    readonly experiment: OpenedExperiment;
    readonly ledger: JobLedger;
  },
): TrialTable {
  const { store, run, experiment, ledger } = of;
  const segments = ledger.sources.map(({ segment }) => segment);
  const [first] = segments.map(({ head }) => head.createdAt).sort();
  const firstPlan = firstPlanOf({ layout: store.layout, planHash: run.planHash, experiment, segments });
  const registration = registrationSummaryOf({
    layout: store.layout,
    run,
    experiment,
    dataFrom: first ?? null,
  });
  const analyses = (registration ?? firstPlan)?.analyses;
  const isLate = (name: string): boolean =>
    registration?.isBeforeData === false ||
    analyses?.added.includes(name) === true ||
    analyses?.changed.includes(name) === true;
  return {
    ...table,
    experiment: {
      ...table.experiment,
      ...(registration !== null && { registration }),
      ...(firstPlan !== null && { firstPlan }),
      analyses: table.experiment.analyses.map((spec) =>
        isLate(spec.name) ? { ...spec, exploratory: true } : spec,
      ),
    },
  };
}

function stoppingOf(
  { stopping }: RunManifest,
  { planned }: OpenedExperiment,
): Pick<ExperimentSummary, "stopping"> {
  const outcome = stopping?.[planned.name];
  return outcome === undefined ? {} : { stopping: outcome };
}

/** What is known of an experiment from its plan. */
export function summaryOf({ planned, space }: OpenedExperiment): ExperimentSummary {
  return {
    ...declaredOf(planned),
    file: planned.file,
    factors: space.factors.map(
      (factor): FactorSummary => ({
        name: factor.name,
        levels: factor.levels ?? distinctValuesOf(space, factor.name),
        branch: factor.branch,
        zippedWith: factor.zippedWith,
        sampled: sampledScaleOf(factor),
      }),
    ),
    constants: space.constants,
    series: Object.keys(planned.series),
  };
}

function sampledScaleOf({ range }: OpenedExperiment["space"]["factors"][number]): FactorSummary["sampled"] {
  if (range === null || range.kind === "choice") return null;
  return range.kind === "log" ? "log" : "linear";
}

function distinctValuesOf(space: OpenedExperiment["space"], name: string): readonly unknown[] {
  const values = new Map<string, unknown>();
  for (let index = 0; index < space.size; index += 1) {
    if (space.filtered && !space.admits(index)) continue;
    const value = space.at(index)[name];
    if (value !== undefined) values.set(JSON.stringify(value), value);
  }
  return [...values.values()];
}
