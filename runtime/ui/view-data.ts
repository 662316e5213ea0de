// What the server of the live page and the page tell each other: plain JSON, the same for a live run, a past one and a published copy.

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
  readonly startedAt: string;
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
  readonly startedAt: string;
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
  readonly memoryMb: number | null;
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
  readonly elapsedMs: number;
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
  readonly causes: readonly CauseLine[];
  readonly latest: readonly EndedTrial[];
  readonly feed: readonly FeedLine[];
  /** Why no button works; null when they do. */
  readonly shut: string | null;
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

/** A row of the table of trials. */
export interface TrialRow {
  readonly row: number;
  readonly id: string;
  readonly condition: number;
  readonly replicate: number;
  /** "measured", "failed: thrown", "not begun" ... */
  readonly state: string;
  readonly metrics: readonly (number | string | null)[];
  readonly durationMs: number | null;
  readonly endedAtMs: number | null;
  readonly used: readonly (number | null)[];
}

export interface TrialsPage {
  /** Of the order; ask for it again to keep rows in their places. */
  readonly version: number;
  readonly offset: number;
  /** Rows that fit, over all rows. */
  readonly count: number;
  readonly total: number;
  /** Trials that have ended since the order was made. */
  readonly newer: number;
  readonly conditions: Readonly<Record<number, Condition>>;
  readonly rows: readonly TrialRow[];
  /** Rows by state over all that fit. */
  readonly states: Readonly<Record<string, number>>;
}

/** At most 300 points an arm: complete replicates, mean, low, high. */
export interface CurveView {
  readonly complete: number;
  readonly planned: number;
  readonly arms: readonly {
    readonly index: number;
    readonly points: readonly (readonly [k: number, mean: number, low: number, high: number])[];
  }[];
}

export interface FailureGroup {
  readonly key: string;
  readonly kind: string;
  readonly message: string;
  /** First line of the stack that is not a package's, where there is one. */
  readonly frame: string | null;
  readonly count: number;
  readonly byArm: Readonly<Record<number, number>>;
  readonly examples: readonly string[];
  readonly firstMs: number | null;
  readonly lastMs: number | null;
}

export interface FailuresView {
  readonly experiment: string;
  readonly unmeasured: number;
  readonly failed: number;
  readonly done: number;
  readonly groups: readonly FailureGroup[];
  readonly others: number;
  /** By index of condition. */
  readonly conditions: readonly Condition[];
  /** Why means may be biased: a sentence; null where losses are even. */
  readonly uneven: string | null;
}

export interface ExchangeView {
  readonly key: string;
  readonly kind: string;
  readonly request: string;
  readonly response: string | null;
  readonly isReused: boolean;
  readonly usage: Readonly<Record<string, number>>;
  /** Lengths before bodies were cut. */
  readonly requestLength: number;
  readonly responseLength: number;
}

export interface TrialView {
  readonly id: string;
  readonly experiment: string;
  readonly stage: string;
  readonly condition: Condition | null;
  readonly replicate: number;
  readonly replicates: number;
  readonly outcome: string;
  readonly kind: string | null;
  readonly message: string | null;
  readonly stack: string | null;
  readonly metrics: Readonly<Record<string, number | boolean | string | null>>;
  readonly series: readonly {
    readonly name: string;
    readonly rows: number;
    /** Numeric columns, thinned to at most 300 points. */
    readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
    readonly places: readonly number[];
  }[];
  readonly artifacts: readonly { readonly name: string; readonly bytes: number; readonly hash: string }[];
  readonly value: string | null;
  readonly durationMs: number | null;
  readonly startedAtMs: number | null;
  readonly attempt: number | null;
  readonly worker: string | null;
  readonly used: Readonly<Record<string, number>>;
  readonly log: readonly { readonly atMs: number; readonly level: string; readonly text: string }[];
  readonly logLines: number;
  readonly exchanges: readonly ExchangeView[];
  readonly exchangeCount: number;
  readonly replay: string;
  readonly facts: readonly (readonly [string, string])[];
}

export interface PlanJob {
  readonly experiment: string;
  readonly stage: string;
  readonly wanted: number;
  readonly fresh: number;
  readonly reused: number;
  readonly stale: number;
  readonly orphaned: number;
  readonly changes: readonly string[];
}

export interface PlanView {
  readonly command: string;
  readonly build: string;
  readonly jobs: readonly PlanJob[];
  readonly estimate: { readonly lowMs: number; readonly highMs: number; readonly measured: number } | null;
  /** What is wrong with what was asked, in words; the rest is empty then. */
  readonly problem: string | null;
}

/** Something asked of a run under way. */
export type ActRequest =
  | { readonly do: "pause" | "unpause" | "drain" | "stop" }
  | { readonly do: "cancel"; readonly experiment: string; readonly arm: number }
  | { readonly do: "workers"; readonly count: number };
