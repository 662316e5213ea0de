// Promise: what was made of another experiment's rows is made again when these rows change, by itself and in the right order.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";

const experiments = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export const trained = defineExperiment({
  name: "trained",
  parameters: { level: sweep([1, 2, 3, 4]) },
  replicates: replicate(2, { seed: 1 }),
  metrics: { score: metric.number() },
  trial({ parameters }) {
    const laps = parameters.level === 3 ? 6e8 : 1;
    let score = 0;
    for (let lap = 0; lap < laps; lap += 1) score += Math.sqrt(lap);
    return { score };
  },
});

export const summary = defineExperiment({
  name: "summary",
  parameters: { above: sweep([0, 1, 2]) },
  metrics: { rows: metric.integer() },
  stages: ({ stage }) => ({ count: stage({ per: "build", needs: { trained }, run: ({ inputs }) => inputs.trained.length }) }),
  trial: ({ parameters, inputs }) => ({ rows: inputs.count + parameters.above }),
});

export const digest = defineExperiment({
  name: "digest",
  parameters: {},
  needs: { summary },
  metrics: { rows: metric.number() },
  trial: ({ inputs }) => ({ rows: Math.min(...inputs.summary.map((row) => row.metrics.rows)) }),
});
`;

interface Event {
  readonly type: string;
  readonly done: number;
  readonly failed: number;
}

function run(project: Project, ...args: string[]): Event {
  const ended = project.lab("run", "--json", "-j", "1", ...args);
  const last = ended.stdout.trim().split("\n").at(-1) ?? "{}";
  const event = JSON.parse(last) as Event;
  assert.is(event.type, "run-finished", ended.all);
  return event;
}

function rowsOf(project: Project, experiment: string, run = "latest"): readonly number[] {
  const exported = project.lab("export", "json", experiment, "--run", run);
  assert.is(exported.code, 0, exported.all);
  return (JSON.parse(exported.stdout) as { rows: number }[]).map(({ rows }) => rows);
}

test("rows of a needed experiment that change make what draws on them run again, and only then", () => {
  const project = projectOf({ "chain.experiment.ts": experiments });
  try {
    const first = run(project, "--timeout", "300ms");
    assert.equal([first.done, first.failed], [13, 2]);
    assert.match(project.lab("plan").stdout, /nothing to run/);
    const vain = run(project, "--retry-errors", "--timeout", "300ms");
    assert.equal([vain.done, vain.failed], [2, 2], "they failed again, so nothing changed");
    assert.equal(rowsOf(project, "digest"), [6]);

    assert.is(run(project, "trained", "--retry-errors").done, 2);
    const plan = project.lab("plan").stdout;
    assert.match(plan, /3 trials of summary again: rows of trained changed since/, plan);
    assert.is(run(project).done, 5, "the stage, the trials and what draws on these");
    assert.equal(rowsOf(project, "digest"), [8]);
    assert.equal(rowsOf(project, "summary"), [8, 9, 10]);
    assert.equal(rowsOf(project, "summary", "r0001"), [6, 7, 8], "an earlier run keeps what it had");
    assert.match(project.lab("plan").stdout, /nothing to run/);
  } finally {
    project.remove();
  }
});

test("one run retries the failures and makes again what was made without them", () => {
  const project = projectOf({ "chain.experiment.ts": experiments });
  try {
    assert.is(run(project, "--timeout", "300ms").failed, 2);
    const retried = run(project, "--retry-errors");
    assert.equal([retried.done, retried.failed], [7, 0]);
    assert.equal(rowsOf(project, "digest"), [8]);
    assert.match(project.lab("plan").stdout, /nothing to run/);
  } finally {
    project.remove();
  }
});

test.run();
