// The one duplex protocol between the controller and a host. Plain data only, so that inline, local and remote hosts are the
// same to the controller. Records are delivered at least once; session, lease and unit fence late answers.

import type { BuildId } from "../../plan/plan.ts";
import type { CallAttempts } from "../../record/port-calls.ts";
import type { UnitRanges } from "../../schedule/unit-ranges.ts";
import type { JobOpening, LeasedCondition } from "./opening.ts";

/** Raised when a message changes its meaning; a host of another version is refused at hello. */
export const protocolVersion = 8;

/**
 * Names one controller of one run, such as "r0007-quiet-otter/2": the run, and a number that rises each time the run is taken up. Leases
 * and all that is said of them carry it, so that nothing of another run or of an earlier controller is taken for this one's.
 */
export type Session = string;

/** Values that earlier stages returned, each sent once per lease; `of[k]` gives, for the k-th unit of the lease, its index in `values`. */
export interface LeaseInput {
  readonly input: string;
  readonly values: readonly unknown[];
  readonly of: readonly number[] | "same";
}

/** A unit whose rows somebody looks at; `ask` rises when another begins to, who has none of them yet. */
export interface WatchedUnit {
  /** Index of its job. */
  readonly job: number;
  readonly unit: number;
  readonly ask: number;
}

/** How far a loop of steps is. */
export interface StepsDone {
  readonly done: number;
  readonly total: number;
}

/** What a unit calls out for: its lease fences answers that come too late, its unit and attempt say whose it is. */
interface FromUnit {
  readonly lease: number;
  readonly unit: number;
}

export interface Hello {
  readonly type: "hello";
  readonly protocol: number;
  readonly session: Session;
  /** The name the host goes by, such as "local-1". */
  readonly host: string;
  /** How often the host must say that it lives. */
  readonly heartbeatMs: number;
}

export interface LeaseMessage {
  readonly type: "lease";
  readonly session: Session;
  /** Unlike that of any other lease of the session. */
  readonly lease: number;
  readonly job: number;
  readonly units: UnitRanges;
  readonly attempt: number;
  /** The conditions that the lease speaks of, each once, where the opening does not give them. */
  readonly conditions: readonly LeasedCondition[];
  readonly inputs: readonly LeaseInput[];
  /** After this long the host stops between two units and hands the rest back; null to go through to the end. */
  readonly budgetMs: number | null;
  /** Whether its units were seen to wait for answers: then they run apart from those that keep a thread busy. */
  readonly waits: boolean;
}

/** What a host has under way for an earlier controller of the run, offered to the next. */
export interface LeaseUnderWay extends Pick<LeaseMessage, "job" | "units" | "attempt"> {
  /** The host's own number of it. */
  readonly lease: number;
}

/** How the controller answers an effect. */
export type EffectReply =
  /** Journalled before, or obtained just now. `usage` is what it took, by name; `isReused` says that an earlier trial paid for it. */
  | {
      readonly kind: "response";
      readonly response: unknown;
      readonly usage: Readonly<Record<string, number>>;
      readonly isReused: boolean;
      readonly attempts: CallAttempts;
    }
  /** Leave to call the author's own performer under this key. */
  | { readonly kind: "perform"; readonly trial: string; readonly idempotencyKey: string }
  /** No answer: the call failed, may not be made, the budget is spent, or the run stops while the call waits for its turn. */
  | {
      readonly kind: "refused";
      readonly cause: "effect" | "budget" | "departed" | "stopping";
      readonly message: string;
      /** What the failed call took, by name. */
      readonly usage: Readonly<Record<string, number>>;
      readonly attempts: CallAttempts;
    };

/** Said any number of times before the reply: the call waits for its turn, or does no longer. Until then its unit's time-out stands still. */
export interface EffectQueue {
  readonly type: "effect-queue";
  readonly call: number;
  readonly isWaiting: boolean;
}

/** Said any number of times before the reply: rows that the answer will have, `first` the index of the first of them in its series. */
export interface EffectRows {
  readonly type: "effect-rows";
  readonly call: number;
  readonly series: string;
  readonly first: number;
  readonly rows: readonly unknown[];
}

/** What a unit hears of a call before its reply. */
export type EffectNews = EffectQueue | EffectRows;

/** Answers to a unit's call. */
export type CallReply =
  | { readonly type: "effect-reply"; readonly call: number; readonly reply: EffectReply }
  | { readonly type: "restore-reply"; readonly call: number; readonly state: Uint8Array | null }
  /** The state is in the store, or why it is not; `isLast`: the run is ending, and so is the unit to, which goes on from this state. */
  | {
      readonly type: "checkpoint-saved";
      readonly call: number;
      readonly error: string | null;
      readonly isLast: boolean;
    }
  /** The bytes of an artifact are in the store; with the last of them, the artifact is. */
  | { readonly type: "artifact-taken"; readonly call: number; readonly error: string | null };

export type ToHost =
  | Hello
  | { readonly type: "open"; readonly opening: JobOpening }
  /** The answer to "need-file": the file's bytes, or why they cannot be had. */
  | {
      readonly type: "file";
      readonly build: BuildId;
      readonly path: string;
      readonly bytes: Uint8Array | null;
      readonly error: string | null;
    }
  | LeaseMessage
  /**
   * The answer to a ready that offers leases: those that go on, under the controller's own numbers; the others end. What units have asked for and nobody has answered
   * is asked again, and what was said since nobody listened is said then.
   */
  | { readonly type: "adopt"; readonly leases: readonly { readonly was: number; readonly lease: number }[] }
  /** The controller is gone: say nothing more of leases until another takes them. Answered by "held". */
  | { readonly type: "hold" }
  | CallReply
  | EffectNews
  /** Abort these leases: units not finished come back as `lease-ended` with what was done. */
  | { readonly type: "cancel"; readonly leases: readonly number[] }
  /** Tell rows of these units as they are recorded, and of no others unless their job tells all. */
  | { readonly type: "watch"; readonly units: readonly WatchedUnit[] }
  /** Finish what runs, take no more, then say bye. */
  | { readonly type: "drain" };

/** What running units say, on their way from a worker thread through the host to the controller. */
export type FromUnits =
  /** Records of part or all of a lease: one encoded record batch (record/record-batch.ts). */
  | { readonly type: "records"; readonly lease: number; readonly batch: Uint8Array }
  | (FromUnit & {
      readonly type: "effect-request";
      readonly call: number;
      readonly attempt: number;
      /** Names the performer: the definition's own, or one of the controller's. */
      readonly kind: string;
      /** Unique within the trial: the author's key and an ordinal when it was used before. */
      readonly key: string;
      readonly request: unknown;
      /** Whether the definition has a performer of this kind. */
      readonly isOwn: boolean;
      /** What to do with a call whose answer was lost with a kill: send it again under the same key, or fail. */
      readonly inDoubt: "resend" | "fail";
      /** Whether the answer to the same request of an earlier version of the trial will do. */
      readonly reuse: boolean;
    })
  /** What the author's performer came to; the controller journals it and replies. */
  | (FromUnit & {
      readonly type: "effect-response";
      readonly call: number;
      readonly key: string;
      readonly response: unknown;
      /** What the performer said that it took, by name; not checked yet. */
      readonly usage: unknown;
      readonly error: string | null;
    })
  /** The unit is over and waits for this call no more. */
  | (FromUnit & { readonly type: "effect-abandoned"; readonly call: number })
  | (FromUnit & {
      readonly type: "checkpoint";
      readonly call: number;
      readonly attempt: number;
      readonly state: Uint8Array;
      /** States of the trial to keep, this one included. */
      readonly keep: number;
      /** How far the trial's loop of steps was; null for one that has none. */
      readonly steps: StepsDone | null;
    })
  | (FromUnit & { readonly type: "restore"; readonly call: number })
  /** How far a loop of steps is, a few times a second at most; `saved` says how far it was when its state was last stored. */
  | (FromUnit & {
      readonly type: "steps";
      readonly steps: StepsDone;
      readonly perSecond: number;
      readonly saved: { readonly done: number; readonly bytes: number } | null;
    })
  /** Rows of a series as they are recorded, `first` the index of the first of them; only where the opening asks for them. */
  | (FromUnit & {
      readonly type: "rows";
      readonly series: string;
      readonly first: number;
      readonly rows: readonly Readonly<Record<string, unknown>>[];
    })
  | (FromUnit & {
      /** The next bytes of an artifact, in order; `whole` comes with the last of them. */
      readonly type: "artifact";
      readonly call: number;
      /** Unique within the unit. */
      readonly name: string;
      readonly bytes: Uint8Array;
      /** SHA-256 in lower-case hex, and the number of all bytes. */
      readonly whole: { readonly hash: string; readonly bytes: number } | null;
    })
  /** A line that a unit printed or logged; unit -1 when the thread cannot tell whose it is. */
  | (FromUnit & { readonly type: "log"; readonly level: "info" | "warn" | "error"; readonly text: string });

/** A unit that took its thread down. */
export interface GuiltyUnit {
  readonly unit: number;
  readonly reason: "time-out" | "memory" | "crash";
  readonly message: string;
  readonly durationMs: number;
}

/** What a worker takes. */
export interface WorkerReading {
  /** Host and thread, such as "local-1/2". */
  readonly worker: string;
  /** Share of a core since the last reading; null where not known. */
  readonly cpu: number | null;
  /** Heap and Buffers in MB, when the worker last looked; 0 before it has. */
  readonly heldMb: number;
  /** Units under way. */
  readonly running: number;
}

/** How a lease ended. */
export interface LeaseEnd {
  readonly busyMs: number;
  /** The unit that took its thread down. */
  readonly guilty: GuiltyUnit | null;
  /** Why the thread died or the lease could not be begun, when no unit can be named. */
  readonly broken: string | null;
  /** Why the job's code cannot be loaded: no outcome of any unit. */
  readonly unloadable: string | null;
}

export type FromHost =
  | {
      readonly type: "ready";
      readonly protocol: number;
      readonly host: string;
      readonly pid: number;
      /** Leases that the host runs at once. */
      readonly threads: number;
      /** Heap of one thread at most, in MB; null for Node's own limit. */
      readonly memoryMb: number | null;
      /** What the machine has: memory in MB, and graphics cards. */
      readonly capacity: { readonly memoryMb: number; readonly gpus: number };
      /** What else is worth knowing of the machine, such as { node: "20.20.2", arch: "x64" }. */
      readonly labels: Readonly<Record<string, string>>;
      /** Leases of an earlier controller of the same run; they wait for "adopt". */
      readonly underWay: readonly LeaseUnderWay[];
    }
  | { readonly type: "held" }
  /** Once every `heartbeatMs`, with what the host takes: resident memory, and shares of a core since the last; null where not known. */
  | {
      readonly type: "heartbeat";
      readonly memoryMb: number;
      readonly cpu: number | null;
      readonly workers: readonly WorkerReading[];
    }
  /** A file of a job's code that the host does not have. */
  | { readonly type: "need-file"; readonly build: BuildId; readonly path: string }
  | (FromUnits & { readonly session: Session })
  /** The lease is over. Units of it that were neither recorded nor guilty are to be leased again. */
  | ({ readonly type: "lease-ended"; readonly session: Session; readonly lease: number } & LeaseEnd)
  /** The host will be taken away soon: it takes no more leases, and its trials end where they next save their state, to go on elsewhere. */
  | { readonly type: "leaving" }
  /** Its machine can run nothing that it is given, such as for want of room for the code: its leases run elsewhere, and no trial is to blame. */
  | { readonly type: "unfit"; readonly reason: string }
  /** Something about the machine that a person should know. */
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "bye" };
