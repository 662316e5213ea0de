// Promise: a time that nobody knows of a trial that another tool ran is shown nowhere: not the moment of its import, of a run, one trial of several
// or all; what is known is told to the millisecond.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { importResults } from "../../import/import-results.ts";
import { ranAt } from "../../record/known-times.ts";
import { openStore } from "../../store/project-store.ts";
import { recordedExperiments } from "../../store/runs/recorded-trials.ts";
import { queryRun } from "../../store/sql/query.ts";
import { temporaryProject } from "../../store/testing/plan-fixture.ts";
import { experimentPayload, trialPayload } from "../../tracking/mlflow/payload.ts";
import { type TrackedTrial, trackedTrials } from "../../tracking/tracked-trial.ts";
import { runFormats } from "./export-formats.ts";
import { exportRuns } from "./export-runs.ts";

const root = temporaryProject();
test.after(() => rmSync(root, { recursive: true, force: true }));

async function imported(name: string, rows: readonly (readonly [string, number | ""])[]) {
  const lines = rows.map(([created, took], index) => `${created},${took},${index},${index / 8}`);
  writeFileSync(join(root, name), `Created,Runtime,lr,loss\n${lines.join("\n")}\n`);
  const store = openStore(root);
  const { run, unknown } = await importResults({
    ...{ store, kind: "wandb-csv", path: join(root, name), shown: name, command: `lab import ${name}` },
    choices: { file: null, metrics: ["loss"], parameters: ["lr"], study: null },
    ...{ seed: null, name: null },
  });
  const [experiment] = await recordedExperiments(store, run, new Map());
  assert.ok(experiment);
  const trials: TrackedTrial[] = [];
  for await (const trial of trackedTrials(experiment, { most: null, points: 100 })) trials.push(trial);
  const { planned } = experiment;
  const parent = experimentPayload({
    ...{ run, experiment: experiment.experiment, conditionsMax: null },
    counts: { planned: planned.count, shown: planned.count },
    conclusions: { experiment: name, question: null, means: [], sentences: [] },
  });
  const asked = "select started_at, duration_ms from trials order by lr";
  const { rows: table } = await queryRun({ store, run, sql: asked });
  return { store, run, unknown, experiment, trials, parent, table };
}

/** The seconds of the import, as a double, a number in text or a varint, anywhere in these bytes or in this name. */
function holdsMoment(name: string, bytes: Buffer, at: string): boolean {
  const second = Math.floor(Date.parse(at) / 1000);
  for (let offset = 0; offset + 8 <= bytes.length; offset += 1)
    if (Math.abs(bytes.readDoubleLE(offset) - second) < 3600) return true;
  const near = [-2, -1, 0, 1, 2].map((more) => second + more);
  const day = at.slice(0, 10).replaceAll("-", "");
  const named = [day, ...near.map(String)].some((text) => name.includes(text));
  return named || near.some((each) => bytes.includes(String(each)) || bytes.includes(varint(each)));
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; left > 0; left = Math.floor(left / 128))
    bytes.push((left % 128) + (left >= 128 ? 128 : 0));
  return Buffer.from(bytes);
}

test("times that nobody knows: none in tables, the server, or in files of TensorBoard and W&B", async () => {
  const { store, run, experiment, trials, parent, table } = await imported("none.csv", [
    ["", ""],
    ["", ""],
  ]);
  assert.equal(ranAt(run.provenance), { startedAt: null, finishedAt: null });
  assert.equal(table, [
    [null, null],
    [null, null],
  ]);
  assert.equal([parent.startedAt, parent.endedAt], [null, null]);
  for (const trial of trials) {
    const { startedAt, endedAt, metrics } = trialPayload(trial);
    assert.equal([startedAt, endedAt, metrics[0]?.timestamp], [null, null, 0]);
  }
  for (const format of runFormats) {
    const folder = join(root, format);
    mkdirSync(folder);
    assert.is(await exportRuns({ store, run, experiments: [experiment], format, folder, trials: null }), 2);
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const file of files) {
      const path = join(folder, file);
      const bytes = statSync(path).isFile() ? readFileSync(path) : Buffer.alloc(0);
      assert.not.ok(holdsMoment(file, bytes, run.provenance.startedAt), path);
    }
    assert.ok(files.length > 2);
  }
});

test("times of some trials, years apart: each its own to the millisecond, the run's none", async () => {
  const starts = ["2023-01-05T10:00:00.001Z", "", "2026-07-08T09:10:11.123Z", "2023-01-05T10:00:00.002Z"];
  const rows = starts.map((start, index) => [start, index === 2 ? "" : 12] as const);
  const { run, unknown, trials, parent } = await imported("some.csv", rows);
  assert.match(unknown.join("; "), /when 1 of the trials ran; how long 1 of the trials took/);
  assert.equal(
    trials.map(({ startedAt, endedAt }) => [startedAt, endedAt]),
    starts.map((start, index) => {
      const at = start === "" ? null : Date.parse(start);
      return [at, at === null || index === 2 ? null : at + 12_000];
    }),
  );
  assert.equal([ranAt(run.provenance).startedAt, parent.startedAt], [null, null]);
});

test("times of all trials: the run is from the first start to the last end", async () => {
  const { run, parent } = await imported("all.csv", [
    ["2023-01-05T10:00:00.000Z", 60],
    ["2023-01-04T10:00:00.000Z", 3],
  ]);
  const ran = { startedAt: "2023-01-04T10:00:00.000Z", finishedAt: "2023-01-05T10:01:00.000Z" };
  assert.equal(ranAt(run.provenance), ran);
  assert.equal([parent.startedAt, parent.endedAt], [Date.parse(ran.startedAt), Date.parse(ran.finishedAt)]);
});

test.run();
