// Cleaning frees what was listed and nothing else; what counts in a kept run stays.
import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createBatchBuilder } from "../../record/record-batch.ts";
import { runLayoutOf } from "../files/layout.ts";
import { StoreError } from "../files/store-error.ts";
import { openStore } from "../project-store.ts";
import { appendLabel } from "../runs/labels.ts";
import { selectRun } from "../runs/selected-run.ts";
import {
  fixtureMetrics,
  fixturePlan,
  measuredBatch,
  startFixtureRun,
  temporaryProject,
  trialJob,
} from "../testing/plan-fixture.ts";
import { cleanStore } from "./clean.ts";
import { cleanableOf } from "./cleanable.ts";

const one = fixturePlan({ code: "one1" });
const two = fixturePlan({ code: "two2" });

async function record(root: string, plan: typeof one, units: readonly number[], more = {}) {
  const run = await startFixtureRun(openStore(root), plan, more);
  run.ledger.append(measuredBatch(units));
  return run.finish("complete", { compact: false });
}

test("an old run is listed unless a kept run rests on it or it has a name", async () => {
  const root = temporaryProject();
  const old = await record(root, one, [0]);
  const named = await record(root, one, [1], { name: "paper", forced: true });
  const base = await record(root, two, [0]);
  const newest = await record(root, two, [1]);
  const store = openStore(root);
  const items = await cleanableOf(store);
  assert.equal(
    items.map(({ kind, path }) => [kind, path]),
    [["run", runLayoutOf(store.layout, old.id).folder]],
  );
  assert.ok(items[0]!.bytes > 500);
  const gone = await cleanStore(store, items);
  assert.is(gone.length, 1);
  assert.equal(
    (await openStore(root).runs()).map(({ id }) => id),
    [newest.id, base.id, named.id],
  );
  assert.is((await openStore(root).recordsOf(two, two.jobs[trialJob]!)).doneCount, 2);
  assert.equal(await cleanableOf(openStore(root)), []);
});

test("a selected run, one tagged keep and what --keep says stay", async () => {
  const root = temporaryProject();
  const old = await record(root, one, [0]);
  await record(root, one, [1], { forced: true });
  const store = openStore(root);
  const layout = runLayoutOf(store.layout, old.id);
  const count = async (keep?: Parameters<typeof cleanableOf>[1]) => (await cleanableOf(store, keep)).length;
  assert.is(await count(), 1);
  assert.is(await count({ newest: 2, since: null, tags: [] }), 0);
  assert.is(await count({ newest: 0, since: old.provenance.startedAt, tags: [] }), 0);
  selectRun(store.layout, old.id);
  assert.is(await count(), 0);
  selectRun(store.layout, null);
  appendLabel(layout, { do: "tag", tag: "pilot" });
  assert.is(await count(), 1);
  assert.is(await count({ newest: 0, since: null, tags: ["pilot"] }), 0);
  appendLabel(layout, { do: "tag", tag: "keep" });
  assert.is(await count(), 0);
});

test("answers to effects that were paid for stay until a later run of the same experiments has ended", async () => {
  const root = temporaryProject();
  const paying = await startFixtureRun(openStore(root), one);
  const intent = { trial: "t", key: "k", kind: "ask", request: 1, requestHash: "h", reuseKey: "r" };
  await paying.effects.intend(intent);
  await paying.effects.respond({ trial: "t", key: "k", response: 2, usage: {} });
  paying.ledger.append(measuredBatch([0]));
  await paying.finish("complete", { compact: false });
  const edited = await startFixtureRun(openStore(root), two);
  edited.ledger.append(measuredBatch([0]));
  await edited.finish("stopped", { compact: false });
  assert.equal(await cleanableOf(openStore(root)), [], "the edited run may still take answers over");
  await record(root, two, [1]);
  assert.equal(
    (await cleanableOf(openStore(root))).map(({ path }) => path),
    [runLayoutOf(openStore(root).layout, paying.manifest.id).folder],
  );
});

test("artifacts that a kept record names stay; others, old builds, saved states and leftovers go", async () => {
  const root = temporaryProject();
  const store = openStore(root);
  const run = await startFixtureRun(store, one);
  const kept = await run.artifacts.put(new TextEncoder().encode("kept"));
  const lost = await run.artifacts.put(new TextEncoder().encode("lost"));
  const builder = createBatchBuilder({ job: trialJob, metrics: Object.keys(fixtureMetrics), worker: "w" });
  builder.artifacts(builder.push(0, 0, 1, 0, 1, [1, 1, 1]), [{ name: "a.txt", hash: kept, bytes: 4 }]);
  run.ledger.append(builder.seal());
  await run.checkpoints.save("abcd", new Uint8Array(10), { keep: 2, steps: null });
  const { layout } = store;
  for (const [second, build] of ["0123456789ab", "aaaaaaaaaaaa", "bbbbbbbbbbbb"].entries()) {
    mkdirSync(join(layout.builds, build), { recursive: true });
    writeFileSync(join(layout.builds, build, "plan.json"), "{}");
    utimesSync(join(layout.builds, build), second, second);
  }
  writeFileSync(join(layout.folder, "run.json.1234.draft"), "x");
  await run.finish("complete", { compact: false });
  const items = await cleanableOf(store);
  assert.equal(items.map(({ kind }) => kind).sort(), ["artifact", "build", "checkpoint", "leftover"]);
  await cleanStore(store, items);
  assert.is(existsSync(run.artifacts.pathOf(kept)), true);
  assert.is(existsSync(run.artifacts.pathOf(lost)), false);
  assert.is(existsSync(join(layout.builds, "0123456789ab")), true);
  assert.equal(await cleanableOf(store), []);
});

test("nothing is deleted while a run goes on, nor anything that came into use after it was listed", async () => {
  const root = temporaryProject();
  await record(root, one, [0]);
  await record(root, one, [1], { forced: true });
  const store = openStore(root);
  const items = await cleanableOf(store);
  assert.is(items.length, 1);
  const going = await startFixtureRun(store, one);
  let fault: unknown = null;
  await cleanStore(store, items).catch((error: unknown) => (fault = error));
  assert.is(fault instanceof StoreError && fault.fault, "locked");
  // The run that goes on counts every record of the project, the old one's too.
  going.ledger.append(measuredBatch([2]));
  await going.finish("complete", { compact: false });
  assert.equal(await cleanStore(store, items), []);
  const outside = { kind: "leftover" as const, path: "/etc/hostname", bytes: 1, why: "" };
  assert.equal(await cleanStore(store, [outside]), []);
});

test("folders of programs and scratch of builds go when nobody goes on from them", async () => {
  const root = temporaryProject();
  await record(root, one, [0], { name: "paper" });
  const { layout } = openStore(root);
  const place = (...parts: string[]): string => {
    const path = join(...parts);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, "out.json"), "{}");
    return path;
  };
  const failed = place(layout.work, "job", "a-0");
  writeFileSync(join(failed, ".ended"), "");
  const interrupted = place(layout.work, "job", "b-0");
  const killed = place(layout.scratch, "killed");
  place(layout.scratch, "going-on");
  utimesSync(killed, 1, 1);
  mkdirSync(layout.configs, { recursive: true });
  for (const [name, at] of [
    ["old.mjs", 1],
    ["new.mjs", 2],
  ] as const) {
    writeFileSync(join(layout.configs, name), "");
    utimesSync(join(layout.configs, name), at, at);
  }
  const paths = async (): Promise<string[]> =>
    (await cleanableOf(openStore(root))).map(({ path }) => path).sort();
  const always = [join(layout.configs, "old.mjs"), killed];
  assert.equal(await paths(), [...always, failed, interrupted].sort());
  // A run that can be gone on with takes up what was interrupted.
  const open = await startFixtureRun(openStore(root), two);
  await open.finish("stopped", { compact: false });
  assert.equal(await paths(), [...always, failed].sort());
  const store = openStore(root);
  await cleanStore(store, await cleanableOf(store));
  assert.equal(
    [failed, interrupted, killed].map((path) => existsSync(path)),
    [false, true, false],
  );
});

test.run();
