// What every learner is to its driver: something that runs for some periods, can be asked for its strategy, and whose
// whole state can be taken out and put back. The three implementations give equal states for equal problems.
import type { UniformStream } from "../uniform-stream.ts";

/** "learning" until the strategy has been stable long enough ("converged") or the periods ran out ("exhausted"). */
export type LearningStatus = "learning" | "converged" | "exhausted";

/** All that decides how learning goes on. Rows of tables are (state, agent): row = state * agents + agent. */
export interface LearnerState {
  readonly status: LearningStatus;
  /** Periods played. */
  readonly periods: number;
  /** Periods since a greedy action last changed, that one included. */
  readonly stable: number;
  /** The current state; once converged, the state before the last period (as the authors of the paper record it). */
  readonly state: number;
  /** Each agent's chance to explore in the next period. */
  readonly epsilons: Float64Array;
  /** Q: rows of m values. */
  readonly values: Float64Array;
  /** Greedy action of each row. */
  readonly greedy: Uint16Array;
  readonly exploration: UniformStream;
  readonly ties: UniformStream;
}

export interface Learner {
  /** Plays at most this many periods; fewer when learning ends. Nothing happens once it has ended. */
  run(periods: number): LearningStatus;
  readonly status: LearningStatus;
  /** Periods played so far. */
  readonly periods: number;
  /** A copy of the whole state. */
  snapshot(): LearnerState;
}
