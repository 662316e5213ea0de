// A trial of many steps: what it says about its loop, and how often its state is saved. The loop itself is the runtime's, so that a
// trial of a million steps is saved, watched and taken up again without a line of the author's.

/** How often a state is saved: every so many steps, or once so many seconds have passed. */
export type CheckpointPace = ({ readonly steps: number } | { readonly seconds: number }) & {
  /** States that are kept, the newest ones; 2 unless told, 16 at most. Where the newest is damaged the one before is taken. */
  readonly keep?: number;
};

/**
 * Saves where it is due: `await save(step, () => state)` after each step, with how many steps are done. The state is asked for only
 * when it is saved.
 */
export type PacedCheckpoint = (done: number, state: () => unknown) => Promise<void>;

/** What `steps` takes. S is the state: anything that a structured clone can hold, up to 10 MB. */
export interface StepsOptions<S> {
  /** Steps in all: a whole number. */
  readonly total: number;
  /** A number means steps; once a minute unless told. */
  readonly checkpoint?: number | CheckpointPace;
  /** The state before the first step. Not called where a saved state is taken up. */
  initial(): S;
  /**
   * One step: changes the state in place, or returns the next one. `index` counts from 0.
   */
  step(state: S, index: number): NoInfer<S> | undefined | Promise<NoInfer<S> | undefined>;
  /** Asked after each step, with how many are done: true ends the loop early. */
  until?(state: S, done: number): boolean;
}
