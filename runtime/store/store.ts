// The project store, `.lab/`: what the rest of the runtime may ask of it. Append-only: nothing recorded is ever rewritten;
// a second process may read at any time. Layout and file formats are described in docs/store.md.

import type { ActOrigin } from "../event/act.ts";
import type { Job, JobId, Plan } from "../plan/plan.ts";
import type { Shard } from "../plan/selection.ts";
import type { CallAttempts } from "../record/port-calls.ts";
import type { StoppingOutcome } from "../record/stopping-outcome.ts";
import type { TrialRecord } from "../record/trial-record.ts";
import type { Provenance, RunResults } from "../record/trial-table.ts";
import type { Damage } from "./ledger/frame-scan.ts";
import type { UnitFailures } from "./ledger/job-ledger.ts";

/** One `lab run` (and its resumptions): pins a plan and the records that count as its results. */
export interface RunManifest {
  readonly format: "labwright.run/2";
  /** Sortable and short: `r0001-quiet-otter` style or a time stamp; unique in the project. */
  readonly id: string;
  readonly name: string | null;
  readonly build: string;
  /** SHA-256 of the plan's JSON: a resumed run must have the same. */
  readonly planHash: string;
  readonly experiments: readonly string[];
  /** Selection as given on the command line: filters, limit, overrides. */
  readonly selection: {
    readonly filter: Readonly<Record<string, readonly unknown[]>>;
    readonly limit: number | null;
    readonly shard?: Shard;
  };
  /** "complete": every wanted trial has ended, with a measurement or without. */
  readonly status: "running" | "complete" | "stopped" | "budget" | "aborted";
  /** How many controllers the run has had: 1 at first, one more each time it is taken up. Absent in runs of version 0.1. */
  readonly epoch?: number;
  /** A forced run counts its own records alone. */
  readonly forced: boolean;
  /** Segments (paths relative to the store's folder) and bytes of them that count as its results; null until it has ended. */
  readonly sources: readonly { readonly segment: string; readonly bytes: number }[] | null;
  /** Experiments whose results have been compacted to Parquet, by name. */
  readonly compacted: Readonly<Record<string, CompactedTables>>;
  /** By experiment with a stopping rule: at how many replicates it stopped, and why. Absent while the run goes on, and where none has one. */
  readonly stopping?: Readonly<Record<string, StoppingOutcome>>;
  /** Trials that are not to run until they are asked for, though the selection holds them. Absent where there are none. */
  readonly cancelled?: readonly CancelledTrials[];
  /** For results of another tool. Absent for what was run here. */
  readonly imported?: ImportedFrom;
  /** The project's key in the names of its simulations (runtime/plan/simulation-id.ts). Absent where no orchestrator is asked. */
  readonly simulations?: string;
  readonly provenance: Provenance;
}

/** Which tool's results these are, where they lay, and what is not known of them. */
export interface ImportedFrom {
  readonly kind: string;
  readonly path: string;
  /** In words. */
  readonly unknown: readonly string[];
}

/** An arm or a trial that somebody cancelled while a run went on, or in an earlier run of the same code. */
export interface CancelledTrials {
  readonly experiment: string;
  /** Identity of the trial that it was made for. */
  readonly job: JobId;
  /** "discount=0.95, firms=2"; null where one trial was cancelled. */
  readonly arm: string | null;
  readonly trial: string | null;
  readonly by: string;
  readonly origin: ActOrigin;
  /** ISO 8601. */
  readonly at: string;
  /** How many replicates had ended without a gap, and how many trials were left out. */
  readonly replicates: number;
  readonly trials: number;
}

/** The Parquet files of one experiment, and what they must be to be believed. */
export interface CompactedTables {
  /** Relative to the run's folder. */
  readonly folder: string;
  /** By path relative to `folder`, forward slashes: length in bytes and CRC-32, eight digits of hex. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly crc32: string }>>;
}

/** What is recorded for one job of a plan, found over all segments of the project whose job identity matches (or is accepted). */
export interface JobRecords {
  /** Bit u (byte u>>3, bit u&7) is set when unit u has a final record. */
  readonly done: Uint8Array;
  readonly doneCount: number;
  /** Units whose final outcome is not "measured", by unit: outcome code. */
  readonly notMeasured: ReadonlyMap<number, number>;
  /** What is known of the attempts of those that failed. */
  readonly failures: ReadonlyMap<number, UnitFailures>;
  /** Units without a final record whose last attempt was cancelled or stopped by a budget, by unit: outcome code. They run again. */
  readonly interrupted: ReadonlyMap<number, number>;
  /** Rows recorded under this identity for coordinates that are no longer in the design. */
  readonly orphanedRows: number;
  /** Rows that count no longer, because rows of the experiments named have changed since they were made from them. */
  readonly outdated: { readonly rows: number; readonly by: readonly string[] };
  /** Parts of segments that hold no whole record; everything before and after them is used. */
  readonly damage: readonly Damage[];
  /** The full records of given units, or of all that have one (interrupted ones too); in unit order. */
  read(units?: Iterable<number>): AsyncIterable<TrialRecord>;
  /** Every record of a unit in the order of commitment: also those that gave way to a later one. */
  attempts(unit: number): readonly TrialRecord[];
  /** Values that a stage returned, by unit. */
  values(units: Iterable<number>): Promise<Map<number, unknown>>;
}

/** One segment being written by this process. `append` takes encoded record batches whose job numbers are the plan's. */
export interface LedgerWriter {
  /** Written at once, made durable (fdatasync) within 50 ms. Throws LedgerFull when the disk refuses; nothing written before is lost. */
  append(batch: Uint8Array): void;
  /** Resolves when everything appended so far is durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** A request that a trial makes of the outside world, and what it is known by (effects/request-identity.ts). */
export interface EffectIntent {
  readonly trial: string;
  /** Unique within the trial. */
  readonly key: string;
  readonly kind: string;
  readonly request: unknown;
  /** Of kind and request. */
  readonly requestHash: string;
  /** What the same request of the edited trial will have too. */
  readonly reuseKey: string;
}

/** An answer that a trial gets under a key, whatever its request. */
export interface PinnedExchange {
  readonly trial: string;
  readonly key: string;
  readonly kind: string;
  /** The request that was answered so. */
  readonly request: unknown;
  readonly response: unknown;
  /** What the trial is told in place of an answer, for a call that fails; null for none. */
  readonly failure: string | null;
}

/** What is known of an effect. `usage` is what its answer took: named numbers. */
export type KnownEffect =
  /** No entry. */
  | { readonly kind: "new" }
  /** An intent without a response; how it failed, where it did. */
  | {
      readonly kind: "in-doubt";
      readonly idempotencyKey: string;
      /** Null for a pinned failure, which is told whatever is asked. */
      readonly requestHash: string | null;
      readonly failure: KeptFailure | null;
      /** Whether it may be on its way: false for one that was withdrawn, which is intended once more before it is sent. */
      readonly isSent: boolean;
    }
  | {
      readonly kind: "response";
      readonly response: unknown;
      readonly usage: Readonly<Record<string, number>>;
      /** Whether the answer was taken over from an earlier trial, which paid for it. */
      readonly isReused: boolean;
      readonly attempts: CallAttempts;
      /** Null for a pinned answer, which is given whatever is asked. */
      readonly requestHash: string | null;
    };

/** A call that came to nothing, as the trial was told. */
export interface KeptFailure {
  readonly message: string;
  readonly usage: Readonly<Record<string, number>>;
  readonly attempts: CallAttempts;
  /** Whether the trial went on with it: what it asked for since may follow from it, so it is told the same again. */
  readonly isActedOn: boolean;
}

/** Journal of effects of one run: intent before, response after, both durable before they are acted on. */
export interface EffectJournal {
  lookup(trial: string, key: string): KnownEffect;
  /** The request that is journalled for an effect, with its kind; null where none is. */
  requestOf(trial: string, key: string): { readonly kind: string; readonly request: unknown } | null;
  /** Answers with the idempotency key of the effect: the one that it has already, when it is in doubt. */
  intend(intent: EffectIntent): Promise<string>;
  respond(effect: {
    readonly trial: string;
    readonly key: string;
    readonly response: unknown;
    readonly usage: Readonly<Record<string, number>>;
    /** None unless told. */
    readonly attempts?: CallAttempts;
  }): Promise<void>;
  /** Keeps how a call failed, so that a trial that goes on all the same does so again when it is resumed or replayed. */
  fail(effect: {
    readonly trial: string;
    readonly key: string;
    readonly message: string;
    readonly usage: Readonly<Record<string, number>>;
    /** None unless told. */
    readonly attempts?: CallAttempts;
  }): Promise<void>;
  /** Nothing is on its way of a call that was intended, or what was has failed: it is no longer in doubt whether it was made. */
  withdraw(call: { readonly trial: string; readonly key: string }): Promise<void>;
  /** The trial has failed: should it be tried again, its failed calls are made again. Does nothing for a trial that has none. */
  reopen(trial: string): Promise<void>;
  /** The newest answer to a request with this reuse key; null where there is none. */
  reusable(reuseKey: string): { readonly response: unknown } | null;
  /** Journals an answer for whatever the trial will ask under the key, unless it has one there. */
  pin(exchange: PinnedExchange): Promise<void>;
  /** Journals an answer of another trial as this one's, whole, so that it stays when the other's run is cleaned away. */
  adopt(intent: EffectIntent, response: unknown): Promise<void>;
}

/** What is said of a state beside its bytes. */
export interface CheckpointOf {
  /** States of the trial to keep, this one included; from 1. */
  readonly keep: number;
  /** How far the trial's loop of steps was; null for one that has none. */
  readonly steps: { readonly done: number; readonly total: number } | null;
}

/** The last saved states of trials in progress; atomic; removed once the trial is recorded. */
export interface CheckpointStore {
  save(trial: string, state: Uint8Array, of: CheckpointOf): Promise<void>;
  /** The newest that is whole; null where there is none. */
  load(trial: string): Promise<Uint8Array | null>;
  remove(trial: string): Promise<void>;
}

export interface RecordsOptions {
  /** Only what counts as this run's results: what was recorded until it ended; for a forced run its own records alone. */
  readonly run?: RunManifest;
  /** What stopping rules have come to, by experiment, where no ended run says so. */
  readonly stopping?: Readonly<Record<string, StoppingOutcome>>;
}

/** A job recorded under another identity. */
export interface RelativeJob {
  readonly job: Job;
  /** The newest run that recorded some of it. */
  readonly run: string;
  /** How many of its units are recorded. */
  readonly recorded: number;
  /** Its records, in unit order. */
  readonly read: () => AsyncIterable<TrialRecord>;
}

export interface Store {
  readonly folder: string;
  /** Runs, newest first. */
  runs(): Promise<readonly RunManifest[]>;
  /** By id, unique prefix, name, or "latest". */
  findRun(reference: string): Promise<RunManifest | { readonly ambiguous: readonly string[] } | null>;
  /** The plan that the run pinned, its spaces as far as the run has proposed conditions. */
  planOf(run: RunManifest): Promise<Plan>;
  /** Records of a job under its own identity, mapped to this plan's numbering by coordinates when the design changed. */
  recordsOf(plan: Plan, job: Job, options?: RecordsOptions): Promise<JobRecords>;
  /** Jobs of the same experiment and stage recorded under other identities, newest first: what is stale or orphaned. */
  relatives(job: Job): Promise<readonly RelativeJob[]>;
  accept(from: JobId, to: JobId, reason: string): Promise<void>;
  results(run: RunManifest): Promise<RunResults>;
  /** What was found wrong with files of the store since it was opened, in words: another version's segment, a damaged head. */
  problems(): readonly string[];
}
