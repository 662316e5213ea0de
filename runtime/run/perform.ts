// The second half of a run: takes the project's lock, hands the plan to the controller, keeps what comes back, and closes the run
// so that the same command goes on from there.
import type { RunEvent } from "../event/event.ts";
import { type RunSummary, startPlan } from "../execute/controller.ts";
import { localExecutor } from "../execute/local-host.ts";
import { countBits } from "../plan/bitmap.ts";
import type { Job } from "../plan/plan.ts";
import { type RunWriter, resumableRun, startRun } from "../store/start-run.ts";
import type { RunManifest } from "../store/store.ts";
import type { Prepared } from "./prepare.ts";
import type { RunOptions } from "./run-options.ts";
import type { JobSurvey } from "./survey.ts";

/** How a run ended. */
export interface RunReport {
  readonly run: RunManifest;
  readonly status: Exclude<RunManifest["status"], "running">;
  /** Units recorded now, units that were recorded before, those of both without a measurement, and what is left. */
  readonly done: number;
  readonly reused: number;
  readonly failed: number;
  readonly remaining: number;
  readonly durationMs: number;
  /** Why it ended early; null otherwise. */
  readonly reason: string | null;
}

/** Counts earlier results of changed code as current, on record; answers with how many jobs were accepted. */
export async function acceptStale(prepared: Prepared, reason: string): Promise<number> {
  let accepted = 0;
  for (const { job, stale } of prepared.surveys) {
    const [newest] = stale;
    if (newest === undefined) continue;
    await prepared.store.accept(newest.job.id, job.id, reason);
    accepted += 1;
  }
  return accepted;
}

/** Runs what is not recorded. The store is left resumable whatever happens. */
export async function perform(prepared: Prepared, options: RunOptions): Promise<RunReport> {
  const { store, opened, wanted, surveys } = prepared;
  const selection = { filter: options.selection.filter, limit: options.selection.limit };
  const experiments = [...new Set(surveys.map(({ job }) => job.experiment))];
  const identity = { plan: opened.plan, experiments, selection, forced: options.force };
  const writer = await startRun({
    ...identity,
    store,
    name: options.name,
    command: options.command,
    resume: resumableRun(await store.runs(), identity),
  });
  let status: RunReport["status"] = "aborted";
  let summary: RunSummary | null = null;
  try {
    for (const text of writer.notices) options.listener({ type: "notice", level: "warning", text });
    options.listener(startedEvent(prepared, options, writer));
    summary = await execute({ prepared, options, writer });
    status = summary.status;
  } finally {
    await writer.finish(status);
  }
  const run = await compacted(prepared, writer.manifest.id, options);
  const failed = await missingOutcomes(prepared, run, surveys);
  if (status === "complete" && failed > 0) status = "failures";
  const report: RunReport = {
    run,
    status,
    done: summary.done,
    reused: summary.reused,
    failed,
    remaining: summary.remaining,
    durationMs: summary.durationMs,
    reason: summary.reason,
  };
  options.listener({
    type: "run-finished",
    run: run.id,
    status,
    done: report.done,
    reused: report.reused,
    failed,
    remaining: report.remaining,
    durationMs: report.durationMs,
    next: nextCommand(report, options),
  });
  return report;

  async function execute(of: {
    readonly prepared: Prepared;
    readonly options: RunOptions;
    readonly writer: RunWriter;
  }): Promise<RunSummary> {
    const total = surveys.reduce((sum, { wantedCount }) => sum + wantedCount, 0);
    const { failOnError } = of.options;
    const running = await startPlan({
      opened,
      wanted,
      recordsOf: (index) =>
        store.recordsOf(
          opened.plan,
          jobAt(opened.plan.jobs, index),
          of.options.force ? { run: { ...of.writer.manifest, sources: null } } : {},
        ),
      ledger: of.writer.ledger,
      journal: of.writer.effects,
      checkpoints: of.writer.checkpoints,
      artifacts: { put: async (hash, bytes) => void (await of.writer.artifacts.put(bytes, hash)) },
      logs: { append: (trial, level, text) => of.writer.logs.append({ trial, at: Date.now(), level, text }) },
      executor: localExecutor(),
      hosts: 1,
      threads: of.options.threads,
      listener: of.options.listener,
      limits: {
        timeoutMs: of.options.timeoutMs,
        memoryMb: of.options.memoryMb,
        failFast: of.options.failFast,
        failOnError:
          failOnError === null ? null : failOnError < 1 ? failOnError : failOnError / Math.max(1, total),
        retryErrors: of.options.retryErrors,
        force: of.options.force,
      },
      replayOf: (trial) => `lab run --trial ${trial} --inline`,
    });
    const { drain, stop } = of.options;
    const onDrain = (): void => running.drain(String(drain.reason));
    const onStop = (): void => running.stop(String(stop.reason));
    if (drain.aborted) onDrain();
    if (stop.aborted) onStop();
    drain.addEventListener("abort", onDrain);
    stop.addEventListener("abort", onStop);
    try {
      return await running.finished;
    } finally {
      drain.removeEventListener("abort", onDrain);
      stop.removeEventListener("abort", onStop);
    }
  }
}

function jobAt(jobs: readonly Job[], index: number): Job {
  const job = jobs[index];
  if (job === undefined) throw new Error(`the plan has no job ${index}`);
  return job;
}

function startedEvent({ surveys, opened }: Prepared, options: RunOptions, writer: RunWriter): RunEvent {
  return {
    type: "run-started",
    run: writer.manifest.id,
    build: opened.plan.build,
    experiments: writer.manifest.experiments,
    total: surveys.reduce((sum, { wantedCount }) => sum + wantedCount, 0),
    reused: options.force ? 0 : surveys.reduce((sum, { reused }) => sum + reused, 0),
    workers: options.threads,
  };
}

/** Parquet for people and programs. Its failure is told and takes nothing away: the segments are the record. */
async function compacted({ store }: Prepared, id: string, options: RunOptions): Promise<RunManifest> {
  try {
  } catch (error) {
    options.listener({
      type: "notice",
      level: "warning",
      text: `the Parquet files of ${id} could not be written: ${error instanceof Error ? error.message : String(error)}; the recorded trials are safe, and export and query read them as they are`,
    });
  }
  const run = await store.findRun(id);
  if (run === null || "ambiguous" in run) throw new Error(`run ${id} has no manifest`);
  return run;
}

/** Wanted trials that have ended without a measurement, over this and earlier runs. */
async function missingOutcomes(
  { store, opened }: Prepared,
  run: RunManifest,
  surveys: readonly JobSurvey[],
): Promise<number> {
  let missing = 0;
  for (const { job, wanted } of surveys) {
    const { notMeasured } = await store.recordsOf(opened.plan, job, { run });
    if (notMeasured.size === 0) continue;
    const failed = [...notMeasured.keys()].filter(
      (unit) => ((wanted[unit >> 3] ?? 0) & (1 << (unit & 7))) !== 0,
    );
    missing += failed.length;
  }
  return missing;
}

/** What to type next. */
function nextCommand(report: RunReport, options: RunOptions): string {
  if (report.remaining > 0) return options.command;
  if (report.failed > 0) return "lab status";
  return "lab report";
}

/** How many units the surveys leave to run. */
export function freshCount(surveys: readonly JobSurvey[], force: boolean): number {
  return surveys.reduce((sum, { fresh, wanted }) => sum + (force ? countBits(wanted) : fresh), 0);
}
