// How far a run is, from what is recorded: counts by experiment and stage, outcomes by arm, and what has no measurement.

import { triedBefore } from "../../execute/controller/jobs/recorded-units.ts";
import { countBits, countShared, hasBit } from "../../plan/bitmap.ts";
import { branchWords } from "../../plan/branch-plan.ts";
import type { BranchOrigin, Plan } from "../../plan/plan.ts";
import { select } from "../../plan/selection.ts";
import { ranAt } from "../../record/known-times.ts";
import { isFailure } from "../../record/outcome.ts";
import { runLayoutOf } from "../../store/files/layout.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { readLabels } from "../../store/runs/labels.ts";
import { replicateCapsOf } from "../../store/runs/planned-rows.ts";
import { statusOf } from "../../store/runs/run-counts.ts";
import type { CancelledTrials, RunManifest } from "../../store/store.ts";
import { unitsUnderWay } from "../units-under-way.ts";
import { callLine, callsOfRun } from "./call-lines.ts";
import { noteLine } from "./label-words.ts";
import { plainLine } from "./plain-text.ts";
import { type SavedTrial, savedTrials } from "./saved-trials.ts";
import { say } from "./say.ts";
import { nameOf } from "./show-plan.ts";
import { savedLine } from "./steps-words.ts";
import { textTable } from "./text-table.ts";
import { addStatuses, type StatusCounts, sayTrials, statusWords, trialRows } from "./trial-statuses.ts";
import { trialWords } from "./trial-words.ts";
import {
  sayCauses,
  sortedCauses,
  type UnmeasuredCause,
  type UnmeasuredTrial,
  unmeasuredOf,
} from "./unmeasured-trials.ts";
import { countWords, fit, plural } from "./words.ts";

/** Trials with a saved state that are listed one by one. */
const savedShown = 20;

/** All that `lab status --json` says. */
export type RunStanding = Awaited<ReturnType<typeof standingOf>>;

export async function showStatus(
  store: ProjectStore,
  run: RunManifest,
  { json, withTrials }: { readonly json: boolean; readonly withTrials: boolean },
): Promise<void> {
  const standing = await standingOf(store, run);
  const trials = withTrials ? await trialRows(store, run) : null;
  if (json) {
    const told = trials === null ? standing : { ...standing, trials };
    process.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
  } else {
    sayHead(standing);
    sayStanding(standing, run);
    if (trials !== null) sayTrials(trials);
  }
}

/** How far a run is, read from what is recorded. */
export async function standingOf(store: ProjectStore, run: RunManifest) {
  const opened = store.openPlan(await store.planOf(run));
  const selected = select(
    opened,
    { experiments: run.experiments, ...run.selection },
    replicateCapsOf(store, run, opened),
  );
  const underWay = await unitsUnderWay(store, run);
  const statuses: StatusCounts = {};
  const wanted = "wanted" in selected ? selected.wanted : new Map<number, Uint8Array>();
  const jobs = [];
  const unmeasured: UnmeasuredTrial[] = [];
  const causes: UnmeasuredCause[] = [];
  const units = new Map<number, { readonly wanted: Uint8Array; readonly done: Uint8Array }>();
  for (const [index, chosen] of wanted) {
    const job = opened.plan.jobs[index]!;
    const experiment = opened.experiments.find(({ planned }) => planned.name === job.experiment)!;
    const records = await store.recordsOf(opened.plan, job, { run });
    const missing = [...records.notMeasured.keys()].filter((unit) => hasBit(chosen, unit));
    if (job.stage === "trial")
      addStatuses(statuses, { wanted: chosen, records, underWay: underWay.get(job.id) ?? new Map() });
    units.set(index, { wanted: chosen, done: records.done });
    jobs.push({
      job: nameOf(job),
      total: countBits(chosen),
      done: countShared(chosen, records.done),
      withoutMeasurement: missing.length,
      failed: missing.filter((unit) => isFailure(records.notMeasured.get(unit)!)).length,
      triesLeft: [...triedBefore(records, { retryMax: null }, experiment.planned).keys()].filter((unit) =>
        hasBit(chosen, unit),
      ).length,
      interrupted: [...records.interrupted.keys()].filter((unit) => hasBit(chosen, unit)).length,
    });
    const told = await unmeasuredOf({ job, experiment }, records, missing);
    unmeasured.push(...told.trials);
    causes.push(...told.causes);
  }
  const saved = await savedTrials(opened, { folder: store.layout.checkpoints, units });
  const status = statusOf(store, run);
  const { tags, notes } = readLabels(runLayoutOf(store.layout, run.id));
  const { cancelled = [] } = run;
  const branches = branchesOf(opened.plan, run);
  const { startedAt } = ranAt(run.provenance);
  const calls = await callsOfRun(store, run, opened);
  return {
    run: run.id,
    name: run.name,
    status,
    tags,
    notes,
    startedAt,
    statuses,
    jobs,
    calls,
    branches,
    cancelled,
    saved,
    unmeasured,
    causes: sortedCauses(causes),
  };
}

function sayHead({ run, name, status, startedAt, tags, notes }: RunStanding): void {
  const named = name === null ? "" : ` "${name}"`;
  const started = startedAt === null ? "at an unknown time" : startedAt.slice(0, 19).replace("T", " ");
  say(process.stdout, `${run}${named}: ${status}, started ${started}`);
  if (tags.length > 0) say(process.stdout, `tags: ${tags.join(" ")}`);
  for (const note of notes) say(process.stdout, noteLine(note));
}

/** Counts by job, what was cancelled, saved states, and trials without a measurement. */
export function sayStanding(standing: RunStanding, run: RunManifest): void {
  const { statuses, jobs, calls, branches, cancelled, saved, causes, status } = standing;
  for (const branch of branches) say(process.stdout, plainLine(branchWords(branch)));
  sayJobs(jobs);
  say(process.stdout, `\ntrials: ${statusWords(statuses)}`);
  for (const each of calls) say(process.stdout, `\n${plainLine(callLine(each))}`);
  for (const each of cancelled) say(process.stdout, `\ncancelled: ${cancelledLine(each)}`);
  saySaved(saved);
  sayCauses(
    causes,
    jobs.reduce((sum, each) => sum + each.withoutMeasurement, 0),
  );
  if (causes.length > 0 && run.imported === undefined)
    say(process.stdout, `\nreplay one: lab run --trial <id> --inline${retryWords(jobs)}`);
  if (status === "killed" || status === "stopped" || status === "aborted")
    say(process.stdout, `\ngo on with: ${run.provenance.command}`);
}

/** A plain run tries again what has tries left of the retry rule. */
function retryWords(jobs: RunStanding["jobs"]): string {
  const failed = jobs.reduce((sum, each) => sum + each.failed, 0);
  const left = jobs.reduce((sum, each) => sum + each.triesLeft, 0);
  if (failed === 0) return "";
  const all = failed === 1 ? "the failed one" : "the failed ones";
  const have = (count: number): string => (count === 1 ? "has" : "have");
  if (left >= failed) return `; ${all} ${have(failed)} tries left: lab run`;
  const some = left > 0 ? `; ${countWords(left)} of ${all} ${have(left)} tries left: lab run` : "";
  return `${some}; run ${all} again: lab run --retry-errors`;
}

/** Where the experiments of a run come from that branch from trials. */
function branchesOf({ experiments }: Plan, run: RunManifest): readonly BranchOrigin[] {
  return experiments.flatMap(({ name, branch }) =>
    branch !== undefined && run.experiments.includes(name) ? [branch] : [],
  );
}

function cancelledLine({ experiment, arm, trial, by, at, replicates, trials }: CancelledTrials): string {
  const what = arm === null ? `trial ${trial}` : arm;
  const when = `${at.slice(0, 16).replace("T", " ")} after ${countWords(replicates)} replicates`;
  return `${plainLine(what)} of ${experiment} by ${plainLine(by)} on ${when}, ${plural(trials, "trial")} left out`;
}

/** What long trials would be taken up from. */
function saySaved(saved: readonly SavedTrial[]): void {
  if (saved.length === 0) return;
  const now = Date.now();
  say(process.stdout, `\n${plural(saved.length, "trial")} with a saved state to go on from:`);
  for (const trial of saved.slice(0, savedShown)) {
    say(
      process.stdout,
      `${savedLine(trial, now)}  ${fit(trialWords({ ...trial, of: trial.experiment }), 200)}`,
    );
  }
  if (saved.length > savedShown) say(process.stdout, `and ${countWords(saved.length - savedShown)} more`);
}

interface CountedJob {
  readonly job: string;
  readonly done: number;
  readonly total: number;
  readonly withoutMeasurement: number;
  readonly failed: number;
  /** Cancelled, or stopped by a budget: they run again. */
  readonly interrupted: number;
}

function sayJobs(jobs: readonly CountedJob[]): void {
  const rows = jobs.map((each) => [
    each.job,
    countWords(each.done),
    countWords(each.total),
    countWords(each.withoutMeasurement),
    countWords(each.failed),
    countWords(each.interrupted),
  ]);
  say(
    process.stdout,
    textTable(["job", "done", "of", "unmeasured", "failed", "cancelled"], rows, [1, 2, 3, 4, 5]),
  );
}
