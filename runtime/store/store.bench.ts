// How fast the store is, against a floor or a peer measured in the same run: ledger against plain writes of the same bytes and against
// JSON lines, resumption against reading and checksumming the file, Parquet against DuckDB's own appender.
import { spawnSync } from "node:child_process";
import {
  closeSync,
  fdatasyncSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { crc32 } from "node:zlib";
import { createBatchBuilder, readBatch } from "../record/record-batch.ts";
import { runLayoutOf } from "./files/layout.ts";
import { compact } from "./parquet/compact.ts";
import { withDuck } from "./parquet/duck.ts";
import { openStore } from "./project-store.ts";
import {
  fixtureMetrics,
  fixturePlan,
  startFixtureRun,
  temporaryProject,
  trialJob,
} from "./testing/plan-fixture.ts";

const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
const seriesTrials = 10_000;
const seriesLength = 100;
const batchRows = 1000;
const metricNames = Object.keys(fixtureMetrics);
const moves = ["cooperate", "defect"] as const;

const figures: Record<string, number> = {};
function report(name: string, value: number, unit: string): void {
  figures[name] = value;
  console.log(`${name.padEnd(44)} ${value.toLocaleString("en", { maximumFractionDigits: 2 })} ${unit}`);
}

async function timed(step: () => unknown): Promise<number> {
  const started = performance.now();
  await step();
  return (performance.now() - started) / 1000;
}

const planFor = (trials: number) =>
  fixturePlan({ levels: Array.from({ length: 100 }, (_, level) => level / 100), replicates: trials / 100 });

function* batches(trials: number, withSeries: boolean): Generator<Uint8Array> {
  const builder = createBatchBuilder({
    job: trialJob,
    metrics: metricNames,
    worker: "local-1/1",
    capacity: batchRows,
  });
  const values = new Float64Array(3);
  for (let unit = 0; unit < trials; ) {
    for (const end = Math.min(trials, unit + batchRows); unit < end; unit += 1) {
      values[0] = Math.sqrt(unit);
      values[1] = unit & 1;
      values[2] = unit % 3 === 0 ? Number.NaN : 1;
      const row = builder.push(unit, 0, 1, 1_800_000_000_000 + unit, 0.1, values);
      if (withSeries)
        builder.series(
          row,
          "rounds",
          Array.from({ length: seriesLength }, (_, period) => roundOf(unit, period)),
        );
    }
    yield builder.seal(80);
  }
}

function roundOf(
  unit: number,
  period: number,
): { readonly period: number; readonly price: number; readonly move: string } {
  return { period, price: Math.sin(unit * period), move: moves[(unit + period) & 1]! };
}

async function recordedProject(
  trials: number,
  withSeries: boolean,
): Promise<{ readonly root: string; readonly segment: string }> {
  const root = temporaryProject();
  const store = openStore(root);
  const run = await startFixtureRun(store, planFor(trials));
  for (const batch of batches(trials, withSeries)) {
    run.ledger.append(batch);
    // Lets the timer of the group commit fire, as a controller's event loop does.
    await new Promise(setImmediate);
  }
  await run.ledger.sync();
  await run.finish("complete", { compact: false });
  return { root, segment: join(runLayoutOf(store.layout, run.manifest.id).segments, "0001.wal") };
}

async function benchEncoding(): Promise<void> {
  let bytes = 0;
  const seconds = await timed(() => {
    for (const batch of batches(rows, false)) bytes += readBatch(batch).bytes.length;
  });
  report("encode rows/s", rows / seconds, "rows/s");
  report("bytes per row", bytes / rows, "bytes");
}

async function benchLedger(): Promise<{ readonly root: string; readonly segment: string }> {
  const sealed = [...batches(rows, false)];
  const plain = join(temporaryProject(), "plain");
  const floor = await timed(() => writeGrouped(plain, sealed));
  const lines = await timed(() => writeGrouped(plain, jsonLines()));
  const root = temporaryProject();
  const run = await startFixtureRun(openStore(root), planFor(rows));
  const seconds = await timed(async () => {
    for (const batch of sealed) {
      run.ledger.append(batch);
      await new Promise(setImmediate);
    }
    await run.ledger.sync();
  });
  await run.finish("complete", { compact: false });
  report("ledger, durable", rows / seconds, "rows/s");
  report("ledger against plain write + blocking fdatasync", floor / seconds, "x");
  report("ledger against JSON lines", lines / seconds, "x");
  return { root, segment: join(runLayoutOf(openStore(root).layout, run.manifest.id).segments, "0001.wal") };
}

function* jsonLines(): Generator<Uint8Array> {
  for (let unit = 0; unit < rows; unit += batchRows) {
    const text = Array.from({ length: batchRows }, (_, row) =>
      JSON.stringify({
        unit: unit + row,
        outcome: "measured",
        attempt: 1,
        startedAt: 1_800_000_000_000,
        durationMs: 0.1,
        metrics: { profit: Math.sqrt(unit + row), converged: true, ending: null },
      }),
    );
    yield new TextEncoder().encode(`${text.join("\n")}\n`);
  }
}

/** Writes with an fdatasync every 50 ms and one at the end. */
function writeGrouped(path: string, parts: Iterable<Uint8Array>): void {
  const file = openSync(path, "w");
  let synced = performance.now();
  for (const part of parts) {
    writeSync(file, part);
    if (performance.now() - synced < 50) continue;
    fdatasyncSync(file);
    synced = performance.now();
  }
  fdatasyncSync(file);
  closeSync(file);
  rmSync(path);
}

async function benchResume({
  root,
  segment,
}: {
  readonly root: string;
  readonly segment: string;
}): Promise<void> {
  const plan = planFor(rows);
  const job = plan.jobs[trialJob]!;
  const floor = await timed(() => crc32(readFileSync(segment)));
  const same = await timed(async () => assertCount((await openStore(root).recordsOf(plan, job)).doneCount));
  report(`resume of ${rows} trials`, same, "s");
  report("resume rows/s", rows / same, "rows/s");
  report("resume against read + checksum of the file", same / floor, "x");
  const grown = fixturePlan({
    levels: [7, ...Array.from({ length: 100 }, (_, level) => level / 100)],
    replicates: rows / 100,
  });
  report(
    "resume under a changed design",
    await timed(async () =>
      assertCount((await openStore(root).recordsOf(grown, grown.jobs[trialJob]!)).doneCount),
    ),
    "s",
  );
  const store = openStore(root);
  const [run] = await store.runs();
  report(
    "results as a table",
    await timed(async () => assertCount((await store.results(run!)).tables[0]!.rows)),
    "s",
  );
}

function assertCount(count: number): void {
  if (count !== rows) throw new Error(`found ${count} of ${rows}`);
}

/** Compaction in a process of its own, as at the end of a run. */
function compactApart(root: string): { readonly seconds: number; readonly rssMb: number } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...process.execArgv, fileURLToPath(import.meta.url), root],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

async function compactHere(root: string): Promise<void> {
  const store = openStore(root);
  const [run] = await store.runs();
  const seconds = await timed(() => compact({ store, run: run!, folder: join(root, "parquet") }));
  console.log(JSON.stringify({ seconds, rssMb: process.resourceUsage().maxRSS / 1024 }));
}

async function benchParquet(recorded: { readonly root: string; readonly segment: string }): Promise<void> {
  const trials = compactApart(recorded.root);
  report("Parquet, trials", rows / trials.seconds, "rows/s");
  report("Parquet, trials: peak memory", trials.rssMb, "MB");
  const withSeries = await recordedProject(seriesTrials, true);
  const total = seriesTrials * seriesLength;
  const ours = compactApart(withSeries.root);
  const peer = await appenderSeconds(total);
  report("Parquet, series with text", total / ours.seconds, "rows/s");
  report("Parquet, series: peak memory", ours.rssMb, "MB");
  report("Parquet, series: DuckDB appender + COPY", total / peer, "rows/s");
  report("Parquet, series against the appender", peer / ours.seconds, "x");
  report("ledger of series, bytes per row", statSync(withSeries.segment).size / total, "bytes");
}

async function appenderSeconds(total: number): Promise<number> {
  const path = join(temporaryProject(), "peer.parquet");
  return withDuck({ memoryMb: 2048, threads: 2, spillFolder: null }, async (connection) => {
    await connection.run(
      "CREATE TABLE rounds (discount DOUBLE, condition UINTEGER, replicate UINTEGER, position UINTEGER, period BIGINT, price DOUBLE, move VARCHAR)",
    );
    return timed(async () => {
      const appender = await connection.createAppender("rounds");
      for (let row = 0; row < total; row += 1) {
        const unit = Math.floor(row / seriesLength);
        const { period, price, move } = roundOf(unit, row % seriesLength);
        appender.appendDouble((unit % 100) / 100);
        appender.appendUInteger(unit % 100);
        appender.appendUInteger(Math.floor(unit / 100));
        appender.appendUInteger(period);
        appender.appendBigInt(BigInt(period));
        appender.appendDouble(price);
        appender.appendVarchar(move);
        appender.endRow();
      }
      appender.closeSync();
      await connection.run(`COPY rounds TO '${path}' (FORMAT parquet, COMPRESSION zstd)`);
    });
  });
}

const [apart] = process.argv.slice(2);
if (apart !== undefined) await compactHere(apart);
else {
  await benchEncoding();
  const recorded = await benchLedger();
  await benchResume(recorded);
  await benchParquet(recorded);
  if (process.env.BENCH_OUT !== undefined)
    writeFileSync(process.env.BENCH_OUT, `${JSON.stringify({ rows, ...figures }, null, 2)}\n`);
}
