// Parquet, SQL and exports of a run say what the ledger says, whether the run has ended or not, and let nobody write.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createBatchBuilder } from "../../record/record-batch.ts";
import { runLayoutOf } from "../files/layout.ts";
import { compact } from "../parquet/compact.ts";
import { compactInChild } from "../parquet/compact-run.ts";
import { withDuck } from "../parquet/duck.ts";
import type { ProjectStore } from "../project-store.ts";
import { openStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { mixedRun, plan } from "../testing/mixed-run.ts";
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
import { rowText } from "./row-text.ts";

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

const expectedCsv = [
  "experiment,trial,firms,discount,condition,replicate,outcome,reason,message,profit,converged,ending,censored_metric,censored_bound,artifacts,attempt,started_at,duration_ms,worker",
  `patience,${fixtureTrialId(plan, 0)},2,0,0,0,measured,,,1e+21,true,cycle,,,,1,1970-01-01T00:00:00.000Z,7,local-1/2`,
  `patience,${fixtureTrialId(plan, 1)},2,0.5,1,0,measured,,,0.1,false,fixed,,,"[{""name"":""plot.svg"",""hash"":""${"ab".repeat(32)}"",""bytes"":3}]",1,2027-01-15T08:00:00.123Z,7.25,local-1/2`,
  `patience,${fixtureTrialId(plan, 2)},2,0,0,1,censored,,,,,,profit,9,,1,1970-01-01T00:00:00.000Z,7,local-1/2`,
  `patience,${fixtureTrialId(plan, 4)},2,0,0,2,failed,thrown,"no ""root"", sorry",,,,,,,2,1970-01-01T00:00:00.000Z,7,local-1/2`,
  "",
].join("\n");

for (const ended of [true, false]) {
  const state = ended ? "an ended run" : "a run that goes on";

  test(`${state} exports a row a trial, with the outcome beside what is missing`, async () => {
    const of = await mixedRun(ended);
    // The first start is 1 800 000 000 123 ms after the base of zero, which a 32-bit offset rounds; it is the first row's own base here.
    const text = String(await exported(of, {})).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME");
    assert.is(text, expectedCsv.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"));
    const rows = JSON.parse(String(await exported(of, { format: "json", experiment: "patience" })));
    assert.is(rows.length, 4);
    assert.equal(
      [rows[0].profit, rows[0].converged, rows[2].profit, rows[2].outcome],
      [1e21, true, null, "censored"],
    );
  });

  test(`${state} exports and answers queries about its series`, async () => {
    const of = await mixedRun(ended);
    assert.is(
      String(await exported(of, { series: "rounds", experiment: "patience" })),
      "experiment,discount,condition,replicate,position,stage,period,price,move,extra\npatience,0,0,0,0,trial,1,1.4,down,\npatience,0.5,1,0,0,trial,1,1.5,up,\npatience,0.5,1,0,1,trial,2,1.6,,[1]\n",
    );
    const answer = await queryRun({
      ...of,
      sql: "SELECT discount, count(*) AS n, avg(price) AS price FROM series_rounds GROUP BY ALL ORDER BY 1",
    });
    assert.equal(
      answer.columns.map(({ name }) => name),
      ["discount", "n", "price"],
    );
    assert.equal(answer.rows, [
      [0, 1, 1.4],
      [0.5, 2, 1.55],
    ]);
    const joined = await queryRun({
      ...of,
      sql: "SELECT t.profit FROM trials t JOIN \"patience_rounds\" r USING (condition, replicate) WHERE r.move = 'up'",
    });
    assert.equal(joined.rows, [[0.1]]);
  });
}

test("a Parquet export holds the same rows, and part files are bounded", async () => {
  const of = await mixedRun(true);
  const bytes = await exported(of, { format: "parquet" });
  const path = join(temporaryProject(), "all.parquet");
  writeFileSync(path, bytes);
  const rows = await withDuck({ memoryMb: 256, threads: 1, spillFolder: null }, async (connection) => {
    const reader = await connection.runAndReadAll(
      `SELECT outcome, profit FROM '${path}' ORDER BY replicate, condition`,
    );
    return reader.getRowsJS();
  });
  assert.equal(rows, [
    ["measured", 1e21],
    ["measured", 0.1],
    ["censored", null],
    ["failed", null],
  ]);
  const folder = join(runLayoutOf(of.store.layout, of.run.id).folder, of.run.compacted.patience!.folder);
  assert.equal(readdirSync(folder).sort(), ["ids.parquet", "series", "trials.parquet"]);
  assert.equal(readdirSync(join(folder, "series", "rounds")), ["part-00001.parquet"]);
});

test("series longer than a part go into several files in order", async () => {
  const store = openStore(temporaryProject());
  const writer = await startFixtureRun(store, plan);
  const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(fixtureMetrics), worker: "w" });
  for (const unit of unitsTo(5)) {
    builder.series(
      builder.push(unit, 0, 1, 0, 1, [unit, 0, 0]),
      "rounds",
      unitsTo(50_000).map((period) => ({ period, price: unit + period / 7, move: "up" })),
    );
    writer.ledger.append(builder.seal());
  }
  const run = await writer.finish("complete");
  assert.equal(
    readdirSync(join(runLayoutOf(store.layout, run.id).folder, "patience", "series", "rounds")).sort(),
    [1, 2, 3].map((part) => `part-0000${part}.parquet`),
  );
  const answer = await queryRun({
    store,
    run,
    sql: "SELECT count(*), count(DISTINCT (condition, replicate, position)), sum(period), max(price) FROM series_rounds",
  });
  assert.equal(answer.rows, [[250_000, 250_000, (5 * 50_000 * 49_999) / 2, 4 + 49_999 / 7]]);
});

test("compacting again, here or in another process, gives the same tables, and what a killed compaction left is cleared", async () => {
  const { store, run } = await mixedRun(true);
  const { folder } = runLayoutOf(store.layout, run.id);
  const sql = "SELECT * FROM trials ORDER BY replicate, condition";
  const before = await queryRun({ store, run, sql });
  writeFileSync(join(folder, "patience.0.draft"), "half");
  assert.equal(Object.keys(await compactInChild(store.root, run.id)), ["patience"]);
  await compact({ store, run, folder });
  assert.equal(await queryRun({ store, run, sql }), before);
  assert.is(existsSync(join(folder, "patience.0.draft")), false);
});

test("a resumed run is read from its ledger again until it ends", async () => {
  const { store, run } = await mixedRun(true);
  const writer = await startFixtureRun(store, plan, { resume: run });
  writer.ledger.append(measuredBatch([3]));
  const counted = async (of: RunManifest) =>
    (await queryRun({ store, run: of, sql: "SELECT count(*) FROM trials" })).rows[0]![0];
  assert.is(await counted(writer.manifest), 5);
  assert.is(await counted(await writer.finish("complete")), 5);
});

test("a parameter, a metric and a fixed column of the same name all stay", async () => {
  const named = fixturePlan({ levels: [1, 2], replicates: 1 });
  const [experiment] = named.experiments;
  const clash: typeof named = {
    ...named,
    experiments: [
      {
        ...experiment!,
        space: {
          kind: "product",
          parameters: [
            { name: "firms", kind: "constant", value: 2 },
            { name: "outcome", kind: "sweep", levels: { kind: "list", levels: ["a", "b"] } },
          ],
        },
        metrics: { Outcome: experiment!.metrics.profit!, condition: experiment!.metrics.profit! },
      },
    ],
  };
  const store = openStore(temporaryProject());
  const writer = await startFixtureRun(store, clash);
  const builder = createBatchBuilder({ job: trialJob, metrics: ["Outcome", "condition"], worker: "w" });
  builder.push(1, 0, 1, 0, 1, [5, 6]);
  writer.ledger.append(builder.seal());
  const { columns, rows } = await queryRun({
    store,
    run: writer.manifest,
    sql: "SELECT * EXCLUDE (attempt, started_at, duration_ms, worker) FROM trials",
  });
  const row = Object.fromEntries(columns.map(({ name }, index) => [name, rows[0]![index]]));
  assert.is(row.parameter_outcome, "b");
  assert.is(row.outcome, "measured");
  assert.equal([row.metric_Outcome, row.metric_condition, row.condition], [5, 6, 1]);
});

test("a metric added later reads as null in older rows, and categories keep their meaning when their list changes", async () => {
  const root = temporaryProject();
  const first = await startFixtureRun(openStore(root), plan);
  first.ledger.append(measuredBatch([1]));
  await first.finish("complete", { compact: false });
  const [experiment] = plan.experiments;
  const many = Array.from({ length: 30 }, (_, index) => `c${index}`);
  const metrics = {
    ...experiment!.metrics,
    ending: { ...experiment!.metrics.ending!, categories: ["none", "fixed", "cycle"] },
    kind: { ...experiment!.metrics.ending!, categories: many },
  };
  const grown = { ...plan, experiments: [{ ...experiment!, metrics }] };
  const second = await startFixtureRun(openStore(root), grown);
  const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(metrics), worker: "w" });
  builder.push(2, 0, 1, 0, 1, [5, 1, 0, 29]);
  second.ledger.append(builder.seal());
  const run = await second.finish("complete");
  assert.equal(
    (
      await queryRun({
        store: openStore(root),
        run,
        sql: "SELECT profit, ending, kind FROM trials ORDER BY replicate",
      })
    ).rows,
    [
      [1, "fixed", null],
      [5, "none", "c29"],
    ],
  );
  const [table] = (await openStore(root).results(run)).tables;
  assert.equal([...table!.metrics.ending!.slice(1, 3)], [1, 0]);
});

test("experiments with different columns are united by name", async () => {
  const store = openStore(temporaryProject());
  const other = fixturePlan({ name: "boldness", levels: [7], replicates: 1 });
  const both = {
    ...plan,
    experiments: [...plan.experiments, ...other.experiments],
    jobs: [...plan.jobs, ...other.jobs],
  };
  const [, boldness] = both.experiments;
  const renamed = {
    ...both,
    experiments: [
      both.experiments[0]!,
      {
        ...boldness!,
        space: {
          kind: "product" as const,
          parameters: [
            { name: "firms", kind: "constant" as const, value: 2 },
            { name: "risk", kind: "sweep" as const, levels: { kind: "list" as const, levels: [7] } },
          ],
        },
      },
    ],
  };
  const writer = await startFixtureRun(store, renamed);
  writer.ledger.append(measuredBatch([1]));
  const builder = createBatchBuilder({ job: 3, metrics: Object.keys(fixtureMetrics), worker: "w" });
  builder.push(0, 0, 1, 0, 1, [9, 1, 0]);
  writer.ledger.append(builder.seal());
  const { rows } = await queryRun({
    store,
    run: writer.manifest,
    sql: "SELECT experiment, discount, risk, profit FROM trials ORDER BY 1",
  });
  assert.equal(rows, [
    ["boldness", null, 7, 9],
    ["patience", 0.5, null, 1],
  ]);
});

test("SQL can neither write nor read other files nor change settings", async () => {
  const { store, run } = await mixedRun(true);
  const target = join(runLayoutOf(store.layout, run.id).folder, "stolen.csv");
  const hostile = [
    `COPY (SELECT 1) TO '${target}'`,
    `CREATE TABLE x AS SELECT 1`,
    `ATTACH '${target}.db'`,
    `EXPLAIN ANALYZE COPY (SELECT 1) TO '${target}'`,
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SET enable_external_access = true",
    "INSTALL httpfs",
    "SELECT 1; SELECT 2",
    "SELECT * FROM query('COPY (SELECT 1) TO ''/tmp/x.csv''')",
  ];
  for (const sql of hostile) {
    let fault: unknown = null;
    await queryRun({ store, run, sql }).catch((error: unknown) => (fault = error));
    assert.instance(fault, Error, sql);
  }
  assert.is(existsSync(target) || existsSync(`${target}.db`), false);
});

test("a mistake in SQL or in a name is told with what there is", async () => {
  const { store, run } = await mixedRun(true);
  const fault = async (
    step: Promise<unknown>,
  ): Promise<{ readonly message: string; readonly hint: string | null }> =>
    step.then(
      () => assert.unreachable("it must fail"),
      (error) => error,
    ) as never;
  const sql = await fault(queryRun({ store, run, sql: "SELECT profti FROM trials" }));
  assert.match(sql.message, /profti/);
  assert.match(sql.hint ?? "", /Tables: patience, patience_rounds, trials, series_rounds/);
  assert.match(
    (await fault(exported({ store, run }, { experiment: "patienec" }))).hint ?? "",
    /Did you mean "patience"/,
  );
  assert.match(
    (await fault(exported({ store, run }, { series: "round" }))).hint ?? "",
    /Did you mean "rounds"/,
  );
});

test("CSV and JSON texts read back as the very numbers and texts", () => {
  const cell = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1, maxLength: 6 }), (values) => {
      const normal = values.map((value) => (typeof value === "number" ? value + 0 : value));
      const json = rowText(
        "json",
        normal.map((_, index) => `c${index}`),
      );
      assert.equal(Object.values(JSON.parse(json.head + json.row(normal, 0) + json.tail(1))[0]), normal);
      const back = parseCsv(rowText("csv", ["x"]).row(normal, 0));
      assert.equal(
        back,
        normal.map((value) => (value === null ? null : String(value))),
      );
    }),
  );
});

/** A reader of one CSV line after RFC 4180; null for an empty cell without quotes. */
function parseCsv(line: string): (string | null)[] {
  const cells: (string | null)[] = [];
  const pattern = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\n)/gy;
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    cells.push(match[1] !== undefined ? match[1].replaceAll('""', '"') : match[2] === "" ? null : match[2]!);
    if (match[3] === "\n") break;
  }
  return cells;
}

test("a compaction that fails is told in words and loses nothing", async () => {
  const { store, run } = await mixedRun(true);
  let words = "";
  await compactInChild(store.root, "r0009-no-run").catch((error: Error) => (words = error.message));
  assert.match(words, /r0009-no-run were not compacted to Parquet: there is no run/);
  assert.is((await queryRun({ store, run, sql: "SELECT count(*) FROM trials" })).rows[0]![0], 4);
});

test("the run's manifest on disk names the tables and their checksums", async () => {
  const { store, run } = await mixedRun(true);
  const { patience } = JSON.parse(readFileSync(runLayoutOf(store.layout, run.id).manifest, "utf8")).compacted;
  assert.is(patience.folder, "patience");
  assert.equal(Object.keys(patience.files), [
    "ids.parquet",
    "series/rounds/part-00001.parquet",
    "trials.parquet",
  ]);
});

test.run();
