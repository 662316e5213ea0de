// Environments as an author meets them: what an episode does, what it refuses, what a copy and an intervention are.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { randomFrom } from "../../random/random.ts";
import type { Agent } from "./agent.ts";
import { defineEnvironment } from "./environment.ts";
import { at, patiently, play, playAsync } from "./play.ts";
import { checkOf, drawFrom, spaceOf, valuesOf } from "./space.ts";

const pennies = defineEnvironment({
  name: "matching-pennies",
  parameters: z.object({ rounds: z.int().min(1).max(100).default(10), stake: z.number().default(1) }),
  agents: ["even", "odd"],
  observation: z.enum(["nothing", "won", "lost"]),
  action: z.enum(["heads", "tails"]),
  reset: () => ({ played: 0, winner: "" }),
  observe: ({ state, agent }) => (state.winner === "" ? "nothing" : state.winner === agent ? "won" : "lost"),
  step({ state, actions, rewards, parameters }) {
    state.winner = actions.even === actions.odd ? "even" : "odd";
    rewards.even = state.winner === "even" ? parameters.stake : -parameters.stake;
    rewards.odd = -rewards.even;
    state.played += 1;
    return state.played === parameters.rounds ? "truncated" : "running";
  },
  utility: "zero-sum",
});

/** Takes one or two stones from a heap by turns; who takes the last one wins. */
const stones = defineEnvironment({
  name: "stones",
  parameters: z.object({ heap: z.int().min(1).max(20).default(5) }),
  agents: ["first", "second"],
  observation: z.int().min(0).max(20),
  action: z.int().min(1).max(2),
  reset: ({ parameters }) => ({ left: parameters.heap, moves: 0 }),
  observe: ({ state }) => state.left,
  legal: ({ state }) => (state.left === 1 ? [1] : [1, 2]),
  turn: ({ state }) => (state.moves % 2 === 0 ? "first" : "second"),
  move({ state, agent, action, rewards }) {
    state.left -= action;
    state.moves += 1;
    if (state.left > 0) return "running";
    rewards[agent] = 1;
    rewards[agent === "first" ? "second" : "first"] = -1;
    return "terminated";
  },
});

const always = <C>(action: C): Agent<unknown, C> => ({ name: `always ${action}`, act: () => action });

test("an episode is played to its end, and pays what the rules say", () => {
  const seen: unknown[] = [];
  const even: Agent<"nothing" | "won" | "lost", "heads" | "tails"> = {
    name: "watcher",
    act: (observation) => {
      seen.push(observation);
      return "heads";
    },
  };
  const { returns, rounds, standing } = play(
    pennies,
    { even, odd: always<"heads" | "tails">("tails") },
    { random: randomFrom(1), parameters: { rounds: 4 } },
  );
  assert.equal(returns, { even: -4, odd: 4 });
  assert.equal([rounds, standing], [4, "truncated"]);
  assert.equal(seen, ["nothing", "lost", "lost", "lost"]);
});

test("agents act by turns where the environment has turns, from the actions that are allowed then", () => {
  const greedy: Agent<number, number> = { name: "greedy", act: (_, { legal }) => legal!.at(-1)! };
  const order: string[] = [];
  const { returns, standing } = play(
    stones,
    { first: greedy, second: greedy },
    {
      random: randomFrom(1),
      onRound: ({ actions }) => {
        order.push(Object.keys(actions).join());
        return undefined;
      },
    },
  );
  assert.equal(order, ["first", "second", "first"]);
  assert.equal([returns, standing], [{ first: 1, second: -1 }, "terminated"]);
});

test("an action that is not allowed is refused by name, round and what was allowed", () => {
  assert.throws(
    () =>
      play(
        stones,
        { first: always(2), second: always(2) },
        { random: randomFrom(1), parameters: { heap: 3 } },
      ),
    /stones, round 1: second gave 2; expected \[1\]/,
  );
  const episode = pennies.start({ random: randomFrom(1) });
  assert.throws(() => episode.step({ even: "heads" }), /odd gave no action/);
  assert.is(episode.round, 0);
});

test("parameters that do not fit are refused by name", () => {
  assert.throws(
    () => pennies.start({ random: randomFrom(1), parameters: { rounds: 0 } }),
    /matching-pennies: rounds: /,
  );
});

test("an episode that is over takes no further round", () => {
  const episode = pennies.start({ random: randomFrom(1), parameters: { rounds: 1 } });
  episode.step({ even: "heads", odd: "heads" });
  assert.equal(episode.acting, []);
  assert.throws(() => episode.step({ even: "heads", odd: "heads" }), /the episode is over \(truncated\)/);
});

test("a copy goes on by itself, with the same chance ahead", () => {
  const walk = defineEnvironment({
    name: "walk",
    parameters: z.object({}),
    agents: ["walker"],
    observation: z.number(),
    action: z.enum(["left", "right"]),
    reset: () => ({ x: 0 }),
    observe: ({ state }) => state.x,
    step({ state, actions, random }) {
      state.x += (actions.walker === "left" ? -1 : 1) + random.stream("wind").normal();
      return "running";
    },
  });
  const episode = walk.start({ random: randomFrom(3) });
  episode.step({ walker: "left" });
  const copy = episode.copy();
  for (let i = 0; i < 5; i++) copy.step({ walker: "right" });
  const before = episode.state.x;
  for (let i = 0; i < 5; i++) episode.step({ walker: "right" });
  assert.is.not(before, episode.state.x);
  assert.is(episode.state.x, copy.state.x);
});

test("an episode that was written down and read again goes on as if nothing had happened", () => {
  const episode = pennies.start({ random: randomFrom(3) });
  const both = { even: "heads", odd: "tails" } as const;
  episode.step(both);
  const file = JSON.stringify({ saved: episode.save(), parameters: episode.parameters });
  const { saved, parameters } = JSON.parse(file) as {
    saved: ReturnType<typeof episode.save>;
    parameters: typeof episode.parameters;
  };
  const again = pennies.start({ parameters, from: saved, random: episode.random.copy() });
  for (const one of [episode, again]) while (one.standing === "running") one.step(both);
  assert.equal(again.save(), episode.save());
  assert.ok(again.round > 1);
});

test("an intervention changes the world before its round, whatever the agents do", () => {
  const { returns } = play(
    pennies,
    { even: always<"heads" | "tails">("heads"), odd: always<"heads" | "tails">("heads") },
    {
      random: randomFrom(1),
      parameters: { rounds: 5 },
      interventions: [
        at(3, ({ parameters }) => {
          parameters.stake = 10;
        }),
      ],
    },
  );
  assert.is(returns.even, 3 + 20);
  assert.throws(() => at(-1, () => undefined), /expected a round as a whole number from 0, got -1/);
});

test("who sees the rounds may stop the episode", () => {
  const { rounds, standing } = play(
    pennies,
    { even: always<"heads" | "tails">("heads"), odd: always<"heads" | "tails">("heads") },
    { random: randomFrom(1), onRound: ({ round }) => (round === 2 ? "stop" : undefined) },
  );
  assert.equal([rounds, standing], [3, "truncated"]);
});

test("agents that answer later are asked at the same time, and the order of their answers changes nothing", async () => {
  const asked: string[] = [];
  const slow = (turns: number): Agent<string, "heads" | "tails", Promise<"heads" | "tails">> => ({
    name: "slow",
    async act(_, { agent, random }) {
      asked.push(agent);
      for (let i = 0; i < turns; i++) await Promise.resolve();
      return random.boolean() ? "heads" : "tails";
    },
  });
  const playWith = (even: number, odd: number) =>
    playAsync(
      pennies,
      { even: slow(even), odd: slow(odd) },
      { random: randomFrom(9), parameters: { rounds: 20 } },
    );
  const first = await playWith(0, 9);
  assert.equal(asked.slice(0, 2), ["even", "odd"]);
  assert.equal((await playWith(9, 0)).returns, first.returns);
});

test("learners are told what each round brought", () => {
  const told: number[] = [];
  const learner: Agent<unknown, "heads" | "tails"> = {
    name: "learner",
    act: () => "heads",
    learn: ({ reward }) => told.push(reward),
  };
  play(
    pennies,
    { even: learner, odd: always<"heads" | "tails">("heads") },
    {
      random: randomFrom(1),
      parameters: { rounds: 3 },
    },
  );
  assert.equal(told, [1, 1, 1]);
});

test("a reward that is no number is a fault of the environment, and named", () => {
  const broken = defineEnvironment({
    name: "broken",
    parameters: z.object({}),
    agents: ["one"],
    observation: z.null(),
    action: z.null(),
    reset: () => ({}),
    observe: () => null,
    step({ rewards }) {
      rewards.one = 0 / 0;
      return "running";
    },
  });
  assert.throws(
    () => broken.start({ random: randomFrom(1) }).step({ one: null }),
    /the reward of one in round 0 is NaN/,
  );
});

test("the quick loop and the general way play the same episode", () => {
  const drift = defineEnvironment({
    name: "drift",
    parameters: z.object({ push: z.number().default(1) }),
    agents: ["a b", "it's", "toString", "\\"],
    observation: z.number(),
    action: z.number().min(-1).max(1),
    reset: () => ({ x: 0, last: {} as object }),
    observe: ({ state, agent }) => state.x + agent.length,
    step({ state, actions, rewards, random, parameters, round }) {
      let sum = 0;
      for (const [agent, action] of Object.entries<number>(actions)) {
        sum += action;
        rewards[agent as keyof typeof rewards] = action * state.x;
      }
      state.x = 0.9 * state.x + parameters.push * sum + random.stream("noise").normal();
      state.last = { ...actions };
      return round === 30 ? "terminated" : "running";
    },
  });
  const learner = () => {
    let bias = 0;
    const agent: Agent<number, number> = {
      name: "learner",
      act: (seen, { random }) => Math.max(-1, Math.min(1, bias - 0.1 * seen + 0.1 * random.normal())),
      learn: ({ reward }) => {
        bias += 0.01 * reward;
      },
    };
    return agent;
  };
  for (const seed of [1, 2, 3]) {
    const record = (way: typeof play) => {
      const rows: unknown[] = [];
      const played = way(drift, learner, {
        random: randomFrom(seed),
        rounds: seed === 3 ? 7 : 100,
        interventions: [at(5, (world) => Object.assign(world.parameters, { push: 2 }))],
        onRound: ({ round, actions, rewards, returns, state, standing }) => {
          rows.push(structuredClone({ round, actions, rewards, returns, state, standing }));
          return seed === 2 && round === 11 ? "stop" : undefined;
        },
      });
      return { played, rows };
    };
    assert.equal(record(play), record(patiently));
  }
});

test("an agent that answers later is told to be played otherwise", () => {
  const late = { name: "late", act: async () => "heads" as const };
  assert.throws(
    // @ts-expect-error: the types say so already
    () => play(pennies, { even: late, odd: always<"heads" | "tails">("heads") }, { random: randomFrom(1) }),
    /even answers later; play such agents with playAsync/,
  );
});

test("spaces are read from schemas: lists, ranges, unions with null, tuples, objects", () => {
  assert.equal(spaceOf(z.enum(["C", "D"])), { kind: "values", values: ["C", "D"] });
  assert.equal(spaceOf(z.union([z.literal(1), z.literal("x")]).nullable()), {
    kind: "values",
    values: [1, "x", null],
  });
  assert.equal(spaceOf(z.int().min(2).max(4)), { kind: "integer", min: 2, max: 4 });
  assert.equal(valuesOf(spaceOf(z.int().min(2).max(4))), [2, 3, 4]);
  const price = z.number().min(0).max(2).nullable();
  const random = randomFrom(1);
  const drawn = Array.from({ length: 200 }, () => drawFrom(spaceOf(price), random));
  assert.ok(
    drawn.every((value) => price.safeParse(value).success) && drawn.includes(null) && drawn.includes(0),
  );
  const nested = z.object({
    at: z.tuple([z.int().min(0).max(3), z.boolean()]),
    tags: z
      .array(z.enum(["a"]))
      .max(2)
      .optional(),
  });
  for (let i = 0; i < 100; i++) assert.ok(nested.safeParse(drawFrom(spaceOf(nested), random)).success);
});

test("a refinement of a list of actions holds, and is never drawn", () => {
  const action = z.enum(["a", "b", "c"]).refine((value) => value !== "b");
  assert.equal(spaceOf(action), { kind: "values", values: ["a", "c"] });
  const { has, listed } = checkOf(action);
  assert.equal([has("a"), has("b"), has("d"), listed], [true, false, false, ["a", "c"]]);
});

test("the quick check of a range of numbers accepts what the schema accepts", () => {
  const schemas = [
    z.int().min(0).max(3),
    z.number().min(-1).max(1),
    z.int().min(0).max(10).multipleOf(2),
    z.number().gt(0).max(1),
    z.int32().min(0).max(5),
  ];
  const values = [0, -0, 1, 2, 3, 4, 0.5, -1, 1.5, Number.NaN, Infinity, "1", null, undefined, 2 ** 53];
  for (const schema of schemas) {
    const { has } = checkOf(schema);
    for (const value of values) assert.is(has(value), schema.safeParse(value).success, `${String(value)}`);
  }
});

test("agents of one name, or none, are refused", () => {
  for (const agents of [[], ["a", "a"], ["__proto__"]]) {
    const nobody = defineEnvironment({
      name: "nobody",
      parameters: z.object({}),
      agents,
      observation: z.null(),
      action: z.null(),
      reset: () => ({}),
      observe: () => null,
      step: () => "running" as const,
    });
    assert.throws(
      () => nobody.start({ random: randomFrom(1) }),
      /nobody: expected agents with different names/,
    );
  }
});

test("a definition that cannot be one is refused when it is made", () => {
  const parts = {
    parameters: z.object({}),
    agents: ["one"] as const,
    observation: z.null(),
    reset: () => ({}),
    observe: () => null,
    step: () => "running" as const,
  };
  assert.throws(
    () => defineEnvironment({ ...parts, name: "a b", action: z.null() }),
    /a name is 1 to 100 letters/,
  );
  assert.throws(
    () => defineEnvironment({ ...parts, name: "dates", action: z.date() }),
    /no space that values can be drawn from/,
  );
});

test.run();
