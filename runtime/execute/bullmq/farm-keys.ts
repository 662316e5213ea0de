// The names of everything that a farm keeps in Redis, and what workers and coordinators write there for each other.
import { createHash } from "node:crypto";

/** A worker is taken for gone when it has not said anything for so long. */
export const workerLivesMs = 5000;
/** A coordinator that is gone holds its workers for so long. */
export const claimLivesMs = 10_000;
/** What is left of a line or a run that nobody has taken up is removed after so many seconds. */
export const leftLivesS = 7 * 86_400;

export interface FarmKeys {
  /** Ids of workers. */
  readonly workers: string;
  /** What a worker says of itself: WorkerCard as JSON. */
  worker(id: string): string;
  /** The run that has the worker. */
  claim(id: string): string;
  /** Calls for a worker: Call as JSON. */
  calls(id: string): string;
  /** Messages to the host of a line. */
  to(line: string): string;
  /** Messages of all hosts of a run. */
  from(run: string): string;
  /** The queue of a line's leases, as BullMQ names it. */
  leases(line: string): string;
  readonly bull: string;
}

export function farmKeys(pool: string): FarmKeys {
  const root = `labwright:${pool}`;
  return {
    workers: `${root}:workers`,
    worker: (id) => `${root}:worker:${id}`,
    claim: (id) => `${root}:claim:${id}`,
    calls: (id) => `${root}:calls:${id}`,
    to: (line) => `${root}:to:${line}`,
    from: (run) => `${root}:from:${run}`,
    leases: (line) => `leases-${line}`,
    bull: `${root}:bull`,
  };
}

/** What a worker says of itself, once a second. */
export interface WorkerCard {
  readonly id: string;
  readonly name: string;
  readonly threads: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly labwright: string;
  readonly node: string;
  /** Of its machine. */
  readonly machine: string;
  readonly pid: number;
  /** "draining" ends once what runs has ended. */
  readonly state: "free" | "working" | "draining";
  /** The session that it works for. */
  readonly session: string | null;
  /** The same as Call.run; null while it is free. */
  readonly run: string | null;
  /** Under way. */
  readonly leases: number;
  /** Units recorded since it started. */
  readonly done: number;
  /** Whether what it has to say of them waits for the next coordinator of the run. */
  readonly isHeld: boolean;
  /** Units recorded a second, over the last ten seconds. */
  readonly perSecond: number;
}

/** What is asked of a worker: to work for a run, or, what it has under way for a run goes on, to say nothing of it for now; to finish and leave; or why not. */
export type Asked =
  | Call
  | { readonly hold: string }
  | { readonly drain: true }
  | { readonly refused: string };

/** What a coordinator asks of a worker. The next coordinator of a run takes over what the worker has under way. */
export interface Call {
  /** Random: names one host's life. */
  readonly line: string;
  readonly run: string;
  readonly session: string;
  readonly memoryMb: number | null;
}

/** Names a run among those of all projects: its builds' folder and its id, the same for every controller that takes it up. */
export function runKey(code: string, session: string): string {
  const run = session.slice(0, session.lastIndexOf("/"));
  return `${run.replace(/[^\w-]/g, "")}-${createHash("sha256").update(`${code}\0${run}`).digest("hex").slice(0, 12)}`;
}
