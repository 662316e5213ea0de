// What an author says of an environment: agents, what they see, what they may do, how the world answers, and what must always hold.
// The state is plain data that `step` changes in place, so copies, prints and files of it come for free.
import type { z } from "zod";
import type { Random } from "../../random/random.ts";
import type { Agent, Standing } from "./agent.ts";

/** A schema for all agents, or one for each by name. */
export type Spaces<A extends string> = z.ZodType | Readonly<Record<A, z.ZodType>>;

/** What an action or an observation may be. */
export type Value = string | number | boolean | null | object;

/** The values of an agent's space. */
export type SpaceValue<S, A extends string> = z.ZodType extends S
  ? Value
  : S extends z.ZodType<infer T extends Value>
    ? T
    : S extends Readonly<Record<A, z.ZodType<infer T extends Value>>>
      ? T
      : never;

/** What every agent does in a round, by name. */
export type Actions<A extends string, C> = { readonly [K in A]: SpaceValue<C, K> };

/** What is the case between two rounds. */
export interface Moment<P, S> {
  readonly parameters: P;
  readonly state: S;
}

export interface ResetContext<P> {
  readonly parameters: P;
  /** The environment's own chance; use a named stream for each kind of it: `random.stream("demand")`. */
  readonly random: Random;
}

export interface AgentMoment<P, S, A extends string> extends Moment<P, S> {
  readonly agent: A;
}

interface StepBase<P, S, A extends string> extends Moment<P, S> {
  readonly random: Random;
  /** The round that is being played, from 0. */
  readonly round: number;
  /** 0 for every agent at first: set what each one earns in this round. */
  readonly rewards: Record<A, number>;
}

/** An agent leaves before the round is played. */
export interface ForfeitContext<P, S, A extends string> extends StepBase<P, S, A> {
  readonly agent: A;
}

/** A round in which all living agents act at once. An agent that is out of the game has no action here. */
export interface RoundContext<P, S, A extends string, C> extends StepBase<P, S, A> {
  readonly actions: Actions<A, C>;
}

/** A round in which one agent acts. */
export type TurnContext<P, S, A extends string, C> = {
  readonly [K in A]: StepBase<P, S, A> & { readonly agent: K; readonly action: SpaceValue<C, K> };
}[A];

/** What one round did. */
export interface Transition<P, S, A extends string, C> {
  readonly parameters: P;
  /** From 0. */
  readonly round: number;
  readonly before: S;
  readonly after: S;
  /** Of those who acted. */
  readonly actions: Partial<Actions<A, C>>;
  readonly rewards: Readonly<Record<A, number>>;
  readonly standing: Standing;
  /** What the same round, with the same chance, would have done had these agents acted otherwise; null where that is not allowed. */
  had(actions: Partial<Actions<A, C>>): Omit<Transition<P, S, A, C>, "had"> | null;
}

/** One way of saying what the agents are paid together; tested where declared. */
export type Utility = "zero-sum" | "identical";

interface DefinitionBase<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
> {
  /** Letters, digits, "-", "_" and ".", such as "grid-world". */
  readonly name: string;
  readonly description?: string;
  /** What may differ between conditions, with bounds: tests draw from them. */
  readonly parameters: P;
  /** Names in the order in which they sit, where it depends on the parameters as a function. At least one. */
  readonly agents: readonly A[] | ((parameters: z.output<P>) => readonly A[]);
  /** What an agent may see: a schema for all, or one an agent. */
  readonly observation: O;
  /** What an agent may do: a schema for all, or one an agent. */
  readonly action: C;
  /** The state before the first round: a new object of plain data. */
  reset(context: ResetContext<z.output<P>>): S;
  /** What the agent sees. What it does not return is hidden. It changes nothing. */
  observe(context: AgentMoment<z.output<P>, S, A>): SpaceValue<O, A>;
  /** The actions that are allowed now, each once; all of the schema unless told. It changes nothing. */
  legal?(context: AgentMoment<z.output<P>, S, A>): readonly SpaceValue<C, A>[];
  /** Who is still in the game; all unless told. Nobody comes back. */
  alive?(context: Moment<z.output<P>, S>): readonly A[];
  /**
   * What becomes of an agent that leaves (`Forfeit`; the fallback "forfeit" of a language model): changes the state, pays who is owed, and
   * says whether the episode is over. Where it goes on, the one who left may act no more: `alive` or `turn` says so. Without it nobody
   * can leave: the trial fails.
   */
  forfeit?(context: ForfeitContext<z.output<P>, S, A>): Standing;
  readonly utility?: Utility;
  /** The least and the most that an agent may earn in one round; tested where declared. Ends may be infinite. */
  rewardRange?(parameters: z.output<P>): readonly [min: number, max: number];
  /** Rounds that an episode may have at most; tested where declared. */
  roundsMax?(parameters: z.output<P>): number;
  /** The state as text, for people. */
  render?(context: Moment<z.output<P>, S>): string;
  /**
   * A state that the agent could not tell from this one: what is hidden from it drawn anew. Where it is given, `lab test` holds
   * that the agent sees the same in both, so nothing hidden leaks. It changes nothing of the state it is handed.
   */
  resample?(context: AgentMoment<z.output<P>, S, A> & { readonly random: Random }): S;
  /** What holds after the reset and after every round: true, or what is wrong in words. */
  readonly invariants?: Readonly<Record<string, (context: Moment<z.output<P>, S>) => boolean | string>>;
  /** What holds of every round, given what was before and after it: true, or what is wrong in words. */
  readonly laws?: Readonly<
    Record<string, (transition: Transition<z.output<P>, S, A, C>) => boolean | string>
  >;
}

/** All living agents act in every round. */
export interface SimultaneousDefinition<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
> extends DefinitionBase<P, A, O, C, S> {
  readonly turn?: undefined;
  readonly move?: undefined;
  /** Changes the state by one round, and says whether the episode is over. */
  step(context: RoundContext<z.output<P>, S, A, C>): Standing;
  /**
   * All rounds in one loop of its own, or null, before anything was drawn, where it cannot play them so: what `play` takes where nothing else
   * looks at single rounds (no `onRound`, no interventions, nobody learns). It leaves players, streams and state as the rounds would, and ends
   * as they would: `play` trusts it, so hold the two equal by a test.
   */
  whole?(context: WholeContext<z.output<P>, S>): WholeEpisode | null;
}

/** An episode before its first round, to be played to its end. */
export interface WholeContext<P, S> extends Moment<P, S> {
  /** The trial's: the environment draws from its stream ("environment"), each agent from ("agent", name). */
  readonly random: Random;
  /** By seat. */
  readonly players: readonly Agent[];
  /** Truncates an episode that has not ended by then; at least 1. */
  readonly rounds: number;
  /** Throws what is wrong with an action that is none. */
  refuse(seat: number, round: number, action: unknown): never;
}

/** How an episode that was played at once has ended. */
export interface WholeEpisode {
  readonly rounds: number;
  readonly standing: Exclude<Standing, "running">;
  /** By seat: sums in the order of the rounds. */
  readonly returns: readonly number[];
}

/** One agent acts in every round. */
export interface TurnDefinition<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
> extends DefinitionBase<P, A, O, C, S> {
  /** Whose turn it is. */
  turn(context: Moment<z.output<P>, S>): A;
  readonly step?: undefined;
  readonly whole?: undefined;
  /** Changes the state by one action, and says whether the episode is over. */
  move(context: TurnContext<z.output<P>, S, A, C>): Standing;
}
