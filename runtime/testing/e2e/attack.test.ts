// Promise: `lab test` finds what is wrong with an environment and tells it as a short story that can be played again; `lab run` does not
// start trials over an environment that breaks its rules.
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";

const stones = (legal: string) => `import { defineEnvironment } from "labwright";
import { z } from "zod";

export const stones = defineEnvironment({
  name: "stones",
  parameters: z.object({ heap: z.int().min(1).max(20).default(5) }),
  agents: ["first", "second"],
  observation: z.int(),
  action: z.int().min(1).max(2),
  reset: ({ parameters }) => ({ left: parameters.heap, moves: 0 }),
  observe: ({ state }) => state.left,
  ${legal}
  turn: ({ state }) => (state.moves % 2 === 0 ? "first" : "second"),
  move({ state, agent, action, rewards }) {
    state.left -= action;
    state.moves += 1;
    if (state.left > 0) return "running";
    rewards[agent] = 1;
    rewards[agent === "first" ? "second" : "first"] = -1;
    return "terminated";
  },
  utility: "zero-sum",
  invariants: { "no stone is taken twice": ({ state }) => state.left >= 0 || \`\${state.left} stones are left\` },
});
`;
const broken = stones("");
const sound = stones("legal: ({ state }) => (state.left === 1 ? [1] : [1, 2]),");

const experiment = `import { defineExperiment, metric, play, replicate, sweep } from "labwright";
import { stones } from "../stones.environment.ts";

export default defineExperiment({
  name: "take",
  parameters: { heap: sweep([4, 5, 6]) },
  replicates: replicate(2, { seed: 1 }),
  metrics: { won: metric.boolean() },
  trial({ parameters, random }) {
    const careful = { name: "careful", act: (left: number) => (left % 3 === 2 ? 2 : 1) };
    const { returns } = play(stones, { first: careful, second: careful }, { random, parameters });
    return { won: returns.first > 0 };
  },
});
`;

test("a broken rule is a story of the fewest rounds, kept, played again, and passed once it is mended", () => {
  const project = projectOf({
    "stones.environment.ts": broken,
    "experiments/take.experiment.ts": experiment,
  });
  try {
    const attacked = project.lab("test");
    assert.is(attacked.code, 5, attacked.all);
    assert.is(
      attacked.stdout.split("\n").slice(0, 6).join("\n"),
      [
        "stones breaks invariant: no stone is taken twice",
        "  -1 stones are left",
        '  parameters {"heap":1}, seed 0',
        "  round 0   first: 2",
        '  before    {"left":1,"moves":0}',
        '  after     {"left":-1,"moves":1}',
      ].join("\n"),
    );
    const [kept] = readdirSync(project.path(".lab/attacks"));
    const replayed = project.lab("test", "--replay", `.lab/attacks/${kept}`);
    assert.is(replayed.code, 5, replayed.all);
    assert.match(replayed.stdout, /-1 stones are left/);

    const refused = project.lab("run");
    assert.is(refused.code, 5, refused.all);
    assert.match(refused.stderr, /nothing was run; play it again: lab test --replay \.lab\/attacks\/stones-/);
    assert.match(project.lab("list").stdout + project.lab("list").stderr, /nothing has been run/);
    assert.is(project.lab("run", "--no-gate").code, 0);

    project.write("stones.environment.ts", sound);
    const again = project.lab("test", "--replay");
    assert.is(again.code, 0, again.all);
    assert.match(again.stdout, /^stones: played again; every rule holds/);
    const ran = project.lab("run");
    assert.is(ran.code, 0, ran.all);
    assert.match(ran.stderr, /attacking 1 environment file first/);
    const more = project.lab("run", "--force");
    assert.not.match(more.stderr, /attacking/);
  } finally {
    project.remove();
  }
});

test("an episode that never comes back is told, with the rest of the project attacked all the same", () => {
  const project = projectOf({
    "a.environment.ts": sound.replace(
      "state.left -= action;",
      "while (state.left === 7) {}\n    state.left -= action;",
    ),
    "b.environment.ts": sound.replaceAll("stones", "pebbles"),
  });
  try {
    const attacked = project.lab("test", "--time", "1s");
    assert.is(attacked.code, 5, attacked.all);
    assert.match(attacked.stdout, /stones breaks conformance: an episode comes back/);
    assert.match(attacked.stdout, /pebbles: [\d,]+ episodes.*every rule holds/);
  } finally {
    project.remove();
  }
});

test("what is asked for and not there is said with what there is", () => {
  const project = projectOf({ "stones.environment.ts": sound, "notes.json": "{}" });
  try {
    assert.match(
      project.lab("test", "stonse").stderr,
      /there is no environment "stonse"\n.*Did you mean stones\?/,
    );
    assert.match(project.lab("test", "--replay").stderr, /no counterexample is kept/);
    assert.match(project.lab("test", "--replay", "notes.json").stderr, /notes\.json is no counterexample/);
    assert.match(project.lab("test", "--replay", "none.json").stderr, /there is no file none\.json/);
    project.write("stones.environment.ts", "export const nothing = 1;\n");
    assert.match(project.lab("test", "stones").stderr, /there is no environment "stones"/);
  } finally {
    project.remove();
  }
  const empty = projectOf({ "readme.txt": "" });
  try {
    const { code, stderr } = empty.lab("test");
    assert.is(code, 2);
    assert.match(stderr, /no environment was found in this project/);
  } finally {
    empty.remove();
  }
});

test("the conditions of an experiment are what is attacked where it is named", () => {
  const project = projectOf({
    "stones.environment.ts": broken.replace(
      "state.left -= action;",
      "state.left -= state.left === 1 ? 1 : action;",
    ),
    "experiments/take.experiment.ts": experiment,
  });
  try {
    const attacked = project.lab("test", "--experiment", "take", "--json");
    assert.is(attacked.code, 0, attacked.all);
    const { environments } = JSON.parse(attacked.stdout) as { environments: { runs: number }[] };
    assert.is(environments[0]?.runs, 1000);
    assert.match(project.lab("test", "--experiment", "tak").stderr, /take/);
  } finally {
    project.remove();
  }
});

test.run();
