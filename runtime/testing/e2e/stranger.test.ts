// Promise: what a newcomer does wrong is answered in words, with what to do instead, and never with a stack trace.
import { spawnSync } from "node:child_process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";
import { relay, spin, walk } from "./sample-experiments.ts";

function refused(project: Project, args: readonly string[], words: RegExp): void {
  const ran = project.lab(...args);
  assert.is(ran.code, 2, ran.all);
  assert.match(ran.stderr, words, ran.all);
  assert.not.match(ran.stderr, /^\s+at .*:\d+:\d+/m, "no stack trace");
}

test("mistyped names are answered with the nearest valid one", () => {
  const project = projectOf({ "walk.experiment.ts": walk });
  try {
    refused(project, ["rnu"], /Did you mean `lab run`/);
    refused(project, ["run", "wlak"], /no experiment "wlak"[\s\S]*"walk"/);
    refused(project, ["run", "--filter", "bais=0"], /"bais"[\s\S]*"bias"/);
    refused(project, ["run", "--filter", "bias=7"], /7 is not a level of bias/);
    refused(project, ["run", "-S", "setps=1"], /setps[\s\S]*"steps"/);
    refused(project, ["run", "-j", "none"], /whole number/);
    refused(project, ["run", "--timeout", "soon"], /duration/);
    refused(project, ["run", "--jbos", "2"], /--jbos[\s\S]*--jobs/);
    refused(project, ["status"], /nothing has been run/);
    refused(project, ["show", "r99"], /nothing has been run/);
    refused(project, ["build", "nowhere.experiment.ts"], /nowhere/);
    refused(project, ["build", "../outside"], /outside/);
    refused(project, ["list", "-C", "/no/such/folder"], /no folder/);
  } finally {
    project.remove();
  }
});

test("a misspelt metric is a diagnostic at its line, as text and as JSON", () => {
  const project = projectOf({
    "walk.experiment.ts": walk.replace('compare("distance"', 'compare("distnace"'),
  });
  try {
    const text = project.lab("build");
    assert.is(text.code, 2, text.all);
    assert.match(text.stderr, /walk\.experiment\.ts:\d+:\d+ error/);
    assert.match(text.stderr, /distance/);
    const json = project.lab("build", "--json");
    assert.is(json.code, 2, json.all);
    const { ok, diagnostics } = JSON.parse(json.stdout) as {
      ok: boolean;
      diagnostics: { file: string; line: number }[];
    };
    assert.is(ok, false);
    assert.is(diagnostics[0]!.file, "walk.experiment.ts");
    assert.ok(diagnostics[0]!.line > 10);
  } finally {
    project.remove();
  }
});

test("another process may look while a run goes on, and a second run is refused in words", async () => {
  const project = projectOf({
    "relay.experiment.ts": relay.replace("replicate(6", "replicate(60"),
    "spin.ts": spin,
  });
  try {
    const child = project.start(["run", "-j", "1", "--json"]);
    const end = ended(child);
    await new Promise<void>((resolve) => {
      child.stdout?.on("data", (bytes) => {
        if (String(bytes).includes('"stage":"trial"')) resolve();
      });
      child.on("close", () => resolve());
    });
    const status = project.lab("status");
    assert.is(status.code, 0, status.all);
    assert.match(status.stdout, /running/);
    refused(project, ["run"], /running|another/i);
    process.kill(child.pid ?? 0, "SIGINT");
    const { code, all } = await end;
    assert.is(code, 130, all);
    assert.match(project.lab("list").stdout, /stopped/);
  } finally {
    project.remove();
  }
});

test("a reader that closes the pipe early ends nothing badly", () => {
  const project = projectOf({ "walk.experiment.ts": walk });
  try {
    assert.is(project.lab("run", "--quiet").code, 0);
    const command = `node node_modules/labwright/dist/runtime/cli/lab.js export csv walk --series path | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", command], { cwd: project.root, encoding: "utf8" });
    assert.match(stdout, /\n0\n$/, stdout + stderr);
    assert.is(stderr, "");
  } finally {
    project.remove();
  }
});

const needing = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import walk from "./walk.experiment.ts";

export default defineExperiment({
  name: "summary",
  needs: { walk },
  parameters: { least: sweep([0, 4]) },
  replicates: replicate(1, { seed: 1 }),
  metrics: { share: metric.number() },
  trial({ parameters, inputs }) {
    const far = inputs.walk.filter((row) => (row.metrics.distance ?? 0) > parameters.least);
    return { share: far.length / inputs.walk.length };
  },
});
`;

test("an experiment that needs another's results runs after it, and both are in the graph", () => {
  const project = projectOf({ "walk.experiment.ts": walk, "summary.experiment.ts": needing });
  try {
    const graph = project.lab("plan", "--graph", "summary");
    assert.match(graph.stdout, /summary[\s\S]*<- walk/, graph.all);
    const run = project.lab("run", "summary");
    assert.is(run.code, 0, run.all);
    const rows = JSON.parse(project.lab("export", "json", "summary").stdout) as { share: number }[];
    const walks = JSON.parse(project.lab("export", "json", "walk").stdout) as { distance: number }[];
    assert.is(walks.length, 20);
    assert.equal(
      rows.map(({ share }) => share),
      [0, 4].map((least) => walks.filter(({ distance }) => distance > least).length / 20),
    );
  } finally {
    project.remove();
  }
});

test.run();
