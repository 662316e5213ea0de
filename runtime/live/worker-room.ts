// How many worker threads a run has, how many it may have, and what one more or less is counted from.

/** Threads as the state of a run has them. */
export interface Threads {
  readonly slots: number | null;
  readonly isElsewhere: boolean;
  readonly moreWorkers: string | null;
  readonly heardAtMs: number | null;
  readonly workers: readonly {
    readonly threads: number;
    readonly readings: readonly { readonly atMs: number }[];
  }[];
}

export interface WorkerRoom {
  /** Threads that are given work. */
  readonly slots: number;
  /** Those that were asked for; more than are given work while others are on their way. */
  readonly asked: number;
  /** Where the run cannot have more started: those that there are, and how others come. */
  readonly most: { readonly workers: number; readonly by: string } | null;
}

/** Hosts tell what they use every two seconds, trials of many steps how far they are more often: after so long without a word either has ended. */
export const silentMs = 5000;

export function workerRoomOf(state: Threads): WorkerRoom {
  const { slots, isElsewhere, moreWorkers } = state;
  if (!isElsewhere) return { slots: slots ?? 0, asked: slots ?? 0, most: null };
  const there = threadsThere(state);
  const used = Math.min(slots ?? there, there);
  if (moreWorkers === null) return { slots: used, asked: slots ?? there, most: null };
  return { slots: used, asked: used, most: { workers: there, by: moreWorkers } };
}

/** Threads of the machines that have been heard lately. */
function threadsThere({ workers, heardAtMs }: Threads): number {
  const heard = workers.filter(({ readings }) => {
    const last = readings.at(-1);
    return last === undefined || (heardAtMs ?? 0) - last.atMs < silentMs;
  });
  return heard.reduce((sum, { threads }) => sum + threads, 0);
}

/** What was asked for is kept; all that there can be is asked for by no number, so that machines that come later count. */
export function askedSlots(state: Threads, workers: number): number | null {
  const { most } = workerRoomOf(state);
  return most !== null && workers >= most.workers ? null : workers;
}
