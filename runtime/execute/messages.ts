// The one duplex protocol between the controller and a host. Plain data only, so that inline, local and remote hosts are the
// same to the controller. Chunks are delivered at least once; unit number and attempt fence late answers.
import type { SpaceDescriptor } from "../../lib/experiment/space/space.ts";
import type { Replicates } from "../../lib/experiment/definition.ts";

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

/** Units to run: pairs of first unit and count, ascending. */
export type UnitRanges = readonly (readonly [first: number, count: number])[];

/** Values that earlier stages returned, each sent once per lease; `of[k]` gives, for the k-th unit of the lease, its index in `values`. */
export interface LeaseInput {
  readonly input: string;
  readonly values: readonly unknown[];
  readonly of: readonly number[] | "same";
}

export type ToHost =
  | { readonly type: "hello"; readonly protocol: number; readonly threads: number; readonly memoryMb: number | null }
  | { readonly type: "open"; readonly opening: JobOpening }
  | { readonly type: "lease"; readonly lease: number; readonly job: number; readonly units: UnitRanges; readonly attempt: number; readonly inputs: readonly LeaseInput[] }
  /** A journalled or freshly obtained response; or leave to perform the author's own effect under this idempotency key; or a refusal. */
  | { readonly type: "effect-reply"; readonly call: number; readonly reply: { readonly kind: "response"; readonly response: unknown } | { readonly kind: "perform"; readonly idempotencyKey: string } | { readonly kind: "refused"; readonly message: string } }
  | { readonly type: "restore-reply"; readonly call: number; readonly state: Uint8Array | null }
  | { readonly type: "checkpoint-saved"; readonly call: number; readonly error: string | null }
  /** Abort these leases: units not finished come back as `lease-ended` with what was done. */
  | { readonly type: "cancel"; readonly leases: readonly number[] }
  /** Finish what runs, take no more, then say bye. */
  | { readonly type: "drain" };

export type FromHost =
  | { readonly type: "ready"; readonly protocol: number; readonly host: string; readonly pid: number; readonly threads: number; readonly node: string; readonly arch: string }
  | { readonly type: "heartbeat"; readonly host: string; readonly at: number; readonly memoryMb: number; readonly running: readonly { readonly lease: number; readonly unit: number; readonly sinceMs: number }[] }
  /** Records of part or all of a lease: one encoded record batch (record/record-batch.ts). */
  | { readonly type: "records"; readonly lease: number; readonly batch: Uint8Array }
  /** The lease is over. `guilty` names a unit that took its thread down (time-out, memory, crash); units of the lease that were neither recorded nor guilty are to be leased again. */
  | { readonly type: "lease-ended"; readonly lease: number; readonly guilty: { readonly unit: number; readonly reason: "time-out" | "memory" | "crash"; readonly message: string; readonly durationMs: number } | null }
  | { readonly type: "effect-request"; readonly call: number; readonly lease: number; readonly unit: number; readonly attempt: number; readonly kind: string; readonly key: string; readonly request: unknown }
  | { readonly type: "effect-response"; readonly call: number; readonly lease: number; readonly unit: number; readonly key: string; readonly response: unknown; readonly error: string | null }
  | { readonly type: "checkpoint"; readonly call: number; readonly lease: number; readonly unit: number; readonly attempt: number; readonly state: Uint8Array }
  | { readonly type: "restore"; readonly call: number; readonly lease: number; readonly unit: number }
  | { readonly type: "artifact"; readonly lease: number; readonly unit: number; readonly name: string; readonly hash: string; readonly bytes: Uint8Array }
  | { readonly type: "log"; readonly lease: number; readonly unit: number; readonly level: "info" | "warn" | "error"; readonly text: string }
  | { readonly type: "bye" };

/** A running host as the controller sees it. `onMessage` is called in order; `onExit` once, when the host is gone, with the reason in words. */
export interface Host {
  readonly name: string;
  send(message: ToHost): void;
  /** Ends the host at once; what it had not sent is lost. */
  kill(): void;
}

export interface HostListener {
  onMessage(message: FromHost): void;
  onExit(reason: string): void;
}

/** An executor starts hosts. Inline and local are two; an engine that spans machines is a third file, not a change. */
export interface Executor {
  readonly name: string;
  start(listener: HostListener): Promise<Host>;
}
