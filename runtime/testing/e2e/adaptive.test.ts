// Promise: replicates added until a rule is met stop at the same k, with the same results, whatever the number of workers and however
// often the run is killed; trials beyond k count nowhere.
import { createHash } from "node:crypto";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";
import { spin } from "./sample-experiments.ts";

const source = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { spin } from "./spin.ts";

export const game = defineExperiment({
  name: "game",
  parameters: { mean: sweep([0.35, 0.6]) },
  replicates: replicate.until({ halfWidth: 0.08, max: 400, seed: 2 }),
  metrics: { score: metric.number({ range: [0, 1] }) },
  stages: ({ stage }) => {
    const shift = stage({ per: "replicate", uses: [], run: ({ random }) => 0.1 * random.float() });
    return { shift };
  },
  trial({ parameters, random, inputs, replicate, refuse }) {
    if (replicate.index % 17 === 16) return refuse("no answer here");
    // Later replicates of one condition take longer, so that replicates end out of order.
    spin(parameters.mean > 0.5 ? 4 : 1, random.float());
    return { score: Math.min(1, Math.max(0, parameters.mean + inputs.shift + 0.2 * random.normal())) };
  },
});

export const summary = defineExperiment({
  name: "summary",
  parameters: { above: sweep([0.3, 0.5]) },
  needs: { game },
  metrics: { rows: metric.integer(), last: metric.integer() },
  primary: "rows",
  trial({ parameters, inputs }) {
    const rows = inputs.game.filter((row) => row.metrics.score > parameters.above);
    return { rows: rows.length, last: Math.max(...inputs.game.map((row) => row.replicate)) };
  },
});
`;

interface Found {
  readonly replicates: number;
  /** The rows of the experiment that needs it. */
  readonly last: readonly string[];
  readonly rows: number;
  /** Of the stopping outcome and of every row. */
  readonly hash: string;
}

function found(project: Project): Found {
  const shown = project.lab("show", "latest", "--json");
  assert.is(shown.code, 0, shown.all);
  const sql = "select experiment, condition, replicate, outcome, score, rows, last from trials order by all";
  const trials = project.lab("query", "--format", "csv", sql);
  assert.is(trials.code, 0, trials.all);
  const report = project.lab("report", "--format", "json", "--output-dir", "out");
  assert.is(report.code, 0, report.all);
  const { experiments } = JSON.parse(project.read("out/report.json"));
  const { stopping, attrition } = experiments[0];
  assert.is(stopping.reason, "met");
  assert.is(attrition.total.planned, 2 * stopping.replicates);
  assert.is(attrition.total.notRun, 0);
  const lines = trials.stdout.trim().split(/\r?\n/);
  const hash = createHash("sha256")
    .update(`${JSON.stringify(stopping)}\n${lines.join("\n")}`)
    .digest("hex");
  return { replicates: stopping.replicates, last: lines.slice(-2), rows: lines.length, hash };
}

const files = { "game.experiment.ts": source, "spin.ts": spin };

function resultsWith(workers: number): Found {
  const project = projectOf(files);
  try {
    const plan = project.lab("plan");
    assert.match(plan.stdout, /game +trial +20\.\.800/);
    const run = project.lab("run", "-j", String(workers), "--quiet");
    assert.is(run.code, 3, run.all);
    const again = project.lab("plan");
    assert.match(again.stdout, /stopped at \d+ replicates/);
    assert.match(again.stdout, /nothing to run/);
    // What draws on the experiment is verified with the rows that counted, whichever of its trials are in the sample.
    const verified = project.lab("verify", "--sample", "6");
    assert.is(verified.code, 0, verified.all);
    return found(project);
  } finally {
    project.remove();
  }
}

const one = resultsWith(1);

test("one, two and four workers stop at the same replicate with the same results", () => {
  assert.ok(one.replicates > 30 && one.replicates < 400, `stopped at ${one.replicates}`);
  assert.match(one.last[1] ?? "", new RegExp(`^summary,1,0,measured,,\\d+,${one.replicates - 1}$`));
  assert.is(one.rows, 1 + 2 * one.replicates + 2);
  assert.equal(resultsWith(2), one);
  assert.equal(resultsWith(4), one);
});

test("killed twice and resumed, the run stops where it would have stopped", async () => {
  const project = projectOf(files);
  try {
    for (const least of [15, 60]) {
      const child = project.start(["run", "-j", "2", "--json"]);
      await new Promise<void>((resolve) => {
        let text = "";
        child.stdout?.on("data", (bytes) => {
          text += bytes;
          const done = [...text.matchAll(/"type":"progress"[^\n]*"stage":"trial"[^\n]*?"done":(\d+)/g)].at(
            -1,
          );
          if (done !== undefined && Number(done[1]) >= least) resolve();
        });
        child.on("close", () => resolve());
      });
      const end = ended(child);
      process.kill(-(child.pid ?? 0), "SIGKILL");
      await end;
    }
    const status = project.lab("status");
    assert.match(status.stdout, /killed/);
    const resumed = project.lab("run", "--quiet");
    assert.is(resumed.code, 3, resumed.all);
    assert.equal(found(project), one);
  } finally {
    project.remove();
  }
});

test("with --limit or chosen replicates the rule is out of force, and later in force again", () => {
  const project = projectOf(files);
  try {
    const limited = project.lab("run", "game", "--limit", "7", "--quiet");
    assert.is(limited.code, 0, limited.all);
    const trials = project.lab("query", "--format", "csv", "select count(*) as n from trials");
    assert.is(trials.stdout.split(/\r?\n/)[1], "7");
    const run = project.lab("run", "--quiet");
    assert.is(run.code, 3, run.all);
    assert.equal(found(project), one);
  } finally {
    project.remove();
  }
});

test.run();
