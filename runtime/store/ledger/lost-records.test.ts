// What damage took from a run is told apart from what was never run: in the tables, in `labwright/results` and in words.
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openResults } from "../../results.ts";
import { runLayoutOf } from "../files/layout.ts";
import { openStore } from "../project-store.ts";
import { fixturePlan, measuredBatch, startFixtureRun, temporaryProject } from "../testing/plan-fixture.ts";

const plan = fixturePlan({ levels: [0, 1], replicates: 3 });

async function recorded(status: "complete" | "stopped") {
  const root = temporaryProject();
  const store = openStore(root);
  const writer = await startFixtureRun(store, plan, { experiments: ["patience"] });
  for (const units of [[0, 1], [2], [3, 4, 5]]) writer.ledger.append(measuredBatch(units));
  const run = await writer.finish(status, { compact: false });
  const folder = runLayoutOf(store.layout, run.id).segments;
  return { root, run, segment: join(folder, readdirSync(folder)[0]!) };
}

/** Flips a bit of the last batch. */
function flip(segment: string): void {
  const bytes = readFileSync(segment);
  bytes[bytes.length - 100]! ^= 8;
  writeFileSync(segment, bytes);
}

test("a whole run has lost nothing", async () => {
  const { root } = await recorded("complete");
  const patience = (await openResults(root)).experiment();
  assert.is(patience.lost, null);
  assert.is(patience.table.lost, undefined);
});

test("rows that stood in a damaged place are lost, not left to run, and the place is named", async () => {
  const { root, segment } = await recorded("complete");
  flip(segment);
  const patience = (await openResults(root)).experiment();
  assert.is(patience.lost?.rows, 3);
  assert.match(patience.lost?.words.join("\n") ?? "", /0001[.]wal is damaged from byte \d+ to \d+/);
  assert.equal(
    [...patience.rows()].map(({ outcome }) => outcome),
    ["measured", "measured", "measured", "lost", "lost", "lost"],
  );
  const store = openStore(root);
  await store.results((await store.runs())[0]!);
  assert.equal(store.problems(), patience.lost?.words);
});

test("a segment that is gone is named, and all that it held is lost", async () => {
  const { root, segment, run } = await recorded("complete");
  renameSync(segment, `${root}/elsewhere`);
  const patience = (await openResults(root)).experiment();
  assert.is(patience.lost?.rows, 6);
  assert.match(
    patience.lost?.words.join("\n") ?? "",
    new RegExp(`segments/0001.wal, which run ${run.id} rests on`),
  );
});

test("in a run that was stopped, lost rows cannot be told from trials to come", async () => {
  const { root, segment } = await recorded("stopped");
  flip(segment);
  const patience = (await openResults(root)).experiment();
  assert.is(patience.lost?.rows, null);
  assert.is([...patience.rows()].at(-1)?.outcome, "not-run");
});

test.run();
