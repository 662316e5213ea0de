// Everything that happens while a run goes on, as one union. Loggers only listen: the terminal, plain lines, JSON lines and
// tests are four listeners of the same events.
import type { FailureReason, OutcomeKind } from "../record/outcome.ts";
import type { DoneAct } from "./act.ts";
import type { BudgetReading, ServiceReading } from "./services.ts";

export interface ArmCount {
  /** "discount=0.95, firms=2": the levels of the factors, or the stage's name. */
  readonly label: string;
  readonly total: number;
  readonly done: number;
  readonly reused: number;
  readonly failed: number;
}

export interface UnitTotals {
  readonly total: number;
  readonly reused: number;
}

export type RunEvent =
  /** The run is about to start: what will be done. */
  | {
      readonly type: "run-started";
      readonly run: string;
      readonly build: string;
      readonly experiments: readonly string[];
      /** Trials wanted, and of these the ones recorded already; the same of the units of earlier stages. */
      readonly trials: UnitTotals;
      readonly stageUnits: UnitTotals;
      /** Worker threads; null where other machines have them: how many there are is said as they come. */
      readonly workers: number | null;
      /** How more of them come, in words that follow a colon, where this run cannot have them started. */
      readonly moreWorkers?: string;
    }
  /** A host is ready for trials: how many it runs at once, what heap each of its threads may take (null for Node's own), and what it is. */
  | {
      readonly type: "host-ready";
      readonly host: string;
      readonly threads: number;
      readonly memoryMb: number | null;
      readonly labels: Readonly<Record<string, string>>;
    }
  /** A job's units may run now. */
  | {
      readonly type: "job-started";
      readonly experiment: string;
      readonly stage: string;
      readonly total: number;
      readonly reused: number;
    }
  /** Units of a job were committed to the ledger. `conditions[i]` counts units of condition i when arms are few; sent at most ten times a second. */
  | {
      readonly type: "progress";
      readonly experiment: string;
      readonly stage: string;
      readonly done: number;
      readonly total: number;
      readonly failed: number;
      readonly perSecond: number;
      readonly arms: readonly ArmCount[];
    }
  /** A unit did not yield a measurement. */
  | {
      readonly type: "trial-ended";
      readonly experiment: string;
      readonly stage: string;
      readonly trial: string;
      readonly condition: Readonly<Record<string, unknown>>;
      readonly replicate: number;
      readonly outcome: OutcomeKind;
      readonly message: string;
      readonly replay: string;
    }
  /** How far a trial of many steps is, twice a second at most. */
  | {
      readonly type: "trial-progress";
      readonly experiment: string;
      readonly stage: string;
      readonly trial: string;
      readonly condition: Readonly<Record<string, unknown>>;
      /** 0-based. */
      readonly replicate: number;
      readonly host: string;
      readonly done: number;
      readonly total: number;
      readonly perSecond: number;
      /** Milliseconds to the end at this rate; null before there is one. */
      readonly leftMs: number | null;
      /** The last state that is stored: how far it was, and its bytes; null where none has been yet. */
      readonly saved: { readonly done: number; readonly bytes: number } | null;
    }
  /** Rows of a series as a trial records them, a few times a second; only where they were asked for (`rows: true`, `lab run --rows`). */
  | {
      readonly type: "rows";
      readonly experiment: string;
      readonly stage: string;
      readonly trial: string;
      readonly condition: Readonly<Record<string, unknown>>;
      /** 0-based. */
      readonly replicate: number;
      readonly series: string;
      /** Index of the first of `rows` in the trial's series, from 0: lower than before where the trial is tried again. */
      readonly first: number;
      readonly rows: readonly Readonly<Record<string, unknown>>[];
    }
  /** What a host and its workers take of its machine, every few seconds: memory in MB, shares of a core (1 is one core), null where not known. */
  | {
      readonly type: "resources";
      readonly host: string;
      readonly memoryMb: number;
      readonly cpu: number | null;
      readonly workers: readonly {
        readonly worker: string;
        readonly cpu: number | null;
        readonly heldMb: number;
        /** Trials under way. */
        readonly running: number;
      }[];
      /** Of the disk that the run is written to; null where not known. */
      readonly diskFreeMb: number | null;
    }
  /** How full the gates of the services are that the run asks, and what its calls have taken; once a second at most, when that has changed. */
  | {
      readonly type: "services";
      readonly services: readonly ServiceReading[];
      readonly budgets: readonly BudgetReading[];
    }
  /** A unit failed and is tried again, up to `most` times. */
  | {
      readonly type: "trial-retried";
      readonly experiment: string;
      readonly stage: string;
      readonly trial: string;
      readonly condition: Readonly<Record<string, unknown>>;
      readonly replicate: number;
      readonly reason: FailureReason;
      readonly message: string;
      /** The one that failed: 1 for the first. */
      readonly attempt: number;
      readonly most: number;
    }
  | {
      readonly type: "job-finished";
      readonly experiment: string;
      readonly stage: string;
      readonly durationMs: number;
    }
  /** What a trial said through `log`. */
  | {
      readonly type: "log";
      readonly trial: string;
      readonly level: "info" | "warn" | "error";
      readonly text: string;
    }
  /** Something about the machine that a person should know: a host died, a disk is nearly full, a torn tail was cut. */
  | { readonly type: "notice"; readonly level: "info" | "warning"; readonly text: string }
  /** Somebody has steered the run through its control socket. */
  | ({ readonly type: "act" } & DoneAct)
  /** Draining after Ctrl-C or SIGTERM. */
  | { readonly type: "draining"; readonly reason: string }
  | {
      readonly type: "run-finished";
      readonly run: string;
      readonly status: "complete" | "stopped" | "budget" | "aborted";
      readonly done: number;
      readonly reused: number;
      /** Over this and earlier runs: units without a measurement, and of these the failures. */
      readonly unmeasured: number;
      readonly failed: number;
      readonly remaining: number;
      readonly durationMs: number;
      readonly next: string;
    };

export type Listener = (event: RunEvent) => void;
