// What may be asked of a run under way from outside: what starts next, and how much at once. Nothing here decides a result.
import type { Scheduler } from "../../schedule/scheduler.ts";

export interface RunActs {
  /** Whether nothing more may start; what runs ends in either case. */
  pause(isPaused: boolean): void;
}

export function runActsOf(of: {
  readonly scheduler: Scheduler;
  /** Starts what may start now. */
  readonly pump: () => void;
}): RunActs {
  const { scheduler, pump } = of;
  return {
    pause(isPaused) {
      scheduler.pause(isPaused);
      if (!isPaused) pump();
    },
  };
}
