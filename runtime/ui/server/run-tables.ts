// A run's records as columns, read from the store as `lab status` reads them, so that both say the same. A live run is read again when its
// files have grown.
import { existsSync, readFileSync, statSync } from "node:fs";
import type { Act, DoneAct } from "../../event/act.ts";
import { countBits, countShared, hasBit } from "../../plan/bitmap.ts";
import { type OpenedExperiment, type OpenedPlan, trialOf } from "../../plan/opened-plan.ts";
import { select } from "../../plan/selection.ts";
import { isFailure, isUnfinished, notRunCode } from "../../record/outcome.ts";
import type { TrialTable } from "../../record/trial-table.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import type { JobLedger } from "../../store/ledger/job-ledger.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import {
  countedTableRows,
  plannedTrialsOf,
  replicateCapsOf,
  tableRowsOf,
} from "../../store/runs/planned-rows.ts";
import { trialTableOf } from "../../store/runs/run-results.ts";
import type { RunManifest } from "../../store/store.ts";
import type { JobCount } from "../view-data.ts";

/** One experiment of a run: a row a trial, replicate-major. */
export interface TrialColumns {
  readonly opened: OpenedExperiment;
  readonly table: TrialTable;
  /** Milliseconds since the epoch; NaN where a trial has no record. */
  readonly endedAtMs: Float64Array;
  /** Stored code of the reason of a failure; 0 for other outcomes. */
  readonly reason: Uint8Array;
  /** 1 for rows that an earlier run recorded. */
  readonly reused: Uint8Array;
  /** Conditions that somebody cancelled, by index: what had not ended of them never will. */
  readonly cancelled: ReadonlySet<number>;
  /** Of each condition of the table, its index in the space. */
  readonly rawConditions: readonly number[];
  /** The unit of a row, within the trial's job. */
  unitOf(row: number): number;
}

export interface RunTables {
  readonly run: RunManifest;
  readonly opened: OpenedPlan;
  readonly experiments: readonly TrialColumns[];
  readonly jobs: readonly JobCount[];
  /** Rises whenever the run was read again. */
  readonly version: number;
}

/** Reads all of a run. */
export async function readRunTables(
  store: ProjectStore,
  run: RunManifest,
  version: number,
): Promise<RunTables> {
  const opened = store.openPlan(await store.planOf(run));
  const experiments = plannedTrialsOf(store, run, opened).map(({ experiment, planned }): TrialColumns => {
    const placed = tableRowsOf(planned);
    const endedAtMs = new Float64Array(planned.count).fill(Number.NaN);
    const reason = new Uint8Array(planned.count);
    const reused = new Uint8Array(planned.count);
    const ledger = store.ledgerOf(opened.plan, trialOf(experiment).job, { run });
    // One pass over the records fills the table and the columns that only this page shows.
    const watched: JobLedger = {
      ...ledger,
      visit: (visitor) =>
        ledger.visit((counted) => {
          const tableRows = countedTableRows(counted, placed);
          const { batch, rows, count, source } = counted;
          const isEarlier = source.segment.run === run.id ? 0 : 1;
          for (let index = 0; index < count; index += 1) {
            const row = tableRows[index]!;
            if (row < 0) continue;
            const from = rows[index]!;
            endedAtMs[row] = batch.baseMs + batch.startOffset[from]! + batch.durationMs[from]!;
            reason[row] = batch.reason[from]!;
            reused[row] = isEarlier;
          }
          visitor(counted);
        }),
    };
    const table = trialTableOf({ run, experiment, planned, tableRows: placed, ledger: watched });
    const { conditions } = trialOf(experiment).job;
    const unitOf = (row: number): number =>
      placed.replicate[row]! * conditions + planned.rawConditions[placed.condition[row]!]!;
    const { rawConditions } = planned;
    const cancelled = cancelledArms(store, run, table);
    return { opened: experiment, table, endedAtMs, reason, reused, cancelled, rawConditions, unitOf };
  });
  return { run, opened, experiments, jobs: jobCountsOf({ store, run, opened, experiments }), version };
}

/** What a second look must find changed to read again: lengths of the files that a run counts. */
export function signatureOf(store: ProjectStore, run: RunManifest): string {
  if (run.sources !== null) return run.status;
  const paths = [...store.segments().map(({ path }) => path), runLayoutOf(store.layout, run.id).acts];
  return paths.map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0).join(" ");
}

/** From the journal of acts, which is written before an act is done. */
function cancelledArms(
  store: ProjectStore,
  run: RunManifest,
  { experiment, conditions }: TrialTable,
): ReadonlySet<number> {
  const { acts } = runLayoutOf(store.layout, run.id);
  const said = existsSync(acts) ? readFileSync(acts, "utf8") : "";
  const arms = new Set(
    said.split("\n").flatMap((line) => {
      const act = actIn(line);
      return act?.do === "cancel" && act.experiment === experiment.name && act.arm !== null ? [act.arm] : [];
    }),
  );
  const labels = conditions.map((condition) =>
    experiment.factors
      .filter(({ name }) => name in condition)
      .map(({ name }) => `${name}=${levelText(condition[name])}`)
      .join(", "),
  );
  return new Set(labels.flatMap((label, index) => (arms.has(label) ? [index] : [])));
}

/** Null for the line that is being written. */
function actIn(line: string): Act | null {
  try {
    // Written by the run's control.
    return (JSON.parse(line) as DoneAct).act;
  } catch {
    return null;
  }
}

function levelText(level: unknown): string {
  return typeof level === "string" ? level : JSON.stringify(level);
}

function jobCountsOf(of: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly opened: OpenedPlan;
  readonly experiments: readonly TrialColumns[];
}): readonly JobCount[] {
  const { store, run, opened, experiments } = of;
  const caps = replicateCapsOf(store, run, opened);
  const selected = select(opened, { experiments: run.experiments, ...run.selection }, caps);
  if (!("wanted" in selected)) return [];
  return [...selected.wanted].map(([index, units]): JobCount => {
    const job = opened.plan.jobs[index]!;
    const { experiment, stage } = job;
    const columns = experiments.find((each) => trialOf(each.opened).index === index);
    if (columns !== undefined) return { experiment, stage, ...countsOf(columns) };
    const { done, notMeasured, interrupted } = store.ledgerOf(opened.plan, job, { run });
    const missing = [...notMeasured].filter(([unit]) => hasBit(units, unit)).map(([, code]) => code);
    const failed = missing.filter((code) => isFailure(code)).length;
    return {
      experiment,
      stage,
      total: countBits(units),
      done: countShared(units, done),
      reused: 0,
      failed,
      otherwise: missing.length - failed,
      interrupted: [...interrupted.keys()].filter((unit) => hasBit(units, unit)).length,
    };
  });
}

function countsOf({ table, reused }: TrialColumns): Omit<JobCount, "experiment" | "stage"> {
  const counts = { total: table.rows, done: 0, reused: 0, failed: 0, otherwise: 0, interrupted: 0 };
  for (let row = 0; row < table.rows; row += 1) {
    const code = table.outcome[row]!;
    if (code === notRunCode) continue;
    if (isUnfinished(code)) {
      counts.interrupted += 1;
      continue;
    }
    counts.done += 1;
    counts.reused += reused[row]!;
    if (isFailure(code)) counts.failed += 1;
    else if (code !== 0) counts.otherwise += 1;
  }
  return counts;
}
