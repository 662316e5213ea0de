// A small run with one trial of every kind: what the tests of Parquet, SQL and exports read.
import * as assert from "uvu/assert";
import { outcomeCodes } from "../../record/outcome.ts";
import { createBatchBuilder } from "../../record/record-batch.ts";
import type { ProjectStore } from "../project-store.ts";
import { openStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { fixtureMetrics, fixturePlan, startFixtureRun, temporaryProject, trialJob } from "./plan-fixture.ts";

export const plan = fixturePlan({ levels: [0, 0.5], replicates: 3 });

function mixedBatch(): Uint8Array {
  const builder = createBatchBuilder({
    job: trialJob,
    metrics: Object.keys(fixtureMetrics),
    worker: "local-1/2",
  });
  const nothing = [Number.NaN, Number.NaN, Number.NaN];
  builder.fail(
    builder.push(4, outcomeCodes.failed, 2, 0, 7, nothing),
    "thrown",
    'no "root", sorry',
    "at trial",
  );
  builder.censor(builder.push(2, outcomeCodes.censored, 1, 0, 7, nothing), "profit", 9);
  const row = builder.push(1, 0, 1, 1_800_000_000_123, 7.25, [0.1, 0, 1]);
  builder.series(row, "rounds", [
    { period: 1, price: 1.5, move: "up" },
    { period: 2, price: 1.6, extra: [1] },
  ]);
  builder.artifacts(row, [{ name: "plot.svg", hash: "ab".repeat(32), bytes: 3 }]);
  builder.series(builder.push(0, 0, 1, 0, 7, [1e21, 1, 0]), "rounds", [
    { period: 1, price: 1.4, move: "down" },
  ]);
  return builder.seal(80);
}

/** The run of a mixed batch: measured, failed, censored, with series and an artifact; ended or still going on. */
export async function mixedRun(
  ended: boolean,
): Promise<{ readonly store: ProjectStore; readonly run: RunManifest }> {
  const store = openStore(temporaryProject());
  const writer = await startFixtureRun(store, plan);
  writer.ledger.append(mixedBatch());
  if (!ended) return { store, run: writer.manifest };
  const run = await writer.finish("complete");
  assert.equal(writer.notices, []);
  return { store, run };
}
