// Where a run stands, folded from its events: plain data without a clock, a file or a terminal, which `lab watch`, `lab ui` and
// notifications all read. An event that is not known here changes nothing.
import { actWords } from "../event/act.ts";
import type { ArmCount, RunEvent } from "../event/event.ts";
import type { BudgetReading, ServiceReading } from "../event/services.ts";
import { type Cause, type CauseGroup, withCause, withoutCause } from "./cause.ts";
import { type Mark, paceOf, type RunPace, withMark } from "./pace.ts";
import { askedSlots, silentMs } from "./worker-room.ts";

/** A stage of an experiment, or its trials (`stage` is "trial"). */
export interface JobState {
  readonly experiment: string;
  readonly stage: string;
  readonly phase: "running" | "finished";
  readonly total: number;
  /** Ended units, the reused ones among them; of these, the failures of this run. */
  readonly done: number;
  readonly reused: number;
  readonly failed: number;
  /** Empty where there are too many conditions to count one by one. */
  readonly arms: readonly ArmCount[];
  readonly startedAtMs: number;
  readonly durationMs: number | null;
}

/** What a host took of its machine at a moment: share of one core (more than 1 for several), resident memory, trials under way. */
export interface HostReading {
  readonly atMs: number;
  readonly cpu: number | null;
  readonly memoryMb: number;
  readonly running: number;
}

/** One thread of a host, as last told: share of a core, memory that its trials hold. */
export interface ThreadReading {
  readonly worker: string;
  readonly cpu: number | null;
  readonly heldMb: number;
  readonly running: number;
}

export interface WorkerState {
  readonly host: string;
  readonly threads: number;
  readonly memoryMb: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first, at most `readingsMax`. */
  readonly readings: readonly HostReading[];
  readonly each: readonly ThreadReading[];
  /** The most of all readings. */
  readonly most: { readonly cpu: number | null; readonly memoryMb: number };
}

/** A trial of many steps that is under way. */
export interface UnderWay {
  readonly experiment: string;
  readonly trial: string;
  readonly condition: Readonly<Record<string, unknown>>;
  readonly replicate: number;
  readonly host: string;
  readonly done: number;
  readonly total: number;
  readonly leftMs: number | null;
  readonly heardAtMs: number;
}

/** Something that happened, in words. */
export interface FeedEntry {
  readonly atMs: number;
  readonly level: "info" | "warning";
  readonly words: string;
}

export interface RunEnding {
  readonly status: "complete" | "stopped" | "budget" | "aborted";
  readonly unmeasured: number;
  readonly failed: number;
  readonly remaining: number;
  readonly durationMs: number;
  /** The command that comes next. */
  readonly next: string;
}

/** Counts over the trials of all experiments; stages are counted by job. */
export interface RunCounts {
  readonly total: number;
  readonly done: number;
  readonly reused: number;
  readonly failed: number;
}

export interface RunState {
  /** Null before the run has begun. */
  readonly run: string | null;
  readonly build: string | null;
  readonly experiments: readonly string[];
  /** "paused": trials under way end, no more start. */
  readonly phase: "waiting" | "running" | "paused" | "draining" | "ended";
  readonly startedAtMs: number | null;
  /** When the last event was heard. */
  readonly heardAtMs: number | null;
  readonly counts: RunCounts;
  /** Number of the last act on it; 0 before the first. */
  readonly acts: number;
  /** In the order in which they began. */
  readonly jobs: readonly JobState[];
  readonly workers: readonly WorkerState[];
  /** Free on the disk that the run is written to; null where not known. */
  readonly diskFreeMb: number | null;
  /** Trials that told how far they are within `silentMs`, newest first, at most `underWayMax`. */
  readonly underWay: readonly UnderWay[];
  /** Of the services that the run asks, as last told. */
  readonly services: readonly ServiceReading[];
  readonly budgets: readonly BudgetReading[];
  /** Threads that were asked for; null where all that other machines have are used. */
  readonly slots: number | null;
  /** Whether other machines say how many threads there are. */
  readonly isElsewhere: boolean;
  /** How more threads come, in words, where the run cannot have them started; null where it can. */
  readonly moreWorkers: string | null;
  /** Why trials have no measurement, most frequent first, at most `causesMax` of them. */
  readonly causes: readonly CauseGroup[];
  /** Trials without a measurement whose cause is not among `causes`. */
  readonly otherCauses: number;
  /** Newest first, at most `feedMax`. */
  readonly feed: readonly FeedEntry[];
  readonly ending: RunEnding | null;
  /** Ended units of all jobs over the last minute, by second; what `paceOf` reads. */
  readonly marks: readonly Mark[];
}

export const feedMax = 20;
const underWayMax = 64;
const readingsMax = 60;

export const beforeRun: RunState = {
  run: null,
  build: null,
  experiments: [],
  phase: "waiting",
  startedAtMs: null,
  heardAtMs: null,
  counts: { total: 0, done: 0, reused: 0, failed: 0 },
  acts: 0,
  jobs: [],
  workers: [],
  diskFreeMb: null,
  underWay: [],
  services: [],
  budgets: [],
  slots: 0,
  isElsewhere: false,
  moreWorkers: null,
  causes: [],
  otherCauses: 0,
  feed: [],
  ending: null,
  marks: [],
};

/**
 * The state after an event that was heard at `nowMs` (milliseconds since any fixed moment).
 *
 * @example
 * let state = beforeRun;
 * const listener: Listener = (event) => { state = runStateAfter(state, event, Date.now()); };
 */
export function runStateAfter(before: RunState, event: RunEvent, nowMs: number): RunState {
  const state = { ...before, heardAtMs: nowMs };
  switch (event.type) {
    case "run-started":
      return startedState(state, event, nowMs);
    case "host-ready":
      return withWorker(state, event, nowMs);
    case "job-started": {
      const { experiment, stage, total, reused } = event;
      const job = { experiment, stage, total, reused, done: reused, failed: 0, arms: [] };
      return counted(withJob(state, { ...job, phase: "running", startedAtMs: nowMs, durationMs: null }));
    }
    case "progress":
      return progressed(state, event, nowMs);
    case "job-finished": {
      const job = jobOf(state, event);
      const { durationMs } = event;
      return job === undefined ? state : withJob(state, { ...job, phase: "finished", durationMs });
    }
    case "trial-progress":
      return { ...state, underWay: underWayAfter(state, event, nowMs) };
    case "resources":
      return {
        ...state,
        diskFreeMb: event.diskFreeMb ?? state.diskFreeMb,
        workers: state.workers.map((worker) => withReading(worker, event, nowMs)),
      };
    case "services": {
      const { services, budgets } = event;
      return { ...state, services, budgets };
    }
    case "trial-ended":
      return caused(state, event);
    case "notice":
      return told(state, { atMs: nowMs, level: event.level, words: event.text });
    case "act": {
      const after = told(
        { ...state, acts: event.number },
        { atMs: nowMs, level: "info", words: actWords(event) },
      );
      return acted(after, event);
    }
    case "draining":
      return told(
        { ...state, phase: "draining" },
        { atMs: nowMs, level: "info", words: `Trials under way are ending: ${event.reason}` },
      );
    case "run-finished": {
      const { status, unmeasured, failed, remaining, durationMs, next } = event;
      const ending = { status, unmeasured, failed, remaining, durationMs, next };
      return { ...state, run: event.run, phase: "ended", underWay: [], ending };
    }
    default:
      return state;
  }
}

/** How fast it goes and how long the rest takes, as a range; null for a run that has ended or has shown no pace yet. */
export function runPaceOf(state: RunState, nowMs: number): RunPace | null {
  if (state.phase !== "running") return null;
  const left = state.jobs.reduce((sum, { total, done }) => sum + total - done, 0);
  return paceOf(state.marks, left, nowMs);
}

type EventOf<T extends RunEvent["type"]> = Extract<RunEvent, { readonly type: T }>;

function startedState(state: RunState, event: EventOf<"run-started">, nowMs: number): RunState {
  const { run, build, experiments, trials, workers: slots, moreWorkers = null } = event;
  const counts = { total: trials.total, done: trials.reused, reused: trials.reused, failed: 0 };
  // A run that is taken up again in the same listener begins anew.
  return {
    ...beforeRun,
    heardAtMs: state.heardAtMs,
    acts: state.acts,
    startedAtMs: nowMs,
    phase: "running",
    run,
    build,
    experiments,
    counts,
    slots,
    isElsewhere: slots === null,
    moreWorkers,
  };
}

function withWorker(state: RunState, event: EventOf<"host-ready">, nowMs: number): RunState {
  const { host, threads, memoryMb, labels } = event;
  const isNew = state.workers.every((worker) => worker.host !== host);
  const unread = { readings: [], each: [], most: { cpu: null, memoryMb: 0 } };
  const workers = [
    ...state.workers.filter((worker) => worker.host !== host),
    { host, threads, memoryMb, labels, ...unread },
  ];
  const words = `${host} ${isNew ? "joined" : "is back"} with ${threads} ${threads === 1 ? "worker" : "workers"}`;
  return told({ ...state, workers }, { atMs: nowMs, level: "info", words });
}

function progressed(state: RunState, event: EventOf<"progress">, nowMs: number): RunState {
  const { experiment, stage, done, total, failed, arms } = event;
  const before = jobOf(state, event);
  const job: JobState = {
    experiment,
    stage,
    done,
    total,
    failed,
    arms,
    reused: before?.reused ?? arms.reduce((sum, arm) => sum + arm.reused, 0),
    // Failures that run again open a job that was finished.
    phase: done < total ? "running" : (before?.phase ?? "running"),
    startedAtMs: before?.startedAtMs ?? nowMs,
    durationMs: before?.durationMs ?? null,
  };
  const after = counted(withJob(state, job));
  const ended = after.jobs.reduce((sum, each) => sum + each.done - each.reused, 0);
  return { ...after, marks: withMark(after.marks, { atMs: nowMs, ended }) };
}

function caused(state: RunState, event: EventOf<"trial-ended">): RunState {
  const { experiment, stage, trial, outcome, message, condition } = event;
  const cause: Cause = { experiment, stage, trial, outcome, message, condition };
  return { ...state, ...withCause(state, cause) };
}

function withReading(worker: WorkerState, event: EventOf<"resources">, atMs: number): WorkerState {
  if (worker.host !== event.host) return worker;
  const { cpu, memoryMb, workers: each } = event;
  const running = each.reduce((sum, thread) => sum + thread.running, 0);
  return {
    ...worker,
    readings: [...worker.readings, { atMs, cpu, memoryMb, running }].slice(-readingsMax),
    each,
    most: {
      cpu: cpu === null ? worker.most.cpu : Math.max(cpu, worker.most.cpu ?? 0),
      memoryMb: Math.max(memoryMb, worker.most.memoryMb),
    },
  };
}

function underWayAfter(
  { underWay }: RunState,
  event: EventOf<"trial-progress">,
  nowMs: number,
): readonly UnderWay[] {
  const { experiment, trial, condition, replicate, host, done, total, leftMs } = event;
  const own = { experiment, trial, condition, replicate, host, done, total, leftMs, heardAtMs: nowMs };
  const others = underWay.filter((each) => each.trial !== trial && nowMs - each.heardAtMs < silentMs);
  return [...(done < total ? [own] : []), ...others].slice(0, underWayMax);
}

function jobOf(
  { jobs }: RunState,
  of: { readonly experiment: string; readonly stage: string },
): JobState | undefined {
  return jobs.find(({ experiment, stage }) => experiment === of.experiment && stage === of.stage);
}

function withJob(state: RunState, job: JobState): RunState {
  const jobs = state.jobs.some((each) => isSame(each, job))
    ? state.jobs.map((each) => (isSame(each, job) ? job : each))
    : [...state.jobs, job];
  return { ...state, jobs };
}

function isSame(left: JobState, right: JobState): boolean {
  return left.experiment === right.experiment && left.stage === right.stage;
}

/** Trials of jobs that have not begun yet stay as the start of the run counted them. */
function counted(state: RunState): RunState {
  const trials = state.jobs.filter(({ stage }) => stage === "trial");
  const sum = (pick: (job: JobState) => number): number =>
    trials.reduce((total, job) => total + pick(job), 0);
  const begun = new Set(trials.map(({ experiment }) => experiment));
  const isWhole = state.experiments.every((name) => begun.has(name));
  return {
    ...state,
    counts: {
      total: isWhole
        ? sum(({ total }) => total)
        : Math.max(
            state.counts.total,
            sum(({ total }) => total),
          ),
      done: isWhole
        ? sum(({ done }) => done)
        : Math.max(
            state.counts.done,
            sum(({ done }) => done),
          ),
      reused: isWhole ? sum(({ reused }) => reused) : state.counts.reused,
      failed: sum(({ failed }) => failed),
    },
  };
}

function acted(state: RunState, { act }: EventOf<"act">): RunState {
  if (act.do === "retry") {
    const { experiment, causes: counts } = act;
    const causes = counts.reduce<readonly CauseGroup[]>(
      (groups, { words: message, trials: count }) =>
        withoutCause(groups, { experiment, stage: "trial", outcome: "failed", message, count }),
      state.causes,
    );
    return { ...state, causes };
  }
  if (act.do === "workers") return { ...state, slots: askedSlots(state, act.workers) };
  if (act.do === "pause" && state.phase === "running") return { ...state, phase: "paused" };
  // What was ended before the pause says nothing about the pace after it.
  if (act.do === "unpause" && state.phase === "paused") return { ...state, phase: "running", marks: [] };
  return state;
}

function told(state: RunState, entry: FeedEntry): RunState {
  return { ...state, feed: [entry, ...state.feed].slice(0, feedMax) };
}
