// What passes between a host's main thread and its worker threads, beside piscina's own task and answer: a channel of its own for
// each thread, because units call out and are answered while their task runs.
import type { MessagePort } from "node:worker_threads";
import type {
  CallReply,
  EffectNews,
  FromHost,
  FromUnits,
  LeaseEnd,
  LeaseMessage,
} from "../protocol/protocol.ts";
import type { OpenedJob } from "./lease-runner.ts";

/** Handed to every worker thread at its start. */
export interface ThreadData {
  readonly host: string;
  /** Two shared 32-bit counters: threads so far, and calls so far over all threads; then the awake clock's eight bytes. */
  readonly counters: SharedArrayBuffer;
  /** Memory of the units whose rows are looked at (protocol/watched-units.ts). */
  readonly watched: SharedArrayBuffer;
  /** What the thread may hold, in MB; null for no limit but that of Node's heap. */
  readonly memoryMb: number | null;
}

/** The first thing a thread says, through its parent port. */
export interface ThreadHello {
  readonly type: "thread";
  readonly threadId: number;
  readonly port: MessagePort;
  readonly marks: SharedArrayBuffer;
  /** Host and thread, such as "local-1/2". */
  readonly worker: string;
  /** The number that the system knows the thread by; null where it does not tell. */
  readonly systemId: number | null;
}

/** From a thread, through its channel. */
export type FromThread =
  | FromUnits
  /** Something that a person should know. */
  | Extract<FromHost, { type: "notice" }>
  /** The thread meets a job for the first time, and is about to load its code. */
  | { readonly type: "need-opening"; readonly job: number }
  /** The code is loaded, or the thread knows that it cannot be. */
  | { readonly type: "loaded"; readonly job: number };

/** To a thread, through its channel. */
export type ToThread =
  | CallReply
  | EffectNews
  | { readonly type: "opening"; readonly job: number; readonly opened: OpenedJob }
  | { readonly type: "cancel"; readonly lease: number };

/** A piscina task is a lease; its answer says how the lease ended, with the records not sent before as one transferred buffer. */
export type ThreadTask = LeaseMessage;
export interface ThreadAnswer {
  readonly end: LeaseEnd;
  readonly batch: Uint8Array | null;
}
