// When a state is to be saved: every so many steps, or once so much time has passed. What authors write is read and refused here.
import type { CheckpointPace } from "../../../../lib/experiment/steps.ts";

/** States of a trial that are kept, unless told. */
export const keptStates = 2;
const keptStatesMax = 16;
const everyMinute = { seconds: 60 };

export interface Pace {
  /** States to keep. */
  readonly keep: number;
  /** How many steps may be done before the next look; infinite for a pace in time. */
  readonly nextLook: number;
  /** Whether the state after so many steps is to be saved at `nowMs`. */
  isDue(done: number, nowMs: number): boolean;
  /** Counts from here: so many steps are done, and saved or just taken up. */
  restart(done: number, nowMs: number): void;
}

/** Throws RangeError for a pace that makes no sense. */
export function paceOf(given: number | CheckpointPace = everyMinute): Pace {
  const pace = typeof given === "number" ? { steps: given } : given;
  const keep = keepOf(pace);
  return "steps" in pace ? paceOfSteps(pace.steps, keep) : paceOfTime(pace.seconds, keep);
}

function keepOf({ keep = keptStates }: CheckpointPace): number {
  if (Number.isInteger(keep) && keep >= 1 && keep <= keptStatesMax) return keep;
  throw new RangeError(`checkpoint keep ${String(keep)}; expected a whole number from 1 to ${keptStatesMax}`);
}

function paceOfSteps(steps: number, keep: number): Pace {
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`checkpoint every ${String(steps)} steps; expected a whole number from 1`);
  let next = steps;
  return {
    keep,
    get nextLook() {
      return next;
    },
    isDue: (done) => done >= next,
    // On the same marks whether it was interrupted or not.
    restart(done) {
      next = (Math.floor(done / steps) + 1) * steps;
    },
  };
}

function paceOfTime(seconds: number, keep: number): Pace {
  if (!Number.isFinite(seconds) || seconds <= 0)
    throw new RangeError(`checkpoint every ${String(seconds)} seconds; expected a number above 0`);
  let since = performance.now();
  return {
    keep,
    nextLook: Number.POSITIVE_INFINITY,
    isDue: (_, nowMs) => nowMs - since >= seconds * 1000,
    restart(_, nowMs) {
      since = nowMs;
    },
  };
}
