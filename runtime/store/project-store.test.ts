// What the store promises the rest of the runtime: what was recorded is found again, by the plan at hand, whoever recorded it.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { setBit } from "../plan/bitmap.ts";
import type { Plan } from "../plan/plan.ts";
import { outcomeCodes } from "../record/outcome.ts";
import { createBatchBuilder } from "../record/record-batch.ts";
import type { TrialRecord } from "../record/trial-record.ts";
import { findRun, openStore } from "./project-store.ts";
import { resumableRun } from "./runs/start-run.ts";
import type { JobRecords } from "./store.ts";
import {
  fixtureMetrics,
  fixturePlan,
  measuredBatch,
  startFixtureRun,
  temporaryProject,
  trialJob,
  unitsTo,
} from "./testing/plan-fixture.ts";

const metricNames = Object.keys(fixtureMetrics);

async function all(records: JobRecords, units?: Iterable<number>): Promise<TrialRecord[]> {
  const list: TrialRecord[] = [];
  for await (const record of records.read(units)) list.push(record);
  return list;
}

async function recordRun(root: string, plan: Plan, batches: readonly Uint8Array[], more = {}) {
  const store = openStore(root);
  const run = await startFixtureRun(store, plan, more);
  for (const batch of batches) run.ledger.append(batch);
  return run.finish("complete", { compact: false });
}

test("what one process recorded another finds, in unit order", async () => {
  const root = temporaryProject();
  const plan = fixturePlan();
  await recordRun(root, plan, [measuredBatch([7, 3]), measuredBatch([0])]);
  const records = await openStore(root).recordsOf(plan, plan.jobs[trialJob]!);
  assert.is(records.doneCount, 3);
  const expected = new Uint8Array(2);
  for (const unit of [0, 3, 7]) setBit(expected, unit);
  assert.equal(records.done, expected);
  const list = await all(records);
  assert.equal(
    list.map(({ unit }) => unit),
    [0, 3, 7],
  );
  assert.equal(list[2]!.result.metrics, { profit: 7, converged: true, ending: "fixed" });
  assert.equal(
    (await all(records, [3])).map(({ unit }) => unit),
    [3],
  );
});

test("adding a level and replicates keeps every recorded trial at its coordinates", async () => {
  const root = temporaryProject();
  const before = fixturePlan({ levels: [0, 0.95], replicates: 3 });
  await recordRun(root, before, [measuredBatch(unitsTo(6))]);
  const after = fixturePlan({ levels: [0, 0.5, 0.95], replicates: 5 });
  const records = await openStore(root).recordsOf(after, after.jobs[trialJob]!);
  // Condition 1 became condition 2; replicate r now begins at unit 3r.
  assert.equal(
    (await all(records)).map(({ unit, result }) => [unit, result.metrics.profit]),
    [
      [0, 0],
      [2, 1],
      [3, 2],
      [5, 3],
      [6, 4],
      [8, 5],
    ],
  );
});

test("a removed level is counted as orphaned and not as done", async () => {
  const root = temporaryProject();
  await recordRun(root, fixturePlan({ levels: [0, 0.5, 0.95], replicates: 2 }), [measuredBatch(unitsTo(6))]);
  const after = fixturePlan({ levels: [0.95, 0], replicates: 2 });
  const records = await openStore(root).recordsOf(after, after.jobs[trialJob]!);
  assert.is(records.doneCount, 4);
  assert.is(records.orphanedRows, 2);
  assert.equal(
    (await all(records)).map(({ result }) => result.metrics.profit),
    [2, 0, 5, 3],
  );
});

test("replicates with seeds of their own are found by seed", async () => {
  const root = temporaryProject();
  await recordRun(root, fixturePlan({ levels: [1], replicates: 3, seeds: [11, 12, 13] }), [
    measuredBatch(unitsTo(3)),
  ]);
  const after = fixturePlan({ levels: [1], replicates: 3, seeds: [13, 99, 11] });
  const records = await openStore(root).recordsOf(after, after.jobs[trialJob]!);
  assert.equal(
    (await all(records)).map(({ unit, result }) => [unit, result.metrics.profit]),
    [
      [0, 2],
      [2, 0],
    ],
  );
});

test("of two records of a unit the first committed counts", async () => {
  const root = temporaryProject();
  const plan = fixturePlan();
  await recordRun(root, plan, [measuredBatch([1, 2]), measuredBatch([2, 3], 100)]);
  await recordRun(root, plan, [measuredBatch([1], 200)]);
  const records = await openStore(root).recordsOf(plan, plan.jobs[trialJob]!);
  assert.is(records.doneCount, 3);
  assert.equal(
    (await all(records)).map(({ result }) => result.metrics.profit),
    [1, 2, 103],
  );
});

test("a cancelled trial is not done, and any later record takes its place", async () => {
  const root = temporaryProject();
  const plan = fixturePlan();
  const builder = createBatchBuilder({ job: trialJob, metrics: metricNames, worker: "w" });
  const none = [Number.NaN, Number.NaN, Number.NaN];
  for (const unit of [1, 2])
    builder.explain(builder.push(unit, outcomeCodes.cancelled, 1, 0, 0, none), "Ctrl-C");
  builder.fail(builder.push(3, outcomeCodes.failed, 1, 0, 0, none), "thrown", "no root found", null);
  await recordRun(root, plan, [builder.seal()]);
  const first = await openStore(root).recordsOf(plan, plan.jobs[trialJob]!);
  assert.is(first.doneCount, 1);
  assert.equal(
    [...first.interrupted],
    [
      [1, outcomeCodes.cancelled],
      [2, outcomeCodes.cancelled],
    ],
  );
  assert.equal([...first.notMeasured], [[3, outcomeCodes.failed]]);
  assert.equal((await all(first, [2]))[0]!.result.outcome, { kind: "cancelled", reason: "Ctrl-C" });
  await recordRun(root, plan, [measuredBatch([1, 3])]);
  const second = await openStore(root).recordsOf(plan, plan.jobs[trialJob]!);
  assert.is(second.doneCount, 2);
  assert.equal([...second.interrupted.keys()], [2]);
  assert.is(second.notMeasured.size, 0);
  assert.equal(
    (await all(second)).map(({ unit, result }) => [unit, result.outcome.kind]),
    [
      [1, "measured"],
      [2, "cancelled"],
      [3, "measured"],
    ],
  );
});

test("of several failures the last counts, wherever it lies, and the first outcome that is none stands", async () => {
  const none = [Number.NaN, Number.NaN, Number.NaN];
  const plan = fixturePlan();
  const ways = fc.array(
    fc.constantFrom("failed", "refused", "measured", "cancelled", "next batch", "next run"),
    {
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(ways, async (way) => {
      const root = temporaryProject();
      let builder = createBatchBuilder({ job: trialJob, metrics: metricNames, worker: "w" });
      let batches: Uint8Array[] = [];
      const seal = (): void => {
        batches.push(builder.seal());
        builder = createBatchBuilder({ job: trialJob, metrics: metricNames, worker: "w" });
      };
      const write = async (): Promise<void> => {
        seal();
        await recordRun(root, plan, batches);
        batches = [];
      };
      for (const [step, what] of way.entries()) {
        if (what === "next batch") seal();
        else if (what === "next run") await write();
        else {
          const row = builder.push(3, outcomeCodes[what], 1, step, 0, what === "measured" ? [1, 2, 3] : none);
          if (what === "failed") builder.fail(row, "thrown", `${step}`, null);
          else if (what !== "measured") builder.explain(row, `${step}`);
        }
      }
      await write();
      const said = way.flatMap((what, step) => (what.startsWith("next") ? [] : [{ what, step }]));
      const expected =
        said.find(({ what }) => what === "refused" || what === "measured") ??
        said.findLast(({ what }) => what === "failed") ??
        said.at(-1);
      const records = await openStore(root).recordsOf(plan, plan.jobs[trialJob]!);
      const found = (await all(records)).map(({ result, telemetry }) => ({
        what: result.outcome.kind,
        step: telemetry.startedAt,
      }));
      assert.equal(found, expected === undefined ? [] : [expected]);
    }),
    { numRuns: 40 },
  );
});

test("values that a stage returned are read back by unit", async () => {
  const root = temporaryProject();
  const plan = fixturePlan();
  const builder = createBatchBuilder({ job: 0, metrics: [], worker: "w" });
  builder.value(builder.push(0, 0, 1, 0, 0, []), { nash: [1.47, 1.47] });
  await recordRun(root, plan, [builder.seal(), measuredBatch([0])]);
  const records = await openStore(root).recordsOf(plan, plan.jobs[0]!);
  assert.equal([...(await records.values([0]))], [[0, { nash: [1.47, 1.47] }]]);
});

test("results under another identity are relatives until they are accepted", async () => {
  const root = temporaryProject();
  await recordRun(root, fixturePlan({ code: "old1" }), [measuredBatch(unitsTo(5))]);
  const plan = fixturePlan({ code: "new1" });
  const job = plan.jobs[trialJob]!;
  const store = openStore(root);
  assert.is((await store.recordsOf(plan, job)).doneCount, 0);
  const relatives = await store.relatives(job);
  assert.equal(
    relatives.map(({ recorded, job: { id } }) => [recorded, id]),
    [[5, "old1patiencetrial"]],
  );
  await store.accept(relatives[0]!.job.id, job.id, "only a comment");
  assert.is((await openStore(root).recordsOf(plan, job)).doneCount, 5);
  assert.is((await store.relatives(job)).length, 0);
});

test("a forced run counts its own records alone, and an ended run is not changed by later ones", async () => {
  const root = temporaryProject();
  const plan = fixturePlan();
  const first = await recordRun(root, plan, [measuredBatch([0, 1])]);
  const forced = await recordRun(root, plan, [measuredBatch([0], 500)], { forced: true });
  await recordRun(root, plan, [measuredBatch([2])]);
  const store = openStore(root);
  const job = plan.jobs[trialJob]!;
  const profits = async (run?: typeof first) =>
    (await all(await store.recordsOf(plan, job, run === undefined ? {} : { run }))).map(
      ({ result }) => result.metrics.profit,
    );
  assert.equal(await profits(first), [0, 1]);
  assert.equal(await profits(forced), [500]);
  assert.equal(await profits(), [0, 1, 2]);
});

test("a run is found by latest, id, number, prefix and name", async () => {
  const root = temporaryProject();
  const plan = fixturePlan();
  const first = await recordRun(root, plan, [measuredBatch([0])], { name: "pilot" });
  const second = await recordRun(root, plan, [measuredBatch([1])]);
  const store = openStore(root);
  const idOf = async (reference: string) => {
    const found = await store.findRun(reference);
    return found !== null && "id" in found ? found.id : found;
  };
  assert.ok(first.id.startsWith("r0001-") && second.id.startsWith("r0002-"));
  assert.is(await idOf("latest"), second.id);
  assert.is(await idOf("pilot"), first.id);
  assert.is(await idOf("r1"), first.id);
  assert.is(await idOf("r0002"), second.id);
  assert.equal(await idOf("r"), { ambiguous: [second.id, first.id] });
  assert.is(await idOf("r7"), null);
  assert.is(findRun([], "latest"), null);
});

test("a run that did not end by itself is taken up by the same plan and selection only", async () => {
  const root = temporaryProject();
  const plan = fixturePlan();
  const store = openStore(root);
  const run = await startFixtureRun(store, plan);
  run.ledger.append(measuredBatch([0]));
  const stopped = await run.finish("stopped", { compact: false });
  const same = { plan, experiments: [], selection: { filter: {}, limit: null }, forced: false };
  assert.is(resumableRun(await store.runs(), same)?.id, stopped.id);
  assert.is(resumableRun(await store.runs(), { ...same, selection: { filter: {}, limit: 3 } }), null);
  assert.is(resumableRun(await store.runs(), { ...same, plan: fixturePlan({ replicates: 9 }) }), null);
  const again = await startFixtureRun(store, plan, { resume: stopped });
  again.ledger.append(measuredBatch([1]));
  assert.is((await again.finish("complete", { compact: false })).id, stopped.id);
  assert.is((await store.recordsOf(plan, plan.jobs[trialJob]!)).doneCount, 2);
  assert.is(resumableRun(await store.runs(), same), null);
});

test("results are a row a planned trial, with what was not measured in words", async () => {
  const root = temporaryProject();
  const plan = fixturePlan({ levels: [0, 0.5], replicates: 3 });
  const builder = createBatchBuilder({ job: trialJob, metrics: metricNames, worker: "w" });
  builder.fail(
    builder.push(4, outcomeCodes.failed, 1, 0, 7, [Number.NaN, Number.NaN, Number.NaN]),
    "thrown",
    "no root",
    null,
  );
  builder.censor(builder.push(2, outcomeCodes.censored, 1, 0, 7, [Number.NaN, 1, Number.NaN]), "profit", 9);
  builder.series(builder.push(1, 0, 1, 0, 7, [0.5, 0, 1]), "rounds", [
    { period: 1, price: 1.5, move: "up" },
    { period: 2, price: 1.6 },
  ]);
  builder.series(builder.push(0, 0, 1, 0, 7, [0.25, 1, 0]), "rounds", [
    { period: 1, price: 1.4, move: "down" },
  ]);
  const run = await recordRun(root, plan, [builder.seal()]);
  const { tables, provenance, series } = await openStore(root).results(run);
  const [table] = tables;
  assert.is(provenance.run, run.id);
  assert.is(table!.rows, 6);
  assert.equal([...table!.outcome], [0, 0, 3, 255, 1, 255]);
  assert.equal([...table!.condition], [0, 1, 0, 1, 0, 1]);
  assert.equal([...table!.replicate], [0, 0, 1, 1, 2, 2]);
  assert.equal([...table!.metrics.profit!], [0.25, 0.5, NaN, NaN, NaN, NaN]);
  assert.equal([...table!.metrics.ending!], [0, 1, NaN, NaN, NaN, NaN]);
  assert.equal(
    [...table!.message],
    [
      [4, "no root"],
      [2, "profit is known only to be at least 9"],
    ],
  );
  assert.equal(table!.censored.get(2), { metric: "profit", bound: 9 });
  assert.equal(table!.conditions, [
    { firms: 2, discount: 0 },
    { firms: 2, discount: 0.5 },
  ]);
  assert.equal(table!.experiment.factors, [
    { name: "discount", levels: [0, 0.5], branch: null, zippedWith: [], sampled: null },
  ]);
  const rounds = await series("patience", "rounds");
  assert.equal([...rounds.row], [0, 1, 1]);
  assert.equal(rounds.columns, {
    period: new Float64Array([1, 1, 2]),
    price: new Float64Array([1.4, 1.5, 1.6]),
    move: ["down", "up", null],
  });
});

test.run();
