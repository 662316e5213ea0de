// Promise: a study whose agents are language models goes through limits, faults of every kind and a SIGKILL in mid-episode to the results of an
// undisturbed run; no recorded exchange is requested again; the key is nowhere in what is kept.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answeredKeys } from "../../store/testing/answered-keys.ts";
import { type FakeFault, type FakeRequest, faultsAt, startFakeLlm } from "../fake-llm.ts";
import { type Project, projectOf } from "./project.ts";

const key = "sk-e2e-8f31c7d0a2b94e55";

/** Half way between 1.4 and what all last asked, as a function of what it is told: a mended answer is the answer. */
function scripted({ messages }: FakeRequest): string {
  const told = messages.map(({ content }) => content).join("\n");
  const prices = /Last prices: (\[[^\]]*\])/.exec(told)?.[1];
  const seen = prices === undefined ? [1.6] : (JSON.parse(prices) as number[]);
  const mean = seen.reduce((sum, price) => sum + price, 0) / seen.length;
  return JSON.stringify({
    reasoning: "half way",
    notes: `saw ${mean.toFixed(3)}`,
    price: Number((0.7 + mean / 2).toFixed(4)),
  });
}

const faults: readonly FakeFault[] = [
  "429 with retry-after",
  "500",
  "502 page",
  "503",
  "reset",
  "fenced JSON",
  "prose around JSON",
  "truncated JSON",
  "wrong schema",
  "refusal",
];

/** A mended answer is whole, so that no fallback acts, which an undisturbed run has no need of. */
const spoilt = faultsAt(0.2, faults);
const faultOf = (request: FakeRequest) => {
  const fault = spoilt(request);
  const isMended = request.messages.length > 2;
  return isMended && ["truncated JSON", "wrong schema", "refusal"].includes(fault ?? "") ? null : fault;
};

function studyAt(endpoint: string): Project {
  const page = readFileSync(new URL("../../../docs/environments.md", import.meta.url), "utf8");
  const experiment = /```ts\n\/\/ firms\.experiment\.ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  return projectOf({
    "experiments/firms.experiment.ts": experiment
      .replace('env("LLM_URL", "http://localhost:8080/v1")', JSON.stringify(endpoint))
      .replace("requestsPerMinute: 600", "requestsPerMinute: 6000, timeoutMs: 2000")
      .replace("tokensPerMinute: 200_000,", "")
      .replace("rounds: 30", "rounds: 12")
      .replace("replicate(7,", "replicate(2,"),
  });
}

function* filesUnder(folder: string): Generator<string> {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

/** Metrics and prices; latencies are the clock's. */
function resultsOf(project: Project): string {
  const trials = project.lab("query", "select firms, replicate, price, fallbacks from trials order by all");
  const rows = project.lab(
    "query",
    "select firms, replicate, round, agent, price, reasoning from series_decisions order by all",
  );
  assert.is(trials.code, 0, trials.all);
  assert.is(rows.code, 0, rows.all);
  return trials.stdout + rows.stdout;
}

async function ended(child: ReturnType<Project["start"]>): Promise<number | null> {
  child.stdout?.resume();
  child.stderr?.resume();
  return new Promise((resolve) => child.on("close", resolve));
}

test("with limits, faults and a kill in mid-episode the results are those of an undisturbed run", async () => {
  const calm = await startFakeLlm({ answer: scripted, key });
  const rough = await startFakeLlm({ answer: scripted, key, fault: faultOf, latencyMs: 5 });
  const [undisturbed, disturbed] = [studyAt(calm.endpoint), studyAt(rough.endpoint)];
  try {
    assert.is(await ended(undisturbed.start(["run"], { LLM_KEY: key })), 0);
    const first = disturbed.start(["run", "-j", "2"], { LLM_KEY: key });
    const gone = ended(first);
    while (rough.arrivals.filter(({ status }) => status === 200).length < 40) {
      assert.is(first.exitCode, null, "the run has ended before its kill");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.kill(-first.pid!, "SIGKILL");
    await gone;
    const before = rough.arrivals.length;
    const recorded = answeredKeys(disturbed.root);
    assert.ok(recorded.size > 20, `${recorded.size} exchanges were recorded before the kill`);
    assert.is(await ended(disturbed.start(["run", "-j", "2"], { LLM_KEY: key })), 0);
    assert.ok(rough.arrivals.length > before);
    assert.is(resultsOf(disturbed), resultsOf(undisturbed));
    const later = rough.arrivals.slice(before);
    const again = later.filter(({ key: asked }) => recorded.has(asked));
    assert.is(again.length, 0, "a recorded exchange is requested again");
    // What came before the kill and comes again was on its way then: at most one call a firm and trial, and it is counted.
    const earlier = new Set(rough.arrivals.slice(0, before).map(({ key: asked }) => asked));
    const resent = new Set(later.map(({ key: asked }) => asked).filter((asked) => earlier.has(asked)));
    const { calls } = JSON.parse(disturbed.lab("status", "--json").stdout);
    assert.ok(resent.size <= calls[0].total.resent, `${resent.size} of ${calls[0].total.resent}`);
    assert.ok(calls[0].total.resent <= 10, `${calls[0].total.resent} in doubt`);
    for (const project of [undisturbed, disturbed])
      for (const file of filesUnder(project.path(".lab")))
        assert.not.ok(readFileSync(file).includes(key), `the key is in ${file}`);
  } finally {
    undisturbed.remove();
    disturbed.remove();
    await calm.close();
    await rough.close();
  }
});

test("a spent quota is a clean stop, and the same command goes on once it is there again", async () => {
  const poor = await startFakeLlm({ answer: scripted, key, quota: 30, port: 0 });
  const project = studyAt(poor.endpoint);
  try {
    assert.is(await ended(project.start(["run"], { LLM_KEY: key })), 4);
    const port = Number(new URL(poor.endpoint).port);
    await poor.close();
    const rich = await startFakeLlm({ answer: scripted, key, port });
    try {
      assert.is(await ended(project.start(["run"], { LLM_KEY: key })), 0);
      assert.ok(rich.arrivals.length > 0);
      const paid = new Set(
        poor.arrivals.filter(({ status }) => status === 200).map((arrival) => arrival.key),
      );
      assert.is(rich.arrivals.filter((arrival) => paid.has(arrival.key)).length, 0, "asked for once more");
      const { stdout } = project.lab("query", "select count(*) as n from trials where outcome = 'measured'");
      assert.match(stdout, /4/);
    } finally {
      await rich.close();
    }
  } finally {
    project.remove();
  }
});

const stubborn = (endpoint: string) => `
import { chat, defineExperiment, metric, playAsync, sweep } from "labwright";
import { llmAgent } from "labwright/agents/llm-agent";
import { sequential, ultimatum } from "labwright/environments/games";
import { z } from "zod";

const fallbacks = { random: "random legal", forfeit: "forfeit", given: { action: "fair" }, fail: "fail" } as const;

export default defineExperiment({
  name: "stubborn",
  parameters: { fallback: sweep(["random", "forfeit", "given", "fail"]) },
  metrics: { left: metric.integer(), moves: metric.integer() },
  effects: { ask: chat({ endpoint: "${endpoint}", model: "mute" }) },
  async trial({ parameters, random, effects }) {
    const played = await playAsync(
      sequential(ultimatum),
      {
        proposer: llmAgent({
          name: "proposer",
          system: "You share ten points.",
          ask: effects.ask,
          prompt: (seen: string[]) => String(seen),
          answer: z.object({ action: z.string() }),
          decide: ({ action }) => action,
          repairs: 1,
          fallback: fallbacks[parameters.fallback],
        }),
        responder: { name: "agreeable", act: async () => "accept" },
      },
      { random },
    );
    return { left: played.forfeits.length, moves: played.rounds };
  },
});
`;

test("whatever the fallback, the record and the report count it; who forfeits has left, and a trial that fails says why", async () => {
  const server = await startFakeLlm({ answer: () => "no", fault: () => "refusal" });
  const project = projectOf({ "experiments/stubborn.experiment.ts": stubborn(server.endpoint) });
  try {
    const code = await ended(project.start(["run"], {}));
    assert.is(code, 3);
    const { stdout } = project.lab(
      "query",
      'select fallback, outcome, "left", moves from trials order by 1',
      "--json",
    );
    assert.equal(
      JSON.parse(stdout).map((row: Readonly<Record<string, unknown>>) =>
        Object.values(row).map(String).join(" "),
      ),
      ["fail failed null null", "forfeit measured 1 0", "given measured 0 2", "random measured 0 2"],
    );
    const [calls] = JSON.parse(project.lab("status", "--json").stdout).calls;
    assert.equal(
      calls.arms.map((arm: { readonly fallbacks: number; readonly repairs: number }) => [
        arm.fallbacks,
        arm.repairs,
      ]),
      [1, 2, 3, 4].map(() => [1, 1]),
    );
    const report = project.lab("report", "--output-dir", "written");
    assert.match(project.read("written/report.html"), /4 repairs asked for, 4 fallbacks acted/, report.all);
    assert.match(project.lab("status").all, /proposer proposer has no answer in round 0: it refused/);
  } finally {
    project.remove();
    await server.close();
  }
});

test.run();
