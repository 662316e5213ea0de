// Promise: leases that are cancelled end, however many they are and wherever they stand: one that runs between two of its units, though
// its thread never waits, and those behind it, in the thread or before it, without a unit.
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { readBatch } from "../../record/record-batch.ts";
import { planOfDefinitions } from "../../testing/plan-of-definitions.ts";
import { plannedJobsOf } from "../controller/jobs/planned-jobs.ts";
import { openingOf } from "../controller/leases/opening-of.ts";
import { slow } from "../testing/contract-experiments.ts";
import { contractBundle } from "../testing/contract-run.ts";
import type { RunnerOptions } from "./lease-runner.ts";
import { ThreadPool } from "./thread-pool.ts";

test("of leases that are cancelled together none starts another unit", async () => {
  const built = await contractBundle();
  const opened = planOfDefinitions([{ definition: slow, exportName: "slow" }], built);
  const [planned] = plannedJobsOf(opened);
  const code = { build: opened.plan.build, bundle: built.bundle, exportName: "slow", files: [] };
  const rows = new Map<number, number>();
  let cancel = (): void => undefined;
  const options: RunnerOptions = {
    host: "h",
    threads: 1,
    memoryMb: null,
    say: (message) => {
      if (message.type !== "records") return;
      rows.set(message.lease, (rows.get(message.lease) ?? 0) + readBatch(message.batch).rows);
      cancel();
    },
  };
  const pool = new ThreadPool(options, { onTooMuchMemory: assert.unreachable });
  // Records are sent on while the lease runs: the first has half a second to go.
  cancel = () => {
    for (const lease of [3, 2, 1]) pool.cancel(lease);
  };
  pool.open({
    opening: openingOf(planned!, { code, timeoutMs: null, tellsRows: false }),
    bundle: join(built.folder, built.bundle),
  });
  const run = (lease: number, first: number, count: number) =>
    pool.run({
      type: "lease",
      session: "r1/1",
      lease,
      job: 0,
      units: [[first, count]],
      attempt: 1,
      conditions: [],
      inputs: [],
      budgetMs: null,
      waits: false,
    });
  // A thread has two at hand; the third waits for it.
  const ends = await Promise.all([run(1, 0, 60), run(2, 60, 20), run(3, 80, 20)]);
  await pool.close();
  assert.equal(
    ends.map(({ guilty, broken, unloadable }) => [guilty, broken, unloadable]),
    Array(3).fill([null, null, null]),
  );
  const first = rows.get(1) ?? 0;
  assert.ok(first > 0 && first < 60, `${first} of 60`);
  assert.equal([...rows.keys()], [1]);
});

test.run();
