// Promise: a run takes no more of services than it may, over all the times that it is taken up; it says what it will cost before it costs; keys come from
// the environment or `.env` and are nowhere in what is kept.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type FakeLlm, startFakeLlm } from "../fake-llm.ts";
import { ended, type Project, projectOf } from "./project.ts";

const key = "plain-words-that-are-a-key";

const experiment = (
  model: string,
  more = "",
): string => `import { chat, defineExperiment, env, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "guess",
  parameters: { tone: sweep(["kind", "curt"]) },
  replicates: replicate(8, { seed: 3 }),
  metrics: { length: metric.integer() },
  effects: { ask: chat({ endpoint: env("LLM_URL"), keyFrom: "LLM_KEY", model: "${model}"${more} }) },
  async trial({ parameters: { tone }, replicate: { index }, effects }) {
    const { text } = await effects.ask("question", { messages: [{ role: "user", content: \`\${tone} \${index}\` }] });
    return { length: text.length };
  },
});
`;

async function withServer(
  model: string,
  use: (of: {
    readonly server: FakeLlm;
    readonly project: Project;
    readonly at: Record<string, string>;
  }) => Promise<void>,
): Promise<void> {
  const server = await startFakeLlm({ answer: ({ prompt }) => `you said ${prompt}`, key });
  const project = projectOf({ "guess.experiment.ts": experiment(model), ".env": `LLM_KEY=${key}\n` });
  try {
    await use({ server, project, at: { LLM_URL: server.endpoint } });
  } finally {
    project.remove();
    await server.close();
  }
}

function* filesUnder(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

test("a budget of the run holds over its sessions, a larger one goes on, and the key of .env is nowhere in what is kept", () =>
  withServer("tiny", async ({ server, project, at }) => {
    const first = await ended(project.start(["run", "--budget", "calls=5"], at));
    assert.is(first.code, 4, first.all);
    assert.match(first.stderr, /calls 5 of 5 are spent, the budget of the run/);
    assert.match(first.stderr, /with more in --budget go on with: lab run/);
    assert.not.match(first.stderr, /budget-stopped:/);
    const again = await ended(project.start(["run", "--budget", "calls=5"], at));
    assert.is(again.code, 4, again.all);
    assert.is(server.arrivals.length, 5);
    const more = await ended(project.start(["run", "--budget", "calls=1k tokens=2M"], at));
    assert.is(more.code, 0, more.all);
    assert.is(server.arrivals.length, 16);
    assert.ok(server.arrivals.every(({ status }) => status === 200));
    for (const file of filesUnder(project.path(".lab")))
      assert.not.ok(readFileSync(file).includes(key), `the key is in ${file}`);
    assert.not.match(first.all + more.all, new RegExp(key));
  }));

test("a budget of time ends a run that waits, cleanly", async () => {
  const server = await startFakeLlm({ answer: () => "yes", key, latencyMs: 400 });
  const project = projectOf({
    "guess.experiment.ts": experiment("tiny", ", concurrency: 1"),
    ".env": `LLM_KEY=${key}\n`,
  });
  try {
    const run = await ended(project.start(["run", "--budget", "time=1s"], { LLM_URL: server.endpoint }));
    assert.is(run.code, 4, run.all);
    assert.match(run.stderr, /of 1 s is spent, the budget of the run/);
  } finally {
    project.remove();
    await server.close();
  }
});

test("what costs money is said before, with a range after a pilot, and nothing is spent in CI without a budget", () =>
  withServer("gpt-4o-mini", async ({ server, project, at }) => {
    const blind = await ended(project.start(["run", "--yes"], { ...at, CI: "true" }));
    assert.is(blind.code, 2, blind.all);
    assert.match(blind.stderr, /it costs money/);
    const asked = await ended(project.start(["run"], at));
    assert.is(asked.code, 2, asked.all);
    assert.is(server.arrivals.length, 0);
    const pilot = await ended(
      project.start(["run", "--limit", "4", "--budget", "usd=1"], { ...at, CI: "true" }),
    );
    assert.is(pilot.code, 0, pilot.all);
    const plan = await ended(project.start(["plan"], at));
    assert.match(
      plan.stdout,
      /guess: 10 to 14 calls, 6\d to \d+ tokens, 0\.\d+ to 0\.\d+ USD \(from 4 measured trials\)/,
      plan.all,
    );
    const json = await ended(project.start(["run", "-n", "--json"], at));
    const { services, usage } = JSON.parse(json.stdout);
    assert.is(services[0].cost, "paid");
    assert.is(usage[0].measured, 4);
  }));

test("a budget in dollars needs a price, which the project's own list may give", () =>
  withServer("gpt-unheard-of", async ({ server, project, at }) => {
    const elsewhere = { ...at, LLM_URL: "http://models.invalid/v1" };
    const unpriced = await ended(project.start(["run", "--budget", "usd=1"], elsewhere));
    assert.is(unpriced.code, 2, unpriced.all);
    assert.match(unpriced.stderr, /no price is known of gpt-unheard-of/);
    project.write(
      "prices.json",
      JSON.stringify({ date: "2026-01-31", models: { "gpt-unheard-of": { prompt: 1e5, completion: 1e5 } } }),
    );
    const dear = await ended(project.start(["run", "--budget", "usd=3"], at));
    assert.is(dear.code, 4, dear.all);
    assert.match(dear.stderr, /usd [\d.]+ of 3 are spent/);
    assert.ok(server.arrivals.length < 16);
    const wrong = await ended(project.start(["run", "--budget", "euro=3"], at));
    assert.match(wrong.stderr, /--budget takes limits such as "usd=5/);
  }));

test.run();
