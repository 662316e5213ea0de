// The ledger under damage: any cut and any flipped bit costs the frame it hits and no other, and is reported with its place.
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordsOf } from "../../record/batch-records.ts";
import { readBatch } from "../../record/record-batch.ts";
import { runLayoutOf } from "../files/layout.ts";
import { StoreError } from "../files/store-error.ts";
import { openStore } from "../project-store.ts";
import {
  fixtureMetrics,
  fixturePlan,
  measuredBatch,
  startFixtureRun,
  temporaryProject,
  trialJob,
  unitsTo,
} from "../testing/plan-fixture.ts";
import { FrameLog } from "./frame-log.ts";
import type { Damage } from "./frame-scan.ts";
import { readFrameAt, scanFrames } from "./frame-scan.ts";
import { readSegmentHead, segmentHeadBytes, segmentHeadOf } from "./segment.ts";

const plan = fixturePlan({ replicates: 100 });
const head = segmentHeadBytes(
  segmentHeadOf(plan, { run: "r0001-test-run", planHash: "0", createdAt: "2026-01-01T00:00:00.000Z" }),
);

interface Written {
  readonly bytes: Buffer;
  /** Where each frame starts, and where the last ends. */
  readonly offsets: readonly number[];
}

async function writeSegment(path: string, sizes: readonly number[]): Promise<Written> {
  mkdirSync(dirname(path), { recursive: true });
  const log = new FrameLog(path, head);
  const offsets = sizes.map((rows, frame) =>
    log.append(measuredBatch(unitsTo(rows).map((row) => 10 * frame + row)), { job: trialJob, rows }),
  );
  offsets.push(log.size);
  await log.close();
  return { bytes: readFileSync(path), offsets };
}

/** First unit of every whole frame, and the damage. */
function read(path: string): {
  readonly frames: readonly number[];
  readonly damage: readonly Damage[];
  readonly until: number;
} {
  const frames: number[] = [];
  const damage: Damage[] = [];
  const until = scanFrames(path, readSegmentHead(path).start, {
    frame: (payload) => {
      const [first] = recordsOf(readBatch(payload), fixtureMetrics);
      assert.is(first!.result.metrics.profit, first!.unit);
      frames.push(first!.unit / 10);
    },
    damage: (found) => damage.push(found),
  });
  return { frames, damage, until };
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });

test("a flipped bit loses at most the frame it hits, and what is lost is reported where it lies", async () => {
  const path = join(temporaryProject(), "0001.wal");
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      fc.integer({ min: 0, max: 7 }),
      async (rows, where, bit) => {
        rmSync(path, { force: true });
        const { bytes, offsets } = await writeSegment(path, rows);
        const at = offsets[0]! + Math.floor(where * (bytes.length - offsets[0]!));
        bytes[at]! ^= 1 << bit;
        writeFileSync(path, bytes);
        const hit = offsets.findLastIndex((offset) => offset <= at);
        const { frames, damage } = read(path);
        const others = rows.map((_, frame) => frame).filter((frame) => frame !== hit);
        assert.equal(
          frames.filter((frame) => frame !== hit),
          others,
        );
        if (frames.length === rows.length) return;
        assert.equal(
          damage.map(({ kind, from, to }) => ({ kind, from, to })),
          [{ kind: "corrupt", from: offsets[hit]!, to: offsets[hit + 1]! }],
        );
      },
    ),
    { numRuns: 150 },
  );
});

test("a cut anywhere keeps every frame before it and calls the rest torn", async () => {
  const path = join(temporaryProject(), "0001.wal");
  await fc.assert(
    fc.asyncProperty(sizes, fc.double({ min: 0, max: 1, noNaN: true }), async (rows, where) => {
      rmSync(path, { force: true });
      const { bytes, offsets } = await writeSegment(path, rows);
      const size = offsets[0]! + Math.floor(where * (bytes.length - offsets[0]!));
      truncateSync(path, size);
      const { frames, damage, until } = read(path);
      const whole = offsets.slice(1).filter((end) => end <= size).length;
      assert.ok(frames.length >= whole && frames.length <= whole + 1);
      assert.equal(frames, unitsTo(frames.length));
      if (frames.length === whole && size > offsets[whole]!) {
        assert.equal(
          damage.map(({ kind, from, to }) => ({ kind, from, to })),
          [{ kind: "torn", from: offsets[whole]!, to: size }],
        );
        assert.is(until, offsets[whole]!);
      } else assert.equal(damage, []);
    }),
    { numRuns: 150 },
  );
});

test("an end of zeros, as a power cut leaves it, is torn", async () => {
  const path = join(temporaryProject(), "0001.wal");
  const { offsets } = await writeSegment(path, [3, 2]);
  appendFileSync(path, Buffer.alloc(5000));
  const { frames, damage } = read(path);
  assert.equal(frames, [0, 1]);
  assert.equal(
    damage.map(({ kind, from }) => [kind, from]),
    [["torn", offsets[2]!]],
  );
});

test("a stretch of garbage in the middle loses the frames under it only", async () => {
  const path = join(temporaryProject(), "0001.wal");
  const { bytes, offsets } = await writeSegment(path, [3, 2, 4, 1]);
  bytes.fill(0x5a, offsets[1]! + 4, offsets[3]! - 8);
  writeFileSync(path, bytes);
  const { frames, damage } = read(path);
  assert.equal(frames, [0, 3]);
  assert.equal(
    damage.map(({ kind, from, to }) => [kind, from, to]),
    [["corrupt", offsets[1]!, offsets[3]!]],
  );
  assert.throws(() => readFrameAt(0, 0));
});

test("reading goes on where it stopped when the file has grown", async () => {
  const path = join(temporaryProject(), "0001.wal");
  const log = new FrameLog(path, head);
  log.append(measuredBatch([0]), { job: trialJob, rows: 1 });
  const first = read(path);
  log.append(measuredBatch([10]), { job: trialJob, rows: 1 });
  const units: number[] = [];
  scanFrames(path, first.until, { frame: (payload) => units.push(readBatch(payload).unit[0]!) });
  assert.equal(units, [10]);
  await log.close();
});

test("a run that was killed is resumed without its torn tail, and says so", async () => {
  const root = temporaryProject();
  const store = openStore(root);
  const killed = await startFixtureRun(store, plan);
  killed.ledger.append(measuredBatch([0, 1]));
  killed.ledger.append(measuredBatch([2]));
  await killed.ledger.close();
  rmSync(store.layout.locks, { recursive: true });
  rmSync(runLayoutOf(store.layout, killed.manifest.id).lock);
  const segment = join(runLayoutOf(store.layout, killed.manifest.id).segments, "0001.wal");
  truncateSync(segment, statSync(segment).size - 20);
  const resumed = await startFixtureRun(store, plan, { resume: (await store.runs())[0]! });
  assert.is(resumed.notices.length, 1);
  assert.match(resumed.notices[0]!, /half-written entry/);
  resumed.ledger.append(measuredBatch([2, 3]));
  await resumed.finish("complete", { compact: false });
  const records = await store.recordsOf(plan, plan.jobs[trialJob]!);
  assert.is(records.doneCount, 4);
  assert.equal(records.damage, []);
});

test("a flipped bit in a run's segment is reported by who reads it, and the rest is used", async () => {
  const root = temporaryProject();
  const store = openStore(root);
  const run = await startFixtureRun(store, plan);
  for (const unit of [0, 1, 2]) run.ledger.append(measuredBatch([unit]));
  await run.finish("complete", { compact: false });
  const segment = join(runLayoutOf(store.layout, run.manifest.id).segments, "0001.wal");
  const bytes = readFileSync(segment);
  const frame = (bytes.length - readSegmentHead(segment).start) / 3;
  bytes[bytes.length - Math.floor(1.5 * frame)]! ^= 4;
  writeFileSync(segment, bytes);
  const records = await openStore(root).recordsOf(plan, plan.jobs[trialJob]!);
  assert.is(records.doneCount, 2);
  assert.is(records.damage.length, 1);
  assert.is(records.damage[0]!.kind, "corrupt");
});

test("a segment of another version is left alone and explained, and the others are used", async () => {
  const root = temporaryProject();
  const store = openStore(root);
  for (const unit of [0, 1]) {
    const run = await startFixtureRun(store, plan);
    run.ledger.append(measuredBatch([unit]));
    await run.finish("complete", { compact: false });
  }
  const [newest] = await store.runs();
  const segment = join(runLayoutOf(store.layout, newest!.id).segments, "0001.wal");
  const bytes = readFileSync(segment);
  bytes.writeUInt32LE(7, 8);
  writeFileSync(segment, bytes);
  assert.throws(
    () => readSegmentHead(segment),
    (error: unknown) => error instanceof StoreError && error.fault === "damaged",
  );
  const { crc32 } = await import("node:zlib");
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 20)), 20);
  writeFileSync(segment, bytes);
  const reader = openStore(root);
  assert.is((await reader.recordsOf(plan, plan.jobs[trialJob]!)).doneCount, 1);
  assert.is(reader.problems().length, 1);
  assert.match(
    reader.problems()[0]!,
    /segment format 7; this labwright reads format 1.*Nothing in it was changed/,
  );
  assert.equal(readFileSync(segment), bytes);
});

test.run();
