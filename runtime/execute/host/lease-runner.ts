// What runs the leases of a host: a pool of threads, or this very thread. The host's side of the protocol (host-session.ts)
// is the same over both.
import type { JobOpening } from "../protocol/opening.ts";
import type {
  CallReply,
  EffectNews,
  FromHost,
  FromUnits,
  LeaseEnd,
  LeaseMessage,
  WatchedUnit,
  WorkerReading,
} from "../protocol/protocol.ts";

/** A job whose code is at hand. */
export interface OpenedJob {
  readonly opening: JobOpening;
  /** Absolute path of its bundle on this machine. */
  readonly bundle: string;
}

/** Where a runner's messages go; `records` of a lease come before its promise resolves. */
type Say = (message: FromUnits | Extract<FromHost, { type: "notice" }>) => void;

export interface LeaseRunner {
  /** Makes a job known; comes before its first lease. */
  open(job: OpenedJob): void;
  /** Runs a lease to its end. Never rejects. */
  run(lease: LeaseMessage): Promise<LeaseEnd>;
  /** Hands an answer to the unit that called. */
  reply(reply: CallReply): void;
  /** Tells the unit that called what there is to hear before the answer. */
  hear(news: EffectNews): void;
  /** Ends a lease early: no further unit starts, and those that wait are recorded as cancelled and told by their signal. */
  cancel(lease: number): void;
  /** Rows of these units are told as they are recorded. */
  watch(units: readonly WatchedUnit[]): void;
  /** What each worker takes now. */
  readings(): readonly WorkerReading[];
  close(): Promise<void>;
}

export interface RunnerOptions {
  /** Name of the host, the first half of a worker's name. */
  readonly host: string;
  readonly threads: number;
  /** What a thread may take, in MB; null for no limit but that of Node's heap. */
  readonly memoryMb: number | null;
  readonly say: Say;
}
