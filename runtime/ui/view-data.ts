// What the server of the live page and the page tell each other: plain JSON, the same for a live run, a past one and a published copy.

import type { BudgetReading, ServiceReading } from "../event/services.ts";
import type { WorkerRoom } from "../live/worker-room.ts";

export type RunStatus =
  | "running"
  | "pausing"
  | "paused"
  | "stopping"
  | "killed"
  | "complete"
  | "stopped"
  | "budget"
  | "aborted";

export type Condition = Readonly<Record<string, unknown>>;

/** A line of the list of runs. */
export interface RunLine {
  readonly id: string;
  readonly name: string | null;
  readonly status: RunStatus;
  readonly experiments: readonly string[];
  /** Null where another tool ran it and nobody knows. */
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly total: number;
  readonly done: number;
  readonly unmeasured: number;
  readonly failed: number;
  /** Sums of what trials used, such as `costUsd`. */
  readonly used: Readonly<Record<string, number>>;
}

export interface ProjectView {
  readonly project: string;
  readonly readOnly: boolean;
  /** A published copy, which nothing changes any more. */
  readonly exported: boolean;
  readonly runs: readonly RunLine[];
}

export interface MetricFacts {
  readonly name: string;
  readonly unit: string | null;
  readonly type: "number" | "integer" | "boolean" | "category";
  /** Names of a category's values, by stored code. */
  readonly values: readonly string[] | null;
}

export interface ExperimentFacts {
  readonly name: string;
  readonly file: string;
  readonly question: string | null;
  readonly factors: readonly string[];
  readonly metrics: readonly MetricFacts[];
  readonly series: readonly string[];
  /** Names of what trials used. */
  readonly used: readonly string[];
}

/** What does not change while a run goes on. */
export interface RunFacts {
  readonly id: string;
  readonly name: string | null;
  readonly command: string;
  /** Null where another tool ran it and nobody knows. */
  readonly startedAt: string | null;
  readonly commit: string | null;
  readonly isDirty: boolean | null;
  readonly labwright: string;
  readonly forced: boolean;
  readonly experiments: readonly ExperimentFacts[];
}

export interface Counts {
  readonly total: number;
  /** Ended, with a measurement or without. */
  readonly done: number;
  /** Of these, recorded by an earlier run. */
  readonly reused: number;
  readonly failed: number;
  /** Ended as their author meant without a measurement: refused or censored. */
  readonly otherwise: number;
  /** Stopped before their end; not among `done`. */
  readonly interrupted: number;
}

export interface JobCount extends Counts {
  readonly experiment: string;
  readonly stage: string;
}

/** A condition, with the mean over complete replicates and the interval that may be watched. */
export interface Arm {
  readonly index: number;
  readonly condition: Condition;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly otherwise: number;
  readonly interrupted: number;
  /** Somebody cancelled it: what had not ended of it never will. */
  readonly isCancelled: boolean;
  /** Values among the complete replicates. */
  readonly n: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** The interval at a quarter of the complete replicates. */
  readonly before: readonly [low: number, high: number] | null;
  /** Sums of what its trials used, by name. */
  readonly used: Readonly<Record<string, number>>;
}

/** What the intervals of the page are. */
export interface IntervalFacts {
  /** Replicates complete in every arm, from the first in index order, of those planned. */
  readonly complete: number;
  readonly planned: number;
  /** Trials that have ended and whose replicate is not complete. */
  readonly waiting: number;
  /** Confidence of each arm's interval, so that all hold together with `together`. */
  readonly level: number;
  readonly together: number;
  readonly method: string;
  readonly guarantee: "non-asymptotic" | "asymptotic";
}

/** A stopping rule, as far as it is decided. */
export interface RuleView {
  readonly metric: string;
  readonly goal: string;
  readonly reason: "open" | "met" | "max";
  readonly replicates: number;
  readonly max: number;
  readonly settled: number;
  readonly intervals: readonly {
    readonly label: string;
    readonly mean: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly isSettled: boolean;
  }[];
}

export interface EndedTrial {
  readonly id: string;
  readonly condition: Condition;
  readonly outcome: string;
  readonly value: number | string | null;
  readonly durationMs: number;
}

export interface PaceView {
  readonly perSecond: number;
  readonly lowMs: number;
  readonly highMs: number | null;
}

export interface UsedView {
  readonly name: string;
  readonly sum: number;
  readonly perMinute: number | null;
  /** Where it will end, while it goes on. */
  readonly forecast: readonly [low: number, high: number] | null;
}

export interface WorkerView {
  readonly host: string;
  readonly threads: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Heap that each thread may take; null for Node's own. */
  readonly memoryMb: number | null;
  /** Oldest first: share of one core, resident megabytes, trials under way. */
  readonly readings: readonly {
    readonly atMs: number;
    readonly cpu: number | null;
    readonly memoryMb: number;
    readonly running: number;
  }[];
  /** Of its threads. */
  readonly each: readonly {
    readonly worker: string;
    readonly cpu: number | null;
    readonly heldMb: number;
    readonly running: number;
  }[];
  readonly most: { readonly cpu: number | null; readonly memoryMb: number };
}

export interface CauseLine {
  readonly key: string;
  readonly message: string;
  readonly kind: string;
  readonly experiment: string;
  readonly count: number;
}

export interface FeedLine {
  readonly atMs: number;
  readonly level: "info" | "warning";
  readonly words: string;
}

/** What is shown of a run at one moment. */
export interface RunMoment {
  readonly status: RunStatus;
  readonly finishedAt: string | null;
  /** Null where nobody knows. */
  readonly elapsedMs: number | null;
  readonly counts: Counts;
  readonly jobs: readonly JobCount[];
  readonly intervals: IntervalFacts | null;
  readonly arms: readonly Arm[];
  /** Arms that there are; more than those listed where there are very many. */
  readonly armCount: number;
  readonly rule: RuleView | null;
  readonly pace: PaceView | null;
  readonly used: readonly UsedView[];
  readonly workers: readonly WorkerView[];
  /** Free on the disk that the run is written to; null where not known. */
  readonly diskFreeMb: number | null;
  /** Worker threads; none where no process tells. */
  readonly room: WorkerRoom;
  readonly causes: readonly CauseLine[];
  readonly latest: readonly EndedTrial[];
  readonly feed: readonly FeedLine[];
  /** Gates of the services that the run asks; empty where it asks none, or has ended. */
  readonly services: readonly ServiceReading[];
  readonly budgets: readonly BudgetReading[];
  /** What holds the pace down just now, in words; null where nothing is known to. */
  readonly limitedBy: string | null;
  /** Trials of many steps that are under way. */
  readonly underWay: readonly UnderWayLine[];
  /** Number of the last act on the run: what is asked next says that it has been seen. */
  readonly acts: number;
  /** Why no button works; null when they do. */
  readonly shut: string | null;
}

export interface UnderWayLine {
  readonly trial: string;
  readonly condition: Condition;
  readonly replicate: number;
  readonly host: string;
  readonly done: number;
  readonly total: number;
  readonly leftMs: number | null;
}

/** Mean of a column of a series by its row, of each arm, over complete replicates. */
export interface SeriesView {
  readonly series: string;
  readonly column: string;
  /** Numeric columns that there are. */
  readonly columns: readonly string[];
  readonly complete: number;
  readonly arms: readonly {
    readonly index: number;
    readonly points: readonly (readonly [place: number, mean: number])[];
  }[];
}

/** Part of the moment that has changed; arms by themselves, since they are many. */
export type MomentChange = Partial<Omit<RunMoment, "arms">> & { readonly arms?: readonly Arm[] };

export type StreamLine =
  | {
      readonly type: "snapshot";
      readonly seq: number;
      /** Milliseconds since the epoch, by the server's clock. */
      readonly asOfMs: number;
      readonly run: RunFacts;
      readonly experiment: string;
      readonly metric: string | null;
      readonly moment: RunMoment;
    }
  | {
      readonly type: "delta";
      readonly seq: number;
      readonly from: number;
      readonly asOfMs: number;
      readonly change: MomentChange;
    }
  | {
      readonly type: "beat";
      readonly seq: number;
      readonly asOfMs: number;
      readonly writer: "alive" | "silent" | "gone" | "ended";
    };

/** An act as the page sends it. */
export interface SentAct {
  /** The same when it is sent again. */
  readonly key: string;
  /** `acts` of the moment in which it was decided. */
  readonly seen: number;
  /** When it was decided, by the server's clock. */
  readonly atMs: number;
  readonly act: ActRequest;
}

/** Something asked of a run under way. */
export type ActRequest =
  | { readonly do: "pause" | "unpause" | "drain" | "stop" }
  | { readonly do: "cancel"; readonly experiment: string; readonly arm: number }
  /** Failed trials again: all of an experiment, those with the words of a cause, or one. */
  | {
      readonly do: "retry";
      readonly experiment: string;
      readonly cause: string | null;
      readonly trial: string | null;
    }
  | { readonly do: "workers"; readonly count: number };
