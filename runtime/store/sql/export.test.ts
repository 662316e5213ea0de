// What an export writes of values: ids that commands take, texts as they went in, and cells that no spreadsheet runs where asked.
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createBatchBuilder } from "../../record/record-batch.ts";
import type { ProjectStore } from "../project-store.ts";
import { openStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { plan } from "../testing/mixed-run.ts";
import {
  fixtureMetrics,
  fixturePlan,
  fixtureTrialId,
  measuredBatch,
  startFixtureRun,
  temporaryProject,
  trialJob,
  unitsTo,
} from "../testing/plan-fixture.ts";
import type { ExportOptions } from "./export.ts";
import { exportRun } from "./export.ts";
import { queryRun } from "./query.ts";

async function exported(
  of: { readonly store: ProjectStore; readonly run: RunManifest },
  more: Partial<ExportOptions>,
): Promise<Buffer> {
  const output = new PassThrough();
  const read = buffer(output);
  await exportRun({ ...of, format: "csv", experiment: null, series: null, output, ...more });
  output.end();
  return read;
}

test("the column `trial` holds the ids that commands take, with seeds of the author's and moved ones too", async () => {
  const plans = [
    fixturePlan({ levels: [0.1, 1e-7, 3], replicates: 2 }),
    fixturePlan({ replicates: 3, seeds: [7, 2 ** 40, 9] }),
  ];
  const salted = fixturePlan({ levels: [1, 2], replicates: 2 });
  plans.push({
    ...salted,
    jobs: salted.jobs.map((job, index) => (index === trialJob ? { ...job, seedSalts: { 1: 3 } } : job)),
  });
  for (const each of plans) {
    const store = openStore(temporaryProject());
    const writer = await startFixtureRun(store, each);
    const units = unitsTo(each.jobs[trialJob]!.conditions * each.jobs[trialJob]!.replicates);
    writer.ledger.append(measuredBatch(units));
    const run = await writer.finish("complete");
    const { rows } = await queryRun({
      store,
      run,
      sql: "SELECT trial FROM trials ORDER BY replicate, condition",
    });
    assert.equal(
      rows.map(([id]) => id),
      units.map((unit) => fixtureTrialId(each, unit)),
    );
  }
});

test("an integer metric is a column of integers, until a value is too large to be one", async () => {
  const integers = fixturePlan({ levels: [0], replicates: 2 });
  const [experiment] = integers.experiments;
  const whole = {
    ...integers,
    experiments: [
      { ...experiment!, metrics: { count: { ...fixtureMetrics.profit!, type: "integer" as const } } },
    ],
  };
  for (const [value, type] of [
    [5, "BIGINT"],
    [2 ** 60, "DOUBLE"],
  ] as const) {
    const store = openStore(temporaryProject());
    const writer = await startFixtureRun(store, whole);
    const builder = createBatchBuilder({ job: trialJob, metrics: ["count"], worker: "w" });
    builder.push(0, 0, 1, 0, 1, [value]);
    builder.push(1, 0, 1, 0, 1, [Number.NaN]);
    writer.ledger.append(builder.seal());
    const run = await writer.finish("complete");
    const { columns, rows } = await queryRun({
      store,
      run,
      sql: "SELECT count FROM trials ORDER BY replicate",
    });
    assert.equal(columns, [{ name: "count", type }]);
    assert.equal(rows, [[value], [null]]);
  }
});

test("texts come out as they went in: a leading U+FEFF, a quote, an empty one", async () => {
  const store = openStore(temporaryProject());
  const writer = await startFixtureRun(store, plan);
  const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(fixtureMetrics), worker: "w" });
  const texts = ["\ufeffmarked", "\ufeff\ufefftwice", '"quoted"', "", "=1+1", "-2", "@x", "plain"];
  builder.series(
    builder.push(0, 0, 1, 0, 1, [1, 0, 0]),
    "rounds",
    texts.map((move, period) => ({ period, price: -1, move })),
  );
  writer.ledger.append(builder.seal());
  const run = await writer.finish("complete");
  const { rows } = await queryRun({ store, run, sql: "SELECT move FROM series_rounds ORDER BY position" });
  assert.equal(rows.flat(), texts);
  const json = JSON.parse(String(await exported({ store, run }, { format: "json", series: "rounds" })));
  assert.equal(
    json.map(({ move }: { readonly move: string }) => move),
    texts,
  );
  const moves = async (isSafe: boolean) =>
    String(await exported({ store, run }, { series: "rounds", isSafe }))
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split(",").at(-1));
  assert.equal((await moves(false)).slice(3), ['""', "=1+1", "-2", "@x", "plain"]);
  assert.equal((await moves(true)).slice(3), ['""', "'=1+1", "'-2", "'@x", "plain"]);
  assert.match(String(await exported({ store, run }, { series: "rounds", isSafe: true })), /,-1,/);
});

test.run();
