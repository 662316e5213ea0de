// What the page is told of trials, causes of failure and plans: asked for one by one, beside the stream of view-data.ts.
import type { Condition } from "./view-data.ts";

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
  /** Continues it from its last exchange on; null where it asked for nothing. */
  readonly branch: string | null;
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

/** Of an experiment: its conditions, how often each is repeated at most, and what they are made of. */
export interface PlanDesign {
  readonly experiment: string;
  readonly conditions: number;
  readonly replicates: number;
  /** The first levels of each factor and how many it has; the two ends and null for a sampled range. */
  readonly factors: readonly {
    readonly name: string;
    readonly levels: readonly unknown[];
    readonly count: number | null;
  }[];
}

export interface UsageRange {
  readonly low: number;
  readonly high: number;
}

export interface PlanView {
  readonly command: string;
  readonly build: string;
  readonly jobs: readonly PlanJob[];
  /** What the experiments are made of. */
  readonly designs: readonly PlanDesign[];
  readonly estimate: {
    readonly lowMs: number;
    readonly highMs: number;
    readonly lowBytes: number;
    readonly highBytes: number;
    readonly measured: number;
  } | null;
  /** That the estimate is for; null for one, where nobody knows how many there will be. */
  readonly workers: number | null;
  /** What services will take, by experiment that asks some; without ranges where nothing has been measured. */
  readonly usage: readonly {
    readonly experiment: string;
    readonly measured: number;
    readonly calls?: UsageRange;
    readonly tokens?: UsageRange;
    readonly costUsd?: UsageRange;
  }[];
  /** What is wrong with what was asked, in words; the rest is empty then. */
  readonly problem: string | null;
}
