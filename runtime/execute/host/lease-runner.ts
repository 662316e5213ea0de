// What runs the leases of a host: a pool of threads, or this very thread. The host's side of the protocol (host-session.ts)
// is the same over both.
import type {
  CallReply,
  EffectQueue,
  FromHost,
  FromUnits,
  GuiltyUnit,
  JobOpening,
  LeaseMessage,
} from "../protocol/protocol.ts";

/** How a lease ended, as the runner saw it. */
export interface LeaseEnd {
  readonly busyMs: number;
  readonly guilty: GuiltyUnit | null;
  /** Why the thread died, when no unit can be named. */
  readonly broken: string | null;
}

export interface RunningUnit {
  readonly lease: number;
  readonly unit: number;
  readonly sinceMs: number;
}

/** Where a runner's messages go; `records` of a lease come before its promise resolves. */
type Say = (message: FromUnits | Extract<FromHost, { type: "notice" }>) => void;

export interface LeaseRunner {
  /** Makes a job known; comes before its first lease. */
  open(opening: JobOpening): void;
  /** Runs a lease to its end. Never rejects. */
  run(lease: LeaseMessage): Promise<LeaseEnd>;
  /** Hands an answer to the unit that called. */
  reply(reply: CallReply): void;
  /** Tells the unit that called whether its call waits for its turn. */
  queue(message: EffectQueue): void;
  /** Ends a lease early: no further unit starts, and those that wait are told by their signal. */
  cancel(lease: number): void;
  running(): readonly RunningUnit[];
  close(): Promise<void>;
}

export interface RunnerOptions {
  /** Name of the host, the first half of a worker's name. */
  readonly host: string;
  readonly threads: number;
  readonly memoryMb: number | null;
  readonly say: Say;
}
