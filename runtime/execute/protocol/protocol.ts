// The one duplex protocol between the controller and a host. Plain data only, so that inline, local and remote hosts are the
// same to the controller. Chunks are delivered at least once; unit number and attempt fence late answers.

import type { Replicates } from "../../../lib/experiment/definition.ts";
import type { SpaceDescriptor } from "../../../lib/experiment/space/space.ts";
import type { UnitRanges } from "../../schedule/unit-ranges.ts";

/** Raised when a message changes its meaning; a host of another version is refused at hello. */
export const protocolVersion = 1;

/** What a host must know of a job to run its units: sent once, before the first lease on it. */
export interface JobOpening {
  /** Index in the plan's `jobs`. */
  readonly job: number;
  /** Absolute path of the bundle on the host, and the export that holds the definition. */
  readonly bundle: string;
  readonly exportName: string;
  readonly experiment: string;
  readonly stage: string;
  readonly per: "build" | "condition" | "replicate";
  readonly uses: readonly string[] | "all";
  readonly conditions: number;
  readonly projected: readonly Readonly<Record<string, unknown>>[] | null;
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
  readonly space: SpaceDescriptor;
  readonly replicates: Replicates;
  /** Conditions whose replicate.seed had to move to stay unique: raw condition index to salt. */
  readonly seedSalts: Readonly<Record<number, number>>;
  /** Milliseconds a unit may take; null for no limit. */
  readonly timeoutMs: number | null;
}

/** Values that earlier stages returned, each sent once per lease; `of[k]` gives, for the k-th unit of the lease, its index in `values`. */
export interface LeaseInput {
  readonly input: string;
  readonly values: readonly unknown[];
  readonly of: readonly number[] | "same";
}

/** What a unit calls out for: its lease fences answers that come too late, its unit and attempt say whose it is. */
interface FromUnit {
  readonly lease: number;
  readonly unit: number;
}

export interface Hello {
  readonly type: "hello";
  readonly protocol: number;
  /** The name the host goes by, such as "local-1". */
  readonly host: string;
  readonly threads: number;
  /** Heap of one thread at most, in MB; null for Node's own limit. */
  readonly memoryMb: number | null;
  /** How often the host must say that it lives. */
  readonly heartbeatMs: number;
}

export interface LeaseMessage {
  readonly type: "lease";
  readonly lease: number;
  readonly job: number;
  readonly units: UnitRanges;
  readonly attempt: number;
  readonly inputs: readonly LeaseInput[];
  /** After this long the host stops between two units and hands the rest back; null to go through to the end. */
  readonly budgetMs: number | null;
}

/** How the controller answers an effect. */
export type EffectReply =
  /** Journalled before, or obtained just now. `usage` is what it took, by name; `isReused` says that an earlier trial paid for it. */
  | {
      readonly kind: "response";
      readonly response: unknown;
      readonly usage: Readonly<Record<string, number>>;
      readonly isReused: boolean;
    }
  /** Leave to call the author's own performer under this key. */
  | { readonly kind: "perform"; readonly trial: string; readonly idempotencyKey: string }
  /** No answer: the call failed, may not be made, or the budget is spent. */
  | { readonly kind: "refused"; readonly cause: "effect" | "budget"; readonly message: string };

/** Said any number of times before the reply: the call waits for its turn, or does no longer. Until then its unit's time-out stands still. */
export interface EffectQueue {
  readonly type: "effect-queue";
  readonly call: number;
  readonly isWaiting: boolean;
}

/** Answers to a unit's call. */
export type CallReply =
  | { readonly type: "effect-reply"; readonly call: number; readonly reply: EffectReply }
  | { readonly type: "restore-reply"; readonly call: number; readonly state: Uint8Array | null }
  | { readonly type: "checkpoint-saved"; readonly call: number; readonly error: string | null };

export type ToHost =
  | Hello
  | { readonly type: "open"; readonly opening: JobOpening }
  | LeaseMessage
  | CallReply
  | EffectQueue
  /** Abort these leases: units not finished come back as `lease-ended` with what was done. */
  | { readonly type: "cancel"; readonly leases: readonly number[] }
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
    })
  | (FromUnit & { readonly type: "restore"; readonly call: number })
  | (FromUnit & {
      readonly type: "artifact";
      readonly name: string;
      readonly hash: string;
      readonly bytes: Uint8Array;
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

export type FromHost =
  | {
      readonly type: "ready";
      readonly protocol: number;
      readonly host: string;
      readonly pid: number;
      readonly threads: number;
      readonly node: string;
      readonly arch: string;
    }
  | {
      readonly type: "heartbeat";
      readonly host: string;
      readonly at: number;
      readonly memoryMb: number;
      readonly running: readonly {
        readonly lease: number;
        readonly unit: number;
        readonly sinceMs: number;
      }[];
    }
  | FromUnits
  /**
   * The lease is over. `guilty` names a unit that took its thread down; `broken` says that the thread died and that no unit can be
   * named. Units of the lease that were neither recorded nor guilty are to be leased again.
   */
  | {
      readonly type: "lease-ended";
      readonly lease: number;
      readonly busyMs: number;
      readonly guilty: GuiltyUnit | null;
      readonly broken: string | null;
    }
  /** Something about the machine that a person should know. */
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "bye" };

/** How a host ended. */
export interface HostExit {
  /** "exit": by itself; "signal": killed from outside, perhaps by the kernel for lack of memory; "silent": no sign of life; "killed": by `kill()`. */
  readonly cause: "exit" | "signal" | "silent" | "killed";
  /** In words, such as "was killed by SIGSEGV". */
  readonly reason: string;
  /** Whether it seems to have run out of memory. */
  readonly isMemory?: boolean;
}

/** A running host as the controller sees it. */
export interface Host {
  readonly name: string;
  send(message: ToHost): void;
  /** Ends the host at once; what it had not sent is lost. */
  kill(): void;
}

/** `onMessage` is called in order; `onExit` once, when the host is gone and its last message was delivered. */
export interface HostListener {
  onMessage(message: FromHost): void;
  onExit(exit: HostExit): void;
}

/** An executor starts hosts. Inline and local are two; an engine that spans machines is a third file, not a change. */
export interface Executor {
  readonly name: string;
  /** Whether a host can die without taking the controller along. */
  readonly survivesCrash: boolean;
  /** Starts a host under a name; it is usable once it has said "ready" to a hello. */
  start(name: string, listener: HostListener): Promise<Host>;
}
