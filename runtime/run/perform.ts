// The second half of a run: takes the project's lock, hands the plan to the controller, keeps what comes back, and closes the run
// so that the same command goes on from there.
import { RunControl } from "../control/run-control.ts";
import type { RunEvent, UnitTotals } from "../event/event.ts";
import type { RunSummary } from "../execute/controller/controller-options.ts";
import { hasBit } from "../plan/bitmap.ts";
import { sourcesOf } from "../plan/drawn-on.ts";
import type { Job, JobId } from "../plan/plan.ts";
import { isFailure } from "../record/outcome.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import {
  isRunOf,
  type RunIdentity,
  type RunWriter,
  resumableRun,
  startRun,
} from "../store/runs/start-run.ts";
import type { RunManifest } from "../store/store.ts";
import { cancelledWords } from "./cancelled.ts";
import { execute } from "./connect.ts";
import { customResultsOf, isCustom } from "./custom-results.ts";
import { withLeftBehind } from "./left-behind.ts";
import { roomNotices } from "./machine-room.ts";
import { assertProposed, type Prepared, preparedAgain, recordedSelection } from "./prepare.ts";
import type { RunOptions } from "./run-options.ts";
import { leftOutWords } from "./selection-words.ts";
import { storeProblemsOf } from "./store-problems.ts";
import type { JobSurvey } from "./survey.ts";

/** How a run ended. */
export interface RunReport {
  readonly run: RunManifest;
  readonly status: Exclude<RunManifest["status"], "running">;
  /** Units recorded now, units that were recorded before, of both those without a measurement, of these the failures, and what is left. */
  readonly done: number;
  readonly reused: number;
  readonly unmeasured: number;
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

/** How many units the surveys leave to run. */
export function freshCount(surveys: readonly JobSurvey[]): number {
  return surveys.reduce((sum, { fresh }) => sum + fresh, 0);
}

/** Runs what is not recorded. The store is left resumable whatever happens. */
export async function perform(prepared: Prepared, given: RunOptions): Promise<RunReport> {
  assertProposed(prepared);
  const { store, build, surveys, selection, again } = prepared;
  const roomy = roomNotices(prepared, given);
  const experiments = [...new Set(surveys.map(({ job }) => job.experiment))];
  const identity = {
    plan: build.plan,
    experiments,
    selection: recordedSelection(selection),
    forced: again.force,
  };
  const runs = await store.runs();
  const settled = settledRun(prepared, given, {
    newest: runs.find(isRunOf({ ...identity, forced: false })) ?? null,
    latest: runs.find(({ forced }) => !forced) ?? null,
  });
  if (settled !== null)
    return finished({ prepared, options: given, run: settled, summary: nothingDone(surveys) });
  const writer = await startRun({
    ...identity,
    store,
    name: given.name,
    command: given.command,
    resume: takenUp(prepared, given, { runs, identity }),
    records: recordedBy(prepared),
    // The manifest of the newest run of an experiment has what is cancelled of it, and none of other experiments.
    cancelled: prepared.cancelled.filter(({ experiment }) => experiments.includes(experiment)),
  });
  const { control, options } = controlled(prepared, given, writer);
  try {
    for (const exchange of prepared.pinned ?? []) await writer.effects.pin(exchange);
    return await performIn(prepared, options, { writer, control, roomy });
  } finally {
    await control.close();
  }
}

/** The jobs that a run may record: those with units to run, those that a rule may ask more of, and what is made of them. */
function recordedBy({ surveys, steering }: Prepared): readonly Job[] {
  const recorded = new Map<JobId, Job>();
  // In the plan's order what a job needs comes before it.
  for (const { job, index, fresh } of surveys)
    if (fresh > 0 || steering.mostOf(index) !== null || job.needs.some((need) => recorded.has(need.job)))
      recorded.set(job.id, job);
  return [...recorded.values()];
}

/** The control of the run, and options whose listener tells it everything. */
function controlled(
  prepared: Prepared,
  options: RunOptions,
  writer: RunWriter,
): { readonly control: RunControl; readonly options: RunOptions } {
  const { store } = prepared;
  const { manifest, session } = writer;
  const listener = (event: RunEvent): void => {
    // Rows of a trial that somebody looks at go to him alone, unless the program wants those of all.
    if (event.type !== "rows" || options.tellsRows) options.listener(event);
    control.hear(event);
  };
  const control = new RunControl({
    run: runLayoutOf(store.layout, manifest.id),
    session,
    listener,
    plan: prepared,
    cancel: (trials) => writer.cancel(trials),
    priorities: options.priorities,
  });
  return { control, options: { ...options, listener } };
}

interface Controlled {
  readonly writer: RunWriter;
  readonly control: RunControl;
}

async function performIn(
  prepared: Prepared,
  options: RunOptions,
  { writer, control, roomy }: Controlled & { readonly roomy: readonly string[] },
): Promise<RunReport> {
  const { build, surveys } = prepared;
  let ended: Ended | null = null;
  let run: RunManifest;
  try {
    await control.open();
    const { cancelled, left } = prepared;
    if (left > 0) options.listener({ type: "notice", level: "info", text: cancelledWords(cancelled, left) });
    for (const each of prepared.leftOut)
      options.listener({ type: "notice", level: "warning", text: leftOutWords(each) });
    for (const text of new Set([...roomy, ...writer.notices, ...storeProblemsOf(prepared)]))
      options.listener({ type: "notice", level: "warning", text });
    const { isElsewhere, moreBy } = options.ports.executor;
    options.listener({
      type: "run-started",
      run: writer.manifest.id,
      build: build.plan.build,
      experiments: writer.manifest.experiments,
      trials: totalsOf(surveys.filter(({ job }) => job.stage === "trial")),
      stageUnits: totalsOf(surveys.filter(({ job }) => job.stage !== "trial")),
      workers: isElsewhere ? null : options.threads,
      ...(moreBy !== undefined && { moreWorkers: moreBy }),
    });
    ended = await executeAll(await withLeftBehind(prepared, { options, writer }), options, {
      writer,
      control,
    });
  } finally {
    const status = ended?.summary.status ?? "aborted";
    const told = writer.notices.length;
    // Parquet is for results that stand; a run that goes on later is compacted when it ends.
    run = await writer.finish(status, {
      compact: status === "complete",
      stopping: (ended?.prepared ?? prepared).steering.outcomes(),
    });
    for (const text of writer.notices.slice(told))
      options.listener({ type: "notice", level: "warning", text });
  }
  await keepCustoms(prepared, options, run);
  return finished({ ...ended, options, run });
}

interface Ended {
  /** As it was looked up before the last units ran. */
  readonly prepared: Prepared;
  readonly summary: RunSummary;
}

/** Runs what is wanted, and then what was made of rows that have changed meanwhile: failed ones that were retried successfully. */
async function executeAll(
  prepared: Prepared,
  options: RunOptions,
  { writer, control }: Controlled,
): Promise<Ended> {
  let ended: Ended = { prepared, summary: await execute({ prepared, options, writer, control }) };
  const { opened, surveys, again } = prepared;
  const drawsOnOthers = surveys.some(({ job }) => sourcesOf(opened.plan, job).length > 0);
  // A forced run has run everything in order.
  if (!drawsOnOthers || again.force) return ended;
  while (ended.summary.status === "complete" && ended.summary.done > 0) {
    const next = await preparedAgain(ended.prepared);
    if (freshCount(next.surveys) === 0) return ended;
    const more = await execute({ prepared: next, options, writer, control });
    ended = { prepared: next, summary: bothOf(ended.summary, more) };
    if (more.done === 0) return ended;
  }
  return ended;
}

function bothOf(first: RunSummary, then: RunSummary): RunSummary {
  return {
    ...then,
    done: first.done + then.done,
    reused: first.reused,
    unmeasured: first.unmeasured + then.unmeasured,
    failed: first.failed + then.failed,
    durationMs: first.durationMs + then.durationMs,
  };
}

/** Runs the author's own analyses once the trials are there; what they come to is stored for every later report. */
async function keepCustoms({ store }: Prepared, options: RunOptions, run: RunManifest): Promise<void> {
  const { ports, analysisTimeoutMs: timeoutMs, listener } = options;
  const declared = (await store.planOf(run)).experiments.some(({ analyses }) =>
    analyses.some(({ kind }) => isCustom(kind)),
  );
  if (!declared || run.status !== "complete") return;
  const results = await store.results(run);
  const customs = await customResultsOf({
    store,
    run,
    results,
    executor: ports.executor,
    timeoutMs,
    listener,
  });
  for (const [experiment, outcomes] of Object.entries(customs))
    for (const [name, outcome] of Object.entries(outcomes))
      if ("failure" in outcome) {
        const text = `${experiment}: the analysis "${name}" has no answer: ${outcome.failure}`;
        listener({ type: "notice", level: "warning", text });
      }
}

/** The run that is gone on with: one that was stopped, or where that is asked for one that has ended; of the name given, if one is given. */
function takenUp(
  { opened }: Prepared,
  { name, resume }: RunOptions,
  { runs, identity }: { readonly runs: readonly RunManifest[]; readonly identity: RunIdentity },
): RunManifest | null {
  // What was proposed belongs to the run that it was prepared from.
  if (opened.experiments.some(({ space }) => space.grows)) return resumableRun(runs, identity);
  const called = runs.filter((run) => name === null || run.name === name);
  return resumableRun(called, identity) ?? (resume ? (called.find(isRunOf(identity)) ?? null) : null);
}

/** The newest run of the same plan and selection, when it has ended, leaves nothing to do and is the latest of all (forced ones apart). */
function settledRun(
  prepared: Prepared,
  options: RunOptions,
  of: { readonly newest: RunManifest | null; readonly latest: RunManifest | null },
): RunManifest | null {
  const { newest, latest } = of;
  if (newest === null || prepared.again.force) return null;
  if (options.name !== null && !(options.resume && newest.name === options.name)) return null;
  // After a run of another design or selection this one gets a run of its own again, so that "latest" is what was asked for.
  if (newest.id !== latest?.id) return null;
  return newest.status === "complete" && freshCount(prepared.surveys) === 0 ? newest : null;
}

function totalsOf(surveys: readonly JobSurvey[]): UnitTotals {
  return {
    total: surveys.reduce((sum, { wantedCount }) => sum + wantedCount, 0),
    reused: surveys.reduce((sum, { reused }) => sum + reused, 0),
  };
}

function nothingDone(surveys: readonly JobSurvey[]): RunSummary {
  const reused = surveys.reduce((sum, survey) => sum + survey.reused, 0);
  return {
    status: "complete",
    done: 0,
    reused,
    unmeasured: 0,
    failed: 0,
    remaining: 0,
    durationMs: 0,
    reason: null,
  };
}

async function finished(of: {
  readonly prepared: Prepared;
  readonly options: RunOptions;
  readonly run: RunManifest;
  readonly summary: RunSummary;
}): Promise<RunReport> {
  const { prepared, options, run, summary } = of;
  const { unmeasured, failed } = await missingOutcomes(prepared, { run, done: summary.done });
  const { status, done, reused, remaining, durationMs, reason } = summary;
  const next = remaining > 0 ? options.command : unmeasured > 0 ? "lab status" : "lab report";
  options.listener({
    type: "run-finished",
    run: run.id,
    status,
    done,
    reused,
    unmeasured,
    failed,
    remaining,
    durationMs,
    next,
  });
  return { run, status, done, reused, unmeasured, failed, remaining, durationMs, reason };
}

/** Wanted units that have ended without a measurement, over this and earlier runs, and how many of these failed. */
async function missingOutcomes(
  { store, opened, surveys, steering }: Prepared,
  { run, done }: { readonly run: RunManifest; readonly done: number },
): Promise<{ readonly unmeasured: number; readonly failed: number }> {
  let unmeasured = 0;
  let failed = 0;
  for (const { job, index, wanted: asked, records } of surveys) {
    const wanted = steering.countedOf(index) ?? asked;
    const { notMeasured } = done === 0 ? records : await store.recordsOf(opened.plan, job, { run });
    for (const [unit, outcome] of notMeasured) {
      if (!hasBit(wanted, unit)) continue;
      unmeasured += 1;
      if (isFailure(outcome)) failed += 1;
    }
  }
  return { unmeasured, failed };
}
