// Who plays a repeated game: a strategy makes a player, who is told the moves that came out in the round before, and is an agent of the
// game's environment too.
import type { Random } from "../../random/random.ts";
import type { Agent } from "../environment/agent.ts";

/** Cooperate or defect. */
export type Move = "C" | "D";

/** What a player of a repeated game sees: both actions of the round before; null in the first round. */
export type LastRound<Own extends string, Other extends string> = {
  readonly own: Own;
  readonly other: Other;
} | null;

/** One who plays one match: the moves of the round before, both null in the first round. */
export type Player<Own extends string = Move, Other extends string = Own> = (
  own: Own | null,
  other: Other | null,
) => Own;

/** How a repeated game is played: of the prisoner's dilemma, or of any other with the names of its actions. */
export interface Strategy<Own extends string = Move, Other extends string = Own> {
  readonly name: string;
  /** True when a player draws random numbers. */
  readonly isStochastic: boolean;
  player(random: Random): Player<Own, Other>;
}

/** What is known of the agents that `strategyAgent` made: by identity, since a copy may act otherwise. */
const seats = new WeakMap<object, StrategySeat<string, string>>();

interface StrategySeat<Own extends string, Other extends string> {
  readonly strategy: Strategy<Own, Other>;
  /** Who plays for the agent, as long as it lives; null before its first round. */
  player: Player<Own, Other> | null;
}

/** The strategy as an agent of `repeated(game)`; a new one for every episode. */
export function strategyAgent<Own extends string = Move, Other extends string = Own>(
  strategy: Strategy<Own, Other>,
): Agent<LastRound<Own, Other>, Own> {
  const seat: StrategySeat<Own, Other> = { strategy, player: null };
  const agent: Agent<LastRound<Own, Other>, Own> = {
    name: strategy.name,
    act(last, { random }) {
      seat.player ??= strategy.player(random);
      return seat.player(last?.own ?? null, last?.other ?? null);
    },
  };
  // A map of all kinds; `newSeatOf` says which one it takes out.
  seats.set(Object.freeze(agent), seat as unknown as StrategySeat<string, string>);
  return agent;
}

/** The strategy behind an agent that has not played yet; null for any other agent. */
export function newSeatOf<Own extends string, Other extends string>(
  agent: object | undefined,
): StrategySeat<Own, Other> | null {
  const seat = agent === undefined ? undefined : seats.get(agent);
  // An agent plays by names of actions of its game: what `play` takes for the seat.
  return seat?.player === null ? (seat as unknown as StrategySeat<Own, Other>) : null;
}
