// Leaving an episode: who forfeits, what the environment makes of it, and what the others and the trial are told.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { randomFrom } from "../../random/random.ts";
import type { Agent } from "./agent.ts";
import { defineEnvironment } from "./environment.ts";
import { Forfeit } from "./forfeit.ts";
import { play, playAsync } from "./play.ts";

/** Bidders stay as long as they like; who leaves pays one, and the last one wins ten. */
const auction = defineEnvironment({
  name: "war-of-attrition",
  parameters: z.object({ bidders: z.int().min(2).max(5).default(3) }),
  agents: ({ bidders }) => Array.from({ length: bidders }, (_, i) => `bidder-${i + 1}`),
  observation: z.int().min(0),
  action: z.literal("stay"),
  reset: () => ({ gone: [] as string[], rounds: 0 }),
  observe: ({ state }) => state.gone.length,
  alive: ({ parameters: { bidders }, state }) =>
    Array.from({ length: bidders }, (_, i) => `bidder-${i + 1}`).filter((name) => !state.gone.includes(name)),
  step({ state, actions, rewards }) {
    for (const agent of Object.keys(actions)) rewards[agent] = -0.1;
    state.rounds += 1;
    return state.rounds === 50 ? "truncated" : "running";
  },
  forfeit({ parameters: { bidders }, state, agent, rewards }) {
    state.gone.push(agent);
    rewards[agent] = -1;
    if (state.gone.length < bidders - 1) return "running";
    const last = Array.from({ length: bidders }, (_, i) => `bidder-${i + 1}`).find(
      (name) => !state.gone.includes(name),
    );
    if (last !== undefined) rewards[last] = 10;
    return "terminated";
  },
});

/** Stays for so many rounds. */
const staying = (rounds: number): Agent<number, "stay"> => ({
  name: `staying ${rounds}`,
  act(_, { round }) {
    if (round >= rounds) throw new Forfeit(`enough after ${rounds}`);
    return "stay";
  },
});

test("who forfeits leaves with what the environment says of it, the others play on, and what was played says who left", async () => {
  const patience: Readonly<Record<string, number>> = { "bidder-1": 2, "bidder-2": 9, "bidder-3": 5 };
  const seats = (agent: string) => staying(patience[agent]!);
  const played = play(auction, seats, { random: randomFrom(1) });
  assert.equal([played.rounds, played.standing], [5, "terminated"]);
  assert.equal(
    Object.values(played.returns).map((value) => Number(value.toFixed(6))),
    [-1.2, 9.5, -1.5],
  );
  assert.equal(played.forfeits, [
    { agent: "bidder-1", round: 2, why: "enough after 2" },
    { agent: "bidder-3", round: 5, why: "enough after 5" },
  ]);
  const later = await playAsync(
    auction,
    (agent) => ({
      ...seats(agent),
      act: async (...of: Parameters<ReturnType<typeof staying>["act"]>) => seats(agent).act(...of),
    }),
    { random: randomFrom(1) },
  );
  assert.equal(later, played);
});

const idle = {
  name: "thumbs",
  parameters: z.object({}),
  agents: ["one"],
  observation: z.null(),
  action: z.literal("go"),
  reset: () => ({}),
  observe: () => null,
  step: () => "running" as const,
} as const;
const thumbs = defineEnvironment(idle);

test("where an environment has no outcome for who forfeits, or lets the one who left act again, the trial fails and says so", async () => {
  const leaving = {
    name: "leaving",
    act(): never {
      throw new Forfeit("no answer");
    },
  };
  const random = randomFrom(1);
  const words = "thumbs: an agent forfeits (no answer), and there is no outcome for that";
  assert.throws(
    () => play(thumbs, { one: leaving }, { random }),
    (error: Error) => error.message === words,
  );
  const later = await playAsync(thumbs, { one: leaving }, { random }).catch(String);
  assert.is(later, "Error: thumbs, round 0: one forfeits (no answer), and there is no outcome for that");
  const deaf = defineEnvironment({ ...idle, name: "deaf", forfeit: () => "running" as const });
  const again = await playAsync(deaf, { one: leaving }, { random }).catch(String);
  assert.is(again, "Error: deaf, round 0: one has left and is to act");
});

test.run();
