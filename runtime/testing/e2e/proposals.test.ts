// Promise: a space that grows while it runs grows by the same conditions, and gives the same results, whatever the number of workers and
// whenever the run is killed; and whatever reads results reads those of proposed conditions.
import { spawnSync } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf, resultOf } from "./project.ts";
import { spin } from "./sample-experiments.ts";
import { tune } from "./tuning.ts";

const files = { "tune.experiment.ts": tune, "spin.ts": spin };
const program = fileURLToPath(new URL("tuning.ts", import.meta.url));
const checkout = fileURLToPath(new URL("../../..", import.meta.url));

/** 22 proposals in two worlds, three replicates. */
const trials = 22 * 2 * 3;

interface Told {
  readonly signal: NodeJS.Signals | null;
  readonly done: number;
  readonly reused: number;
}

/** Runs the search in a process of its own. */
function tuned(project: Project, threads: number, moment = ""): Told {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", program, project.root, String(threads), moment],
    { cwd: checkout, encoding: "utf8" },
  );
  if (signal !== null) return { signal, done: 0, reused: 0 };
  assert.is(status, 0, stderr);
  return { signal, ...JSON.parse(stdout) };
}

function proposalsPath(project: Project): string {
  const runs = readdirSync(project.path(".lab/runs"));
  assert.is(runs.length, 1, "one run, gone on with");
  return project.path(".lab/runs", runs[0]!, "proposals.jsonl");
}

/** What was proposed, and every row's result. */
function found(project: Project): { readonly proposals: string; readonly rows: string } {
  const exported = project.lab("export", "json", "tune");
  assert.is(exported.code, 0, exported.all);
  const rows = (JSON.parse(exported.stdout) as object[]).map((row) => JSON.stringify(resultOf(row)));
  assert.is(rows.length, trials);
  return { proposals: readFileSync(proposalsPath(project), "utf8"), rows: rows.join("\n") };
}

let expected: ReturnType<typeof found>;

test("the number of workers changes neither what is proposed nor what comes of it", () => {
  for (const threads of [1, 2, 4]) {
    const project = projectOf(files);
    try {
      const { done } = tuned(project, threads);
      assert.is(done, trials + 6, "and six units of the stage");
      const now = found(project);
      expected ??= now;
      assert.equal(now, expected);
    } finally {
      project.remove();
    }
  }
  const lines = expected.proposals
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(
    lines.map(({ slot }) => slot),
    Array.from({ length: 22 }, (_, slot) => slot),
  );
  assert.equal([lines[0].round, lines.at(-1).round, lines[0].by], [0, 5, "local search"]);
});

/** Each is in the middle of something that a kill could spoil. */
const moments = ["propose:3", "added:2", "lease:9", "records:5", "kept:12", "added:4"];

for (const [index, moment] of moments.entries())
  test(`killed at ${moment}, the run goes on to the same proposals and results`, () => {
    const threads = [1, 2, 4][index % 3]!;
    const project = projectOf(files);
    try {
      assert.is(tuned(project, threads, moment).signal, "SIGKILL");
      // The kill may have come in the middle of a line.
      if (moment.startsWith("propose")) appendFileSync(proposalsPath(project), '{"experiment":"tune","rou');
      tuned(project, [4, 1, 2][index % 3]!);
      assert.equal(found(project), expected);
    } finally {
      project.remove();
    }
  });

test("status, report, query and verify read proposed conditions; slots that were never filled are nowhere", () => {
  const project = projectOf(files);
  try {
    tuned(project, 2, "propose:4");
    const status = project.lab("status", "--json");
    assert.is(status.code, 0, status.all);
    const part = JSON.parse(project.lab("export", "json", "tune").stdout) as { alpha: number }[];
    assert.is(part.length, 3 * 4 * 6);
    assert.ok(part.every(({ alpha }) => alpha > 0));
    const told = tuned(project, 2);
    assert.is(told.done + told.reused, trials + 6);
    assert.is(tuned(project, 2).done, 0, "nothing is left to run or to propose");
    for (const args of [
      ["status"],
      ["report", "--format", "json", "--output-dir", "out"],
      ["verify", "--sample", "9"],
    ]) {
      const { code, all } = project.lab(...args);
      assert.is(code, 0, all);
    }
    const { experiments } = JSON.parse(project.read("out/report.json"));
    assert.is(experiments[0].attrition.total.planned, trials);
    const counted = project.lab("query", "--format", "csv", "select count(distinct alpha) as n from trials");
    assert.match(counted.stdout, /\b22\b/);
    const [{ trial }] = JSON.parse(project.lab("export", "json", "tune").stdout);
    assert.match(project.lab("show", trial).stdout, /alpha/);
  } finally {
    project.remove();
  }
});

test("without a proposer a run of such a space is one clear error", () => {
  const project = projectOf(files);
  try {
    const run = project.lab("run");
    assert.is(run.code, 2, run.all);
    assert.match(
      run.stderr,
      /the conditions of "tune" are proposed while it runs \(space\.proposed\), and nothing proposes them/,
    );
    assert.match(run.stderr, /labwright\/run/);
    const plan = project.lab("plan");
    assert.is(plan.code, 0, plan.all);
    const build = project.lab("build");
    assert.is(build.code, 0, build.all);
    assert.match(plan.stdout, /tune: conditions are proposed while it runs, by a program/);
    assert.match(build.stdout, /up to 44 conditions x 3 replicates = up to 132 trials/);
  } finally {
    project.remove();
  }
});

test.run();
