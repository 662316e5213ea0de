// The files of `lab init --template environment`: an environment, and an experiment in which a learner walks it. The first opens
// docs/environments.md, and a test holds them equal.

export const firstEnvironment = `import { defineEnvironment } from "labwright";
import { z } from "zod";

const ways = { north: [0, 1], south: [0, -1], east: [1, 0], west: [-1, 0] } as const;

/** A walker looks for the far corner of a grid, while the wind now and then blows it north. */
export const gridWorld = defineEnvironment({
  name: "grid-world",
  parameters: z.object({
    size: z.int().min(2).max(20).default(5),
    wind: z.number().min(0).max(1).default(0.1),
    patience: z.int().min(1).max(1000).default(200),
  }),
  agents: ["walker"],
  observation: z.object({ x: z.int().min(0), y: z.int().min(0) }),
  action: z.enum(["north", "south", "east", "west"]),
  reset: () => ({ x: 0, y: 0, moves: 0 }),
  observe: ({ state }) => ({ x: state.x, y: state.y }),
  step({ parameters: { size, wind, patience }, state, actions, rewards, random }) {
    const way = random.stream("wind").boolean(wind) ? "north" : actions.walker;
    const [east, north] = ways[way];
    state.x = Math.min(Math.max(state.x + east, 0), size - 1);
    state.y = Math.min(Math.max(state.y + north, 0), size - 1);
    state.moves += 1;
    rewards.walker = -1;
    if (state.x === size - 1 && state.y === size - 1) return "terminated";
    return state.moves === patience ? "truncated" : "running";
  },
  invariants: {
    "the walker is on the grid": ({ state, parameters: { size } }) =>
      state.x >= 0 && state.x < size && state.y >= 0 && state.y < size,
  },
  laws: {
    "a round moves the walker by one field at most": ({ before, after }) =>
      Math.abs(after.x - before.x) + Math.abs(after.y - before.y) <= 1,
  },
});
`;

export const environmentExperiment = `import { type Agent, defineExperiment, metric, play, replicate, sweep } from "labwright";
import { gridWorld } from "./grid-world.environment.ts";

type Way = "north" | "south" | "east" | "west";
const ways: readonly Way[] = ["north", "south", "east", "west"];

/** Tabular Q-learning (Watkins 1989) with a constant rate, no discount and epsilon-greedy choice. It learns over all episodes that it plays. */
function learner(rate: number, epsilon: number): Agent<{ readonly x: number; readonly y: number }, Way> {
  const values = new Map<string, number>();
  const valueOf = (field: string, way: Way) => values.get(\`\${field} \${way}\`) ?? 0;
  const bestOf = (field: string) => Math.max(...ways.map((way) => valueOf(field, way)));
  let field = "";
  let chosen: Way = "north";
  return {
    name: "Q-learner",
    act({ x, y }, { random }) {
      field = \`\${x},\${y}\`;
      const best = ways.filter((way) => valueOf(field, way) === bestOf(field));
      chosen = random.float() < epsilon ? random.pick(ways) : random.pick(best);
      return chosen;
    },
    learn({ reward, observation: { x, y }, standing }) {
      const ahead = standing === "terminated" ? 0 : bestOf(\`\${x},\${y}\`);
      const old = valueOf(field, chosen);
      values.set(\`\${field} \${chosen}\`, old + rate * (reward + ahead - old));
    },
  };
}

export default defineExperiment({
  name: "grid-walk",
  question: "Does a faster learning rate find the goal sooner?",
  parameters: { rate: sweep([0.1, 0.5]), size: 5, wind: 0.1, episodes: 100 },
  replicates: replicate(30, { seed: 1, pairing: "common-random-numbers" }),
  metrics: { moves: metric.number({ unit: "moves an episode, last ten", direction: "minimize" }) },
  trial({ parameters: { rate, episodes, ...world }, random }) {
    const walker = learner(rate, 0.1);
    const lengths = Array.from({ length: episodes }, () => play(gridWorld, { walker }, { random, parameters: world }).rounds);
    const last = lengths.slice(-10);
    return { moves: last.reduce((sum, length) => sum + length, 0) / last.length };
  },
  analyses: ({ compare }) => [compare("moves", { across: "rate", baseline: 0.1 })],
});
`;
