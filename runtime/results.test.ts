// `labwright/results` as a reader's program uses it.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UserError } from "./diagnostic/user-error.ts";
import { createBatchBuilder } from "./record/record-batch.ts";
import { listRuns, openResults } from "./results.ts";
import { openStore } from "./store/project-store.ts";
import {
  fixtureMetrics,
  fixturePlan,
  startFixtureRun,
  temporaryProject,
  trialJob,
} from "./store/testing/plan-fixture.ts";

async function project(): Promise<string> {
  const root = temporaryProject();
  const run = await startFixtureRun(openStore(root), fixturePlan({ levels: [0, 0.5], replicates: 2 }), {
    name: "pilot",
  });
  const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(fixtureMetrics), worker: "w" });
  builder.series(builder.push(1, 0, 1, 0, 7, [0.5, 1, Number.NaN]), "rounds", [
    { period: 1, price: 1.5, move: "up" },
  ]);
  builder.fail(builder.push(2, 1, 1, 0, 8, [Number.NaN, Number.NaN, Number.NaN]), "thrown", "no root", null);
  run.ledger.append(builder.seal());
  const hash = await run.artifacts.put(new TextEncoder().encode("svg"));
  assert.is(hash.length, 64);
  await run.finish("complete", { compact: false });
  return root;
}

test("trials come as objects, with those that were not measured and why", async () => {
  const results = await openResults(await project());
  const patience = results.experiment();
  assert.equal(
    [...patience.rows()],
    [
      {
        parameters: { firms: 2, discount: 0 },
        replicate: 0,
        outcome: "not-run",
        message: null,
        metrics: { profit: null, converged: null, ending: null },
        durationMs: null,
        telemetry: {},
      },
      {
        parameters: { firms: 2, discount: 0.5 },
        replicate: 0,
        outcome: "measured",
        message: null,
        metrics: { profit: 0.5, converged: true, ending: null },
        durationMs: 7,
        telemetry: {},
      },
      {
        parameters: { firms: 2, discount: 0 },
        replicate: 1,
        outcome: "failed",
        message: "no root",
        metrics: { profit: null, converged: null, ending: null },
        durationMs: 8,
        telemetry: {},
      },
      {
        parameters: { firms: 2, discount: 0.5 },
        replicate: 1,
        outcome: "not-run",
        message: null,
        metrics: { profit: null, converged: null, ending: null },
        durationMs: null,
        telemetry: {},
      },
    ],
  );
  assert.is([...patience.rows({ measured: true })].length, 1);
  assert.equal([...patience.values("profit")], [0.5]);
  assert.is(patience.count, 4);
});

test("series and SQL give the same rows", async () => {
  const results = await openResults(await project(), "pilot");
  assert.equal(await results.experiment("patience").series("rounds"), [
    { parameters: { firms: 2, discount: 0.5 }, replicate: 0, values: { period: 1, price: 1.5, move: "up" } },
  ]);
  assert.equal(await results.query("SELECT discount, price FROM series_rounds"), [
    { discount: 0.5, price: 1.5 },
  ]);
  assert.equal(await results.query("SELECT outcome, count(*) AS n FROM trials GROUP BY 1 ORDER BY 1"), [
    { outcome: "failed", n: 1 },
    { outcome: "measured", n: 1 },
  ]);
});

test("an unknown run, experiment or metric is a UserError that names the nearest", async () => {
  const root = await project();
  const results = await openResults(root);
  const isHint = (pattern: RegExp) => (error: unknown) =>
    error instanceof UserError && pattern.test(error.hint ?? "");
  assert.throws(() => results.experiment("patienc"), isHint(/"patience"/));
  assert.throws(() => results.experiment().values("proft"), isHint(/"profit"/));
  let fault: unknown = null;
  await openResults(root, "pilto").catch((error: unknown) => (fault = error));
  assert.ok(isHint(/"pilot"/)(fault));
  await openResults(temporaryProject()).catch((error: unknown) => (fault = error));
  assert.match((fault as UserError).message, /Nothing has been run/);
  assert.is((await listRuns(root)).length, 1);
});

test.run();
