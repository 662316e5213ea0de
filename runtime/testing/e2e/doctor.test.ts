// Promise: what a run needs and lacks is said before its first trial, each with the remedy, and by the run itself; nothing is asked of a model for it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { startFakeLlm } from "../fake-llm.ts";
import { ended, projectOf } from "./project.ts";

const key = "plain-words-that-are-a-key";
const experiment = (
  model: string,
): string => `import { chat, defineExperiment, env, metric } from "labwright";

export default defineExperiment({
  name: "guess",
  parameters: { model: "${model}" },
  metrics: { length: metric.integer() },
  effects: { ask: chat({ endpoint: env("LLM_URL"), keyFrom: "LLM_KEY", model: (p) => p.model }) },
  async trial({ effects }) {
    return { length: (await effects.ask("question", { messages: [{ role: "user", content: "?" }] })).text.length };
  },
});
`;

interface Checked {
  readonly check: string;
  readonly status: string;
  readonly found: string;
  readonly remedy: string | null;
}

test("address, key, service and model are looked at one after the other, each with its remedy", async () => {
  const server = await startFakeLlm({ answer: () => "yes", key, models: ["small-model", "large-model"] });
  const project = projectOf({ "guess.experiment.ts": experiment("smal-model") });
  const doctor = async (
    at: Record<string, string>,
  ): Promise<{ code: number | null; failed: readonly Checked[] }> => {
    const { code, stdout, all } = await ended(project.start(["doctor", "guess", "--json"], at));
    assert.ok(stdout.startsWith("["), all);
    const checks: readonly Checked[] = JSON.parse(stdout);
    assert.ok(
      ["Node", "disk", "memory", "clock", ".lab", "lab.config.ts"].every((name) =>
        checks.some(({ check }) => check === name),
      ),
    );
    return { code, failed: checks.filter(({ status }) => status === "failed") };
  };
  try {
    const nowhere = await doctor({});
    assert.is(nowhere.code, 2);
    assert.equal(
      nowhere.failed.map(({ check, remedy }) => [check, remedy]),
      [["guess/ask: address", "Set LLM_URL in the environment or in .env."]],
    );
    const at = { LLM_URL: server.endpoint };
    assert.match((await doctor(at)).failed[0]!.remedy ?? "", /Set LLM_KEY/);
    assert.match((await doctor({ ...at, LLM_KEY: "another-key" })).failed[0]!.found, /refuses it \(401\)/);
    const misspelt = await doctor({ ...at, LLM_KEY: key });
    assert.match(misspelt.failed[0]!.found, /has no smal-model/);
    assert.match(misspelt.failed[0]!.remedy ?? "", /small-model/);
    const run = await ended(project.start(["run"], { ...at, LLM_KEY: key }));
    assert.is(run.code, 2, run.all);
    assert.match(run.stderr, /nothing was run: guess\/ask: models: .* has no smal-model/);
    project.write("guess.experiment.ts", experiment("small-model"));
    const sound = await doctor({ ...at, LLM_KEY: key });
    assert.equal([sound.code, sound.failed], [0, []]);
    assert.is(server.arrivals.length, 0);
    assert.is((await ended(project.start(["run"], { ...at, LLM_KEY: key }))).code, 0);
    await server.close();
    project.write("guess.experiment.ts", experiment("large-model"));
    const gone = await ended(project.start(["doctor"], { ...at, LLM_KEY: key }));
    assert.is(gone.code, 2, gone.all);
    assert.match(
      gone.stdout,
      /failed {2}guess\/ask: endpoint: .* does not answer: ECONNREFUSED\n {8}Start the service/,
    );
  } finally {
    project.remove();
    await server.close().catch(() => {});
  }
});

test("a configuration that does not load and a project with mistakes are findings too", () => {
  const project = projectOf({
    "lab.config.ts": "export default 3;\n",
    "guess.experiment.ts": experiment("a"),
  });
  try {
    const { code, stdout, all } = project.lab("doctor");
    assert.is(code, 2, all);
    assert.match(stdout, /failed {2}lab\.config\.ts: The default export/);
    project.write("lab.config.ts", "export default {};\n");
    project.write("guess.experiment.ts", experiment("a").replace("length:", "lenght:"));
    assert.match(
      project.lab("doctor").stdout,
      /failed {2}experiments: \d+ mistakes?\n {8}lab build says which/,
    );
  } finally {
    project.remove();
  }
});

test.run();
