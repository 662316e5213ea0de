// One who acts in an environment: what it is asked, and what it is told.
import type { Random } from "../../random/random.ts";

/** Where an episode stands after a round: `terminated` where the world itself is over, `truncated` where only the time is. */
export type Standing = "running" | "terminated" | "truncated";

/** One who acts: a strategy, a learner, a language model. Made anew for every episode, as it may remember. */
export interface Agent<O = unknown, C = unknown, Answer = C> {
  /** What kind it is, such as "tit for tat". */
  readonly name: string;
  /** What it does, given what it sees. */
  act(observation: O, context: Turn<C>): Answer;
  /** What the last round brought it, and what it sees now; called after every round that it acted in. */
  learn?(outcome: Outcome<O>): void;
}

/** What an agent is told beside its observation. */
export interface Turn<C> {
  /** Its name in the episode. */
  readonly agent: string;
  /** From 0. */
  readonly round: number;
  /** The agent's own chance: no other draws from it. */
  readonly random: Random;
  /** The actions that are allowed now; null where all of the schema are. */
  readonly legal: readonly C[] | null;
}

export interface Outcome<O> {
  readonly reward: number;
  readonly observation: O;
  readonly standing: Standing;
}
