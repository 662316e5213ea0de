// An episode from its start to its end: every acting agent is shown what it may see and asked what it does. In a trial, a function
// that sees each round records it as a row of a series.
import type { z } from "zod";
import type { Random } from "../../random/random.ts";
import type { Agent, Standing } from "./agent.ts";
import type { Actions, Spaces, SpaceValue } from "./definition.ts";
import type { Environment } from "./environment.ts";
import { byAgent, type Episode } from "./episode.ts";
import { type Forfeit, type Forfeited, forfeitIn } from "./forfeit.ts";
import { type LoopInput, quickAgentsMax, quickLoopOf } from "./quick-loop.ts";

/** An agent for every seat: by name, or a function of the name where the number of agents depends on the parameters. */
export type Seats<A extends string, O, C, Answer extends "now" | "later" = "now"> =
  | { readonly [K in A]: SeatAgent<O, C, K, Answer> }
  | ((agent: A) => SeatAgent<O, C, A, Answer>);

type SeatAgent<O, C, K extends string, Answer> = Agent<
  SpaceValue<O, K>,
  SpaceValue<C, K>,
  Answer extends "now" ? SpaceValue<C, K> : SpaceValue<C, K> | Promise<SpaceValue<C, K>>
>;

/** One round, after it was played. */
export interface Round<P, A extends string, C, S> {
  readonly round: number;
  /** Of those who acted. */
  readonly actions: Partial<Actions<A, C>>;
  readonly rewards: Readonly<Record<A, number>>;
  readonly returns: Readonly<Record<A, number>>;
  readonly parameters: P;
  readonly state: S;
  readonly standing: Standing;
}

/** A change that is made before a given round. */
export interface Intervention<P, S> {
  readonly round: number;
  change(context: { readonly parameters: P; readonly state: S; readonly random: Random }): void;
}

/**
 * Changes state or parameters before round `round` (from 0), whatever the agents do: a demand shock, a new rule.
 * @example play(market, firms, { random, interventions: [at(100, ({ parameters }) => { parameters.cost *= 2; })] })
 * @throws RangeError unless the round is a whole number from 0.
 */
export function at<P, S>(round: number, change: Intervention<P, S>["change"]): Intervention<P, S> {
  if (!Number.isSafeInteger(round) || round < 0) {
    throw new RangeError(`at: expected a round as a whole number from 0, got ${round}`);
  }
  return { round, change };
}

export interface PlayOptions<P extends z.ZodObject, A extends string, C, S> {
  readonly parameters?: z.input<P>;
  /** The trial's random numbers: the environment and each agent get a stream of their own, by name. */
  readonly random: Random;
  /** Truncates an episode that has not ended by then. */
  readonly rounds?: number;
  readonly interventions?: readonly Intervention<z.output<P>, S>[];
  /** Sees each round; "stop" truncates the episode. */
  // A function that says nothing goes on.
  onRound?(round: Round<z.output<P>, A, C, S>): "stop" | undefined;
}

/** How an episode ended. */
export interface Played<A extends string, S> {
  readonly rounds: number;
  readonly standing: Standing;
  readonly returns: Readonly<Record<A, number>>;
  readonly state: S;
  /** Who left before the end, in order. */
  readonly forfeits: readonly Forfeited<A>[];
}

/** The longest episode that may go on without `rounds`: an environment that never ends is a fault. */
const roundsMax = 10_000_000;

/**
 * Plays an episode with agents that answer at once.
 * @example
 * const { returns } = play(dilemma, { row: titForTat(), column: random() }, { random, rounds: 200 });
 * @throws RangeError for parameters that do not fit and for actions that are not allowed; Error where an agent answers later (`playAsync`).
 */
export function play<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  environment: Environment<P, A, O, C, S>,
  agents: Seats<A, O, C>,
  options: PlayOptions<P, A, C, S>,
): Played<A, S> {
  const episode = startOf(environment, options);
  return (
    quickly(environment, { agents, options, episode }) ?? patiently(environment, agents, options, episode)
  );
}

/** What is played by whom. */
interface Sitting<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
> {
  readonly agents: Seats<A, O, C>;
  readonly options: PlayOptions<P, A, C, S>;
  /** Before its first round. */
  readonly episode: Episode<z.output<P>, A, O, C, S>;
}

/** The general way: any environment, agents that answer at once. */
export function patiently<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  environment: Environment<P, A, O, C, S>,
  agents: Seats<A, O, C>,
  options: PlayOptions<P, A, C, S>,
  episode: Episode<z.output<P>, A, O, C, S> = startOf(environment, options),
): Played<A, S> {
  const table = seated(environment, agents, { ...options, episode });
  while (table.goesOn()) {
    const actions: Partial<Actions<A, C>> = {};
    const leaving: (readonly [A, Forfeit])[] = [];
    for (const agent of table.episode.acting) {
      try {
        actions[agent] = table.ask(agent) as Actions<A, C>[A];
      } catch (thrown) {
        leaving.push([agent, forfeitIn(thrown)]);
      }
    }
    table.played(actions, leaving);
  }
  return table.result();
}

/**
 * Plays an episode whose agents may answer later, as language models do: those who act in the same round are asked at the same time.
 * The answers are taken in the order of the seats, so the result does not depend on who answers first.
 * @throws what `play` throws, and what an agent throws.
 */
export async function playAsync<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  environment: Environment<P, A, O, C, S>,
  agents: Seats<A, O, C, "later">,
  options: PlayOptions<P, A, C, S>,
): Promise<Played<A, S>> {
  const table = seated(environment, agents, { ...options, episode: startOf(environment, options) });
  while (table.goesOn()) {
    const { acting } = table.episode;
    const answers = await Promise.allSettled(acting.map(async (agent) => table.ask(agent)));
    const actions: Partial<Actions<A, C>> = {};
    const leaving: (readonly [A, Forfeit])[] = [];
    for (const [i, agent] of acting.entries()) {
      const answer = answers[i]!;
      if (answer.status === "fulfilled") actions[agent] = answer.value as Actions<A, C>[A];
      else leaving.push([agent, forfeitIn(answer.reason)]);
    }
    table.played(actions, leaving);
  }
  return table.result();
}

/** The quick ways, where one applies; null where none does. */
function quickly<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  environment: Environment<P, A, O, C, S>,
  { agents, options, episode }: Sitting<P, A, O, C, S>,
): Played<A, S> | null {
  const { rules, name } = environment;
  if (rules.turn !== null || rules.alive !== null || rules.legal !== null || rules.forfeit !== null)
    return null;
  if (episode.agents.length > quickAgentsMax) return null;
  const { random, onRound, interventions = [], rounds = roundsMax } = options;
  const { parameters, state } = episode;
  const players = episode.agents.map((agent) => seatOf(name, agents, agent));
  const learns = players.map((player) => player.learn !== undefined);
  const refuse = (seat: number, round: number, action: unknown) =>
    episode.refuse(episode.agents[seat]!, round, action);
  const isSeen = onRound !== undefined || interventions.length > 0 || learns.includes(true);
  const whole =
    isSeen || rounds < 1
      ? null
      : withoutForfeit(
          name,
          () => rules.whole?.({ parameters, state, random, players, rounds, refuse }) ?? null,
        );
  if (whole !== null) {
    const returns = Object.fromEntries(episode.agents.map((agent, seat) => [agent, whole.returns[seat]]));
    // An entry for every agent.
    return { ...whole, returns: returns as Record<A, number>, state, forfeits: [] };
  }
  const checks = episode.agents.map((agent) => environment.actionCheck(agent));
  const loop = quickLoopOf(environment, {
    agents: episode.agents,
    listed: checks.map(({ listed }) => listed),
    hasBefore: interventions.length > 0,
    hasAfter: onRound !== undefined,
    learns,
  });
  const result = withoutForfeit(name, () =>
    loop({
      ...{ parameters, state, random: episode.random, players, rounds, refuse },
      streams: episode.agents.map((agent) => random.stream("agent", agent)),
      checks: checks.map(({ has }) => has),
      // The loop asks for the agents that the environment has.
      observe: rules.observe as LoopInput["observe"],
      step: rules.step as LoopInput["step"],
      before:
        interventions.length === 0
          ? null
          : (round) => {
              for (const { round: due, change } of interventions) {
                if (due === round) change({ parameters, state, random: episode.random });
              }
            },
      after:
        onRound === undefined
          ? null
          : (round) => onRound({ ...round, parameters, state } as Round<z.output<P>, A, C, S>) === "stop",
      wrongReward: (seat, round, reward) => {
        throw new Error(`${name}: the reward of ${episode.agents[seat]} in round ${round} is ${reward}`);
      },
    }),
  );
  if (result.rounds >= roundsMax) throw endless(name, result.rounds);
  // The loop returns an entry for every agent.
  return { ...result, returns: result.returns as Record<A, number>, state, forfeits: [] };
}

function startOf<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  environment: Environment<P, A, O, C, S>,
  { parameters, random }: PlayOptions<P, A, C, S>,
): Episode<z.output<P>, A, O, C, S> {
  const own = random.stream("environment");
  return environment.start({ random: own, ...(parameters === undefined ? {} : { parameters }) });
}

/** What an episode gives that nobody can leave. @throws an Error that says so where somebody does. */
function withoutForfeit<T>(name: string, played: () => T): T {
  try {
    return played();
  } catch (thrown) {
    const { message } = forfeitIn(thrown);
    throw new Error(`${name}: an agent forfeits (${message}), and there is no outcome for that`);
  }
}

function endless(name: string, rounds: number): Error {
  return new Error(`${name}: an episode of ${rounds} rounds has not ended; say \`rounds\``);
}

/** What both ways of playing share: who sits where, what is asked, and what a round leads to. */
interface Table<P, A extends string, O, C, S extends object> {
  readonly episode: Episode<P, A, O, C, S>;
  /** Makes the interventions of the coming round; false once the episode is over. */
  goesOn(): boolean;
  /** What the agent does: an action, or a promise of one. */
  ask(agent: A): unknown;
  /** Plays the round with those who stay. */
  played(actions: Partial<Actions<A, C>>, leaving: readonly (readonly [A, Forfeit])[]): void;
  result(): Played<A, S>;
}

function seated<
  P extends z.ZodObject,
  A extends string,
  O extends Spaces<A>,
  C extends Spaces<A>,
  S extends object,
>(
  environment: Environment<P, A, O, C, S>,
  agents: Seats<A, O, C> | Seats<A, O, C, "later">,
  options: PlayOptions<P, A, C, S> & Pick<Sitting<P, A, O, C, S>, "episode">,
): Table<z.output<P>, A, O, C, S> {
  const { random, onRound, interventions = [], rounds = roundsMax, episode } = options;
  const seats = byAgent(episode.agents, (agent) => seatOf(environment.name, agents, agent));
  const streams = byAgent(episode.agents, (agent) => random.stream("agent", agent));
  const learning = episode.agents.some((agent) => seats[agent].learn !== undefined);
  const forfeits: Forfeited<A>[] = [];
  /** Whether the round can still be played with what was answered: the episode goes on, and nobody acts who was not asked. */
  const isPlayableWithout = (leaving: readonly (readonly [A, Forfeit])[]): boolean => {
    for (const [agent, { message: why }] of leaving) {
      forfeits.push({ agent, round: episode.round, why });
      if (episode.forfeit(agent, why) !== "running") return false;
    }
    const again = forfeits.find(({ agent }) => episode.acting.includes(agent));
    if (again !== undefined)
      throw new Error(`${environment.name}, round ${episode.round}: ${again.agent} has left and is to act`);
    return leaving.length === 0 || !environment.hasTurns;
  };
  return {
    episode,
    goesOn() {
      if (episode.standing === "running" && episode.round >= rounds) episode.truncate();
      if (episode.standing !== "running") return false;
      for (const { round, change } of interventions) if (round === episode.round) episode.change(change);
      return episode.standing === "running";
    },
    ask: (agent) =>
      seats[agent].act(episode.observe(agent), {
        agent,
        round: episode.round,
        random: streams[agent],
        legal: episode.legal(agent),
      }),
    played(actions, leaving) {
      if ((leaving.length > 0 || forfeits.length > 0) && !isPlayableWithout(leaving)) return;
      const { acting } = episode;
      episode.step(actions);
      if (learning) {
        for (const agent of acting) {
          seats[agent].learn?.({
            reward: episode.rewards[agent],
            observation: episode.observe(agent),
            standing: episode.standing,
          });
        }
      }
      if (onRound === undefined) return;
      const { parameters, state, rewards, returns, standing, round } = episode;
      const row = { round: round - 1, actions, rewards, returns, parameters, state, standing };
      if (onRound(row) === "stop") episode.truncate();
    },
    result() {
      const { round, standing, returns, state } = episode;
      if (round >= roundsMax) {
        throw endless(environment.name, round);
      }
      return { rounds: round, standing, returns, state, forfeits };
    },
  };
}

function seatOf<A extends string>(name: string, agents: unknown, agent: A): Agent {
  // Seats are typed by name; who sits where is only known here.
  const seat =
    typeof agents === "function" ? agents(agent) : (agents as Readonly<Record<string, Agent>>)[agent];
  if (seat === undefined) throw new RangeError(`${name}: nobody plays ${agent}`);
  return seat as Agent;
}
