// What a person sees while a run goes on, at several widths.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type JobProgress, progressLines } from "./progress-table.ts";

const job: JobProgress = {
  experiment: "patience",
  stage: "trial",
  done: 150,
  total: 300,
  reused: 50,
  failed: 2,
  perSecond: 10,
  runningMs: 12_000,
  arms: [
    { label: "firms=2, discount=0", total: 100, done: 100, reused: 50, failed: 0 },
    { label: "firms=2, discount=0.5", total: 100, done: 50, reused: 0, failed: 2 },
    { label: "firms=3, discount=0.95", total: 100, done: 0, reused: 0, failed: 0 },
  ],
};

test("an arm has a line with done, total, reused and failed", () => {
  const lines = progressLines(job, { columns: 100, rows: 24 });
  assert.is(lines.length, 4);
  assert.match(lines[0]!, /patience {2}150\/300, 50 reused, 2 failed {2}10\/s, 15\.0 s left/);
  assert.match(lines[1]!, /firms=2, discount=0 .*100\/100, 50 reused/);
  assert.match(lines[2]!, /50\/100, 2 failed/);
});

test("before the first trial ends it is said that the job runs and for how long; the last moments are no microseconds", () => {
  const limits = { columns: 60, rows: 24 };
  const begun = { ...job, done: 0, reused: 0, failed: 0, perSecond: 0, arms: [] };
  assert.equal(progressLines(begun, limits), ["patience  0/300  running for 12.0 s"]);
  assert.match(
    progressLines({ ...job, done: 299, arms: [] }, { columns: 80, rows: 24 })[0]!,
    /10\/s, less than 1 s left$/,
  );
  const [, wild = ""] = progressLines(
    { ...job, arms: [{ ...job.arms[0]!, label: "a\u001b[2Jb ring\u0007" }, job.arms[1]!] },
    limits,
  );
  assert.match(wild, /^ {2}ab ring\\u0007 /);
});

test("arms that do not fit are counted, and those under way are shown", () => {
  const arms = Array.from({ length: 40 }, (_, index) => ({
    label: `level=${index}`,
    total: 10,
    done: index === 33 ? 5 : 0,
    reused: 0,
    failed: 0,
  }));
  const lines = progressLines({ ...job, arms }, { columns: 80, rows: 10 });
  assert.ok(lines.length <= 9);
  assert.ok(lines.some((line) => line.includes("level=33")));
  assert.match(lines.at(-1)!, /and 33 more conditions|and 34 more conditions/);
});

test("no line is ever wider or the table taller than the terminal", () => {
  const arm = fc.record({
    label: fc.string({ maxLength: 90 }),
    total: fc.nat(1e6),
    done: fc.nat(1e6),
    reused: fc.nat(1e6),
    failed: fc.nat(1e6),
  });
  fc.assert(
    fc.property(
      fc.array(arm, { maxLength: 60 }),
      fc.integer({ min: 20, max: 200 }),
      fc.integer({ min: 2, max: 60 }),
      (arms, columns, rows) => {
        const lines = progressLines({ ...job, arms }, { columns, rows });
        assert.ok(lines.length <= rows);
        for (const line of lines) assert.ok(line.length <= columns, `${line.length} > ${columns}`);
      },
    ),
  );
});

test.run();
