// What `lab export arrow` and `lab export sqlite` write: read back by Arrow's own reader and by Python's sqlite3.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { buffer } from "node:stream/consumers";
import * as arrow from "apache-arrow";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createBatchBuilder } from "../../record/record-batch.ts";
import type { ProjectStore } from "../project-store.ts";
import { openStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { mixedRun } from "../testing/mixed-run.ts";
import {
  fixtureMetrics,
  fixturePlan,
  startFixtureRun,
  temporaryProject,
  trialJob,
} from "../testing/plan-fixture.ts";
import type { ExportOptions } from "./export.ts";
import { exportRun } from "./export.ts";

async function exported(
  of: { readonly store: ProjectStore; readonly run: RunManifest },
  more: Partial<ExportOptions> & Pick<ExportOptions, "format">,
): Promise<Buffer> {
  const output = new PassThrough();
  const read = buffer(output);
  await exportRun({ ...of, experiment: null, series: null, output, ...more });
  output.end();
  return read;
}

/** Rows of a query, as Python sees them. */
function sqlite(file: Buffer, ...queries: readonly string[]): readonly (readonly unknown[])[][] {
  const folder = mkdtempSync(join(tmpdir(), "lab-sqlite-"));
  try {
    const path = join(folder, "run.sqlite");
    writeFileSync(path, file);
    const script =
      "import json, sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nprint(json.dumps([c.execute(q).fetchall() for q in sys.argv[2:]]))";
    return JSON.parse(execFileSync("python3", ["-c", script, path, ...queries], { encoding: "utf8" }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("an Arrow file has the trials with their types; texts that repeat are dictionaries, what is missing is null", async () => {
  const mixed = await mixedRun(true);
  const file = await exported(mixed, { format: "arrow" });
  assert.is(file.subarray(0, 6).toString(), "ARROW1");
  assert.is(file.subarray(-6).toString(), "ARROW1");
  const table = arrow.tableFromIPC(file);
  assert.is(table.numRows, 4);
  const types = Object.fromEntries(table.schema.fields.map(({ name, type }) => [name, String(type)]));
  assert.is(types.profit, "Float64");
  assert.is(types.converged, "Bool");
  assert.is(types.replicate, "Uint32");
  assert.is(types.started_at, "Timestamp<MICROSECOND, UTC>");
  assert.is(types.trial, "Utf8");
  for (const name of ["experiment", "outcome", "ending", "worker"])
    assert.is(types[name], "Dictionary<Int32, Utf8>");
  const column = (name: string): readonly unknown[] => [...table.getChild(name)!];
  assert.equal(column("outcome"), ["measured", "measured", "censored", "failed"]);
  assert.equal(column("profit"), [1e21, 0.1, null, null]);
  assert.equal(column("ending"), ["cycle", "fixed", null, null]);
  const rows: readonly { readonly started_at: string; readonly trial: string }[] = JSON.parse(
    String(await exported(mixed, { format: "json" })),
  );
  assert.equal(
    column("started_at").map((time) => new Date(Number(time)).toISOString()),
    rows.map(({ started_at }) => new Date(started_at).toISOString()),
  );
  assert.equal(
    column("trial"),
    rows.map(({ trial }) => trial),
  );
});

test("an Arrow file of a series has its rows, of a run that goes on too", async () => {
  for (const ended of [true, false]) {
    const table = arrow.tableFromIPC(
      await exported(await mixedRun(ended), { format: "arrow", series: "rounds" }),
    );
    assert.equal([...table.getChild("price")!], [1.4, 1.5, 1.6]);
    assert.equal([...table.getChild("move")!], ["down", "up", null]);
  }
});

test("an Arrow file of many batches has one dictionary and every row in its place", async () => {
  const rows = 150_000;
  const store = openStore(temporaryProject());
  const writer = await startFixtureRun(store, fixturePlan({ levels: [0.5], replicates: rows }));
  for (let start = 0; start < rows; start += 5_000) {
    const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(fixtureMetrics), worker: "w" });
    for (let unit = start; unit < start + 5_000; unit += 1)
      builder.push(unit, 0, 1, 0, 1, [unit, unit % 2, unit % 2]);
    writer.ledger.append(builder.seal());
  }
  const table = arrow.tableFromIPC(
    await exported({ store, run: await writer.finish("complete") }, { format: "arrow" }),
  );
  assert.ok(table.batches.length > 1);
  assert.is(table.numRows, rows);
  const [profit, ending] = [table.getChild("profit")!, table.getChild("ending")!];
  for (let row = 0; row < rows; row += 997) {
    assert.is(profit.get(row), row);
    assert.is(ending.get(row), row % 2 === 0 ? "cycle" : "fixed");
  }
});

test("a SQLite file has trials, series, artifacts, and views of metrics, conditions and each experiment", async () => {
  const file = await exported(await mixedRun(true), { format: "sqlite" });
  const [trials, own, series, artifacts, metrics, conditions, specs, run, check] = sqlite(
    file,
    "select condition, replicate, outcome, profit, converged, ending from trials order by replicate, condition",
    "select count(*), count(distinct trial) from patience",
    "select condition, position, price, move, extra from series_rounds order by condition, position",
    "select name, hash, bytes, length(trial) from artifacts",
    "select condition, metric, value from metrics where condition = 1 and replicate = 0 order by metric",
    "select condition, discount, trials, measured from conditions order by 1",
    'select metric, "column", type from metric_specs order by metric',
    "select status, count(*) from run",
    "pragma integrity_check",
  );
  assert.equal(trials, [
    [0, 0, "measured", 1e21, 1, "cycle"],
    [1, 0, "measured", 0.1, 0, "fixed"],
    [0, 1, "censored", null, null, null],
    [0, 2, "failed", null, null, null],
  ]);
  assert.equal(own, [[4, 4]]);
  assert.equal(series, [
    [0, 0, 1.4, "down", null],
    [1, 0, 1.5, "up", null],
    [1, 1, 1.6, null, "[1]"],
  ]);
  assert.equal(artifacts, [["plot.svg", "ab".repeat(32), 3, 16]]);
  assert.equal(metrics, [
    [1, "converged", 0],
    [1, "ending", "fixed"],
    [1, "profit", 0.1],
  ]);
  assert.equal(conditions, [
    [0, 0, 3, 1],
    [1, 0.5, 1, 1],
  ]);
  assert.equal(specs, [
    ["converged", "converged", "boolean"],
    ["ending", "ending", "category"],
    ["profit", "profit", "number"],
  ]);
  assert.equal(run, [["complete", 1]]);
  assert.equal(check, [["ok"]]);
});

test.run();
