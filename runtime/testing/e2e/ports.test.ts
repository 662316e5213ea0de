// Promise: a trial asks the services that its definition declares, typed and by name; one governor keeps their limits whatever the workers; what
// is set there and decides no answer runs nothing again.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type FakeLlm, startFakeLlm } from "../fake-llm.ts";
import { ended, type Project, projectOf } from "./project.ts";

const experiment = (
  port: string,
): string => `import { chat, defineExperiment, env, metric, replicate, sweep, usd } from "labwright";

export default defineExperiment({
  name: "guess",
  parameters: { model: sweep(["small", "large"]), temperature: 0.5 },
  replicates: replicate(6, { seed: 3 }),
  metrics: { length: metric.integer() },
  effects: { ask: chat({ ${port} }) },
  async trial({ replicate: { index }, effects }) {
    const { text } = await effects.ask("question", { messages: [{ role: "user", content: \`number \${index}\` }] });
    return { length: text.length };
  },
});
`;

const port =
  'endpoint: env("LLM_URL"), model: (p) => p.model, temperature: (p) => p.temperature, requestsPerMinute: 8, windowMs: 600, budget: usd(5)';

async function withServer(use: (server: FakeLlm, project: Project) => Promise<void>): Promise<void> {
  const server = await startFakeLlm({ answer: ({ model, prompt }) => `${model} says ${prompt}` });
  const project = projectOf({ "guess.experiment.ts": experiment(port) });
  try {
    await use(server, project);
  } finally {
    project.remove();
    await server.close();
  }
}

test("every trial is answered by the model of its condition, within the limits of the port, for any number of workers", () =>
  withServer(async (server, project) => {
    const run = await ended(project.start(["run", "-j", "2"], { LLM_URL: server.endpoint }));
    assert.is(run.code, 0, run.all);
    assert.is(server.arrivals.length, 12);
    assert.ok(server.busiest(600) <= 8, `${server.busiest(600)} in one window`);
    const { stdout } = project.lab(
      "query",
      "select model, count(*) as n, min(length) as l from trials group by model order by model",
    );
    assert.match(stdout, /large.*6.*19/);
    assert.match(stdout, /small.*6.*19/);
  }));

test("an edit of limits runs nothing again, an edit of what the port gives of requests does", () =>
  withServer(async (server, project) => {
    const at = { LLM_URL: server.endpoint };
    assert.is((await ended(project.start(["run"], at))).code, 0);
    project.write(
      "guess.experiment.ts",
      experiment(port.replace("requestsPerMinute: 8", "requestsPerMinute: 9, concurrency: 3")),
    );
    const again = await ended(project.start(["run"], at));
    assert.match(again.stderr, /0 run, 12 reused/);
    project.write(
      "guess.experiment.ts",
      experiment(port.replace("temperature: (p) => p.temperature", "temperature: 0.25")),
    );
    const warmer = await ended(project.start(["run"], at));
    assert.match(warmer.stderr, /12 run/, warmer.all);
    assert.is(server.arrivals.length, 24);
  }));

test("a performer of the project stands in for a port of its name", () =>
  withServer(async (server, project) => {
    project.write(
      "lab.config.ts",
      `import { defineConfig } from "labwright/config";
export default defineConfig({ performers: { ask: async () => ({ response: { text: "four" } }) } });
`,
    );
    const run = project.lab("run");
    assert.is(run.code, 0, run.all);
    assert.is(server.arrivals.length, 0);
  }));

test("a budget of the port holds over runs, failed attempts counted, and a larger one goes on", async () => {
  const server = await startFakeLlm({
    answer: () => "yes",
    fault: ({ attempt }) => (attempt === 1 ? "500" : null),
  });
  const of = (calls: number): string =>
    experiment(`endpoint: env("LLM_URL"), model: (p) => p.model, budget: { calls: ${calls} }`);
  const project = projectOf({ "guess.experiment.ts": of(10) });
  const at = { LLM_URL: server.endpoint };
  try {
    const first = await ended(project.start(["run"], at));
    assert.is(first.code, 4, first.all);
    assert.match(first.stderr, /calls 10 of 10 are spent, the budget of guess\/ask/, first.all);
    assert.ok(server.arrivals.length <= 10, `${server.arrivals.length} calls`);
    project.write("guess.experiment.ts", of(60));
    const second = await ended(project.start(["run"], at));
    assert.is(second.code, 0, second.all);
    // Every answer took two attempts, and none was asked for twice.
    assert.is(server.arrivals.filter(({ status }) => status === 200).length, 12);
  } finally {
    project.remove();
    await server.close();
  }
});

test.run();
