// The loop of an episode in which all agents act at once, nobody leaves and every action of the schema is allowed, written for the names of
// its agents: with these as literal keys an episode costs what a hand-written loop costs, where keys that are looked up cost ten times
// that. play.ts takes it where it applies; a test holds it equal to the general way.
import type { Random } from "../../random/random.ts";
import type { Agent, Standing } from "./agent.ts";
import type { StepInput } from "./rules.ts";

/** What a loop works on. Lists go by seat. */
export interface LoopInput {
  readonly parameters: unknown;
  readonly state: object;
  /** The environment's chance. */
  readonly random: Random;
  readonly players: readonly Agent[];
  readonly streams: readonly Random[];
  /** Whether a value is an action of the agent in that seat. */
  readonly checks: readonly ((value: unknown) => boolean)[];
  readonly rounds: number;
  observe(context: { readonly parameters: unknown; readonly state: object; readonly agent: string }): unknown;
  step(context: StepInput<unknown, string, object>): Standing;
  /** Before a round; null for none. */
  readonly before: ((round: number) => void) | null;
  /** After a round; true ends the episode. Null for none. */
  readonly after: ((round: PlayedRound) => boolean) | null;
  /** Throw what is wrong with an action or a reward. */
  refuse(seat: number, round: number, action: unknown): never;
  wrongReward(seat: number, round: number, reward: unknown): never;
}

export interface PlayedRound {
  readonly round: number;
  readonly actions: Readonly<Record<string, unknown>>;
  readonly rewards: Readonly<Record<string, number>>;
  readonly returns: Readonly<Record<string, number>>;
  readonly standing: Standing;
}

export interface LoopResult {
  readonly rounds: number;
  readonly standing: Standing;
  readonly returns: Readonly<Record<string, number>>;
}

type Loop = (input: LoopInput) => LoopResult;

/** Beyond so many agents a round is long whatever is done, and the text would be. */
export const quickAgentsMax = 16;

const loops = new WeakMap<object, Map<string, Loop>>();

/**
 * The loop of an environment for these agents, made once: what it calls is then always the same, so that the engine can draw it into the loop.
 * Nothing stands in it that this way of playing does not need.
 */
export function quickLoopOf(environment: object, shape: LoopShape): Loop {
  const key = JSON.stringify(shape);
  const known = loops.get(environment)?.get(key);
  if (known !== undefined) return known;
  // The text holds names and actions as JSON, and nothing else of anybody's.
  const loop = new Function("input", sourceOf(shape)) as Loop;
  const own = loops.get(environment) ?? new Map<string, Loop>();
  loops.set(environment, own.set(key, loop));
  return loop;
}

/** What the text of a loop depends on. */
export interface LoopShape {
  readonly agents: readonly string[];
  /** The actions of each seat where they are few plain values; null elsewhere. */
  readonly listed: readonly (readonly unknown[] | null)[];
  readonly hasBefore: boolean;
  readonly hasAfter: boolean;
  /** By seat. */
  readonly learns: readonly boolean[];
}

function sourceOf({ agents, listed, hasBefore, hasAfter, learns }: LoopShape): string {
  const seats = agents.map((agent, i) => ({ i, name: JSON.stringify(agent) }));
  const each = (line: (seat: (typeof seats)[number]) => string, join = "\n") => seats.map(line).join(join);
  const record = (value: string) => `{ ${each(({ i, name }) => `${name}: ${value}${i}`, ", ")} }`;
  const isWrong = (i: number) =>
    listed[i]?.map((value) => `action${i} !== ${JSON.stringify(value)}`).join(" && ") ??
    `!check${i}(action${i})`;
  return `"use strict";
const { parameters, state, random, players, streams, checks, rounds, before, after, observe, step } = input;
${each(({ i, name }) => `const player${i} = players[${i}], stream${i} = streams[${i}], check${i} = checks[${i}], view${i} = { parameters, state, agent: ${name} }; let total${i} = 0;`)}
let standing = "running";
let round = 0;
while (standing === "running" && round < rounds) {
  ${hasBefore ? "before(round);" : ""}
  ${each(
    ({ i, name }) =>
      `const action${i} = player${i}.act(observe(view${i}), { agent: ${name}, round, random: stream${i}, legal: null });`,
  )}
  ${each(({ i }) => `if (${isWrong(i)}) input.refuse(${i}, round, action${i});`)}
  const rewards = { ${each(({ name }) => `${name}: 0`, ", ")} };
  const actions = ${record("action")};
  standing = step({ parameters, state, random, round, rewards, actions, agent: undefined, action: undefined });
  ${each(
    ({ i, name }) =>
      `const reward${i} = rewards[${name}]; if (!Number.isFinite(reward${i})) input.wrongReward(${i}, round, reward${i}); total${i} += reward${i};`,
  )}
  ${each(({ i }) => (learns[i] === true ? `player${i}.learn({ reward: reward${i}, observation: observe(view${i}), standing });` : ""))}
  ${hasAfter ? `if (after({ round, actions, rewards, returns: ${record("total")}, standing }) && standing === "running") standing = "truncated";` : ""}
  round += 1;
}
return { rounds: round, standing: standing === "running" ? "truncated" : standing, returns: ${record("total")} };`;
}
