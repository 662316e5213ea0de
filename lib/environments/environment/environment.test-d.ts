// What the editor underlines in an environment: a wrong action, a missing agent, a state that has no such part.
import { z } from "zod";
import { randomFrom } from "../../random/random.ts";
import { defineEnvironment } from "./environment.ts";
import { play } from "./play.ts";

const market = defineEnvironment({
  name: "market",
  parameters: z.object({ firms: z.int().min(2).max(5).default(2) }),
  agents: ["leader", "follower"],
  observation: { leader: z.null(), follower: z.number() },
  action: { leader: z.number().min(0), follower: z.enum(["match", "undercut"]) },
  reset: () => ({ price: 1 }),
  observe: ({ state, agent }) => (agent === "leader" ? null : state.price),
  step({ state, actions, rewards }) {
    state.price = actions.leader;
    // @ts-expect-error: the follower's actions are "match" and "undercut"
    if (actions.follower === "raise") return "running";
    // @ts-expect-error: there is no third agent
    rewards.third = 1;
    // @ts-expect-error: the state has no quantity
    state.quantity = 1;
    return "running";
  },
});

// @ts-expect-error: an episode needs both agents
play(market, { leader: { name: "one", act: () => 1 } }, { random: randomFrom(1), rounds: 3 });

const agents = {
  leader: { name: "one", act: () => 1 },
  follower: { name: "two", act: (price: number) => (price > 1 ? ("undercut" as const) : ("match" as const)) },
};
play(market, agents, { random: randomFrom(1), rounds: 3 });
play(
  market,
  // @ts-expect-error: "raise" is no action of the follower
  { ...agents, follower: { name: "two", act: () => "raise" as const } },
  { random: randomFrom(1), rounds: 3 },
);
// @ts-expect-error: the environment has no such parameter
market.start({ random: randomFrom(1), parameters: { firm: 3 } });

defineEnvironment({
  name: "ending",
  parameters: z.object({}),
  agents: ["one"],
  observation: z.null(),
  action: z.null(),
  reset: () => ({}),
  observe: () => null,
  // @ts-expect-error: an episode is running, terminated or truncated
  step: () => "done",
});
