// Promise: a trial asks the services that its definition declares, typed and by name; one governor keeps their limits whatever the workers; what
// is set there and decides no answer runs nothing again.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
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

test("a service that is down is tried by one call at a time until it answers, which the run says, and no trial fails of it", async () => {
  let asked = 0;
  const server = await startFakeLlm({
    answer: ({ prompt }) => prompt,
    fault: () => (++asked <= 14 ? "500" : null),
  });
  const project = projectOf({
    "guess.experiment.ts": experiment(port.replace("requestsPerMinute: 8", "concurrency: 1")),
  });
  try {
    const run = await ended(project.start(["run", "-j", "2", "--json"], { LLM_URL: server.endpoint }));
    assert.is(run.code, 0, run.all);
    assert.match(run.stdout, /"notice".*does not answer: 12 calls in a row failed/, run.all);
    assert.match(run.stdout, /"notice".*answers again/);
    // The twelve that found it out, and then one at a time: a quarter of a window later, half of one, a whole one.
    const at = server.arrivals.map(({ atMs }) => atMs);
    assert.ok(at[12]! - at[11]! >= 150, `${at[12]! - at[11]!} ms`);
    assert.ok(at[13]! - at[12]! >= 300, `${at[13]! - at[12]!} ms`);
    assert.is(server.arrivals.filter(({ status }) => status === 200).length, 12);
    assert.is(server.arrivals.length, 26);
  } finally {
    project.remove();
    await server.close();
  }
});

test("one Ctrl-C ends trials whose calls wait for their turn, and the same command makes those calls as if for the first time", async () => {
  let isDown = true;
  const server = await startFakeLlm({
    answer: ({ prompt }) => prompt,
    fault: () => (isDown ? "500" : null),
  });
  // Once the service is taken to be down, a call waits for minutes.
  const project = projectOf({
    "guess.experiment.ts": experiment(
      port.replace("requestsPerMinute: 8, windowMs: 600", "windowMs: 1_200_000"),
    ),
  });
  const at = { LLM_URL: server.endpoint };
  try {
    const child = project.start(["run", "-j", "2", "--json"], at);
    const end = ended(child);
    await new Promise<void>((resolve) => {
      let text = "";
      child.stdout?.on("data", (bytes) => {
        text += bytes;
        if (/"notice".*does not answer/.test(text)) resolve();
      });
      child.on("close", () => resolve());
    });
    process.kill(child.pid ?? 0, "SIGINT");
    const { code, all } = await end;
    assert.is(code, 130, all);
    isDown = false;
    const again = await ended(project.start(["run"], at));
    assert.is(again.code, 0, again.all);
    assert.match(again.stderr, /12 run/);
    assert.is(server.arrivals.filter(({ status }) => status === 200).length, 12);
    project.lab("report", "--format", "markdown", "--output-dir", "written");
    const report = project.read("written/report.md");
    assert.match(report, /12 calls/);
    assert.not.match(report, /in doubt/);
  } finally {
    project.remove();
    await server.close();
  }
});

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

test("two projects that run at once on one address never pass its limits together", async () => {
  const server = await startFakeLlm({ answer: () => "yes" });
  const state = mkdtempSync(join(tmpdir(), "labwright-state-"));
  const of = (): Project =>
    projectOf({
      "guess.experiment.ts": experiment(
        'endpoint: env("LLM_URL"), model: (p) => p.model, requestsPerMinute: 6, windowMs: 2000',
      ),
    });
  const projects = [of(), of()];
  try {
    const at = { LLM_URL: server.endpoint, XDG_STATE_HOME: state };
    const runs = projects.map((project) => ended(project.start(["run", "-j", "2"], at)));
    for (const run of runs) assert.is((await run).code, 0, (await run).all);
    assert.is(server.arrivals.length, 24);
    assert.ok(server.busiest(2000) <= 6, `${server.busiest(2000)} in one window`);
  } finally {
    for (const project of projects) project.remove();
    rmSync(state, { recursive: true, force: true });
    await server.close();
  }
});

const forecast = `import { defineExperiment, env, http, metric, replicate, sweep } from "labwright";
import { z } from "zod";

export default defineExperiment({
  name: "forecast",
  parameters: { day: sweep([1, 2, 3]) },
  replicates: replicate(2, { seed: 3 }),
  metrics: { degrees: metric.number() },
  effects: {
    weather: http({
      endpoint: env("WEATHER_URL"),
      keyFrom: "WEATHER_KEY",
      headers: { "x-site": env("WEATHER_SITE") },
      answer: z.object({ degrees: z.number() }),
    }),
  },
  async trial({ parameters: { day }, replicate: { index }, effects }) {
    const { degrees } = await effects.weather("noon", { path: "forecast", query: { day, index } });
    return { degrees };
  },
});
`;

test("any service over HTTP is a port: faults are tried again as it asks, a spent quota stops the run, its keys are nowhere", async () => {
  const asked: string[] = [];
  let isSpent = true;
  const server = createServer((request, response) => {
    const address = request.url ?? "";
    const { authorization } = request.headers;
    if (authorization !== "Bearer weather-key-5150" || request.headers["x-site"] !== "site-secret-5150") {
      response.writeHead(401).end(`{"error":"no ${authorization}"}`);
      return;
    }
    const tries = asked.filter((each) => each === address).length;
    asked.push(address);
    if (tries === 0) response.writeHead(429, { "retry-after": "0" }).end("slow down");
    else if (tries === 1) response.writeHead(503).end("<html>busy</html>");
    else if (isSpent && address.includes("day=3")) response.writeHead(402).end('{"error":"quota of today"}');
    else
      response.end(JSON.stringify({ degrees: Number(new URL(address, "http://x").searchParams.get("day")) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port: number } = server.address() as AddressInfo; // It listens on a port.
  const project = projectOf({ "forecast.experiment.ts": forecast });
  const at = {
    WEATHER_URL: `http://127.0.0.1:${number}/v1`,
    WEATHER_KEY: "weather-key-5150",
    WEATHER_SITE: "site-secret-5150",
  };
  try {
    const first = await ended(project.start(["run"], at));
    assert.is(first.code, 4, first.all);
    isSpent = false;
    const second = await ended(project.start(["run"], at));
    assert.is(second.code, 0, second.all);
    const { stdout } = project.lab(
      "query",
      "--format",
      "csv",
      "select day, degrees from trials order by day",
    );
    assert.equal(stdout.trim().split(/\r?\n/).slice(1), ["1,1", "1,1", "2,2", "2,2", "3,3", "3,3"]);
    const wrong = await ended(project.start(["run", "--force"], { ...at, WEATHER_KEY: "wrong-key-5150" }));
    assert.not.match(wrong.all, /wrong-key-5150/);
    assert.is.not(wrong.code, 0, wrong.all);
    const kept = spawnSync(
      "grep",
      ["-rlE", "(weather-key|site-secret|wrong-key)-5150", project.path(".lab")],
      {
        encoding: "utf8",
      },
    );
    assert.is(kept.stdout, "", "no key in the store");
  } finally {
    project.remove();
    server.close();
  }
});

test.run();
