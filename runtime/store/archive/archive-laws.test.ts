// The law of archives: whatever a run recorded, packed and taken up elsewhere it is the same, byte for byte, also a second time; of a file in which
// anything was changed or cut off, nothing that differs is taken up, and nothing stays of it.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { outcomeCodes } from "../../record/outcome.ts";
import { createBatchBuilder } from "../../record/record-batch.ts";
import { StoreError } from "../files/store-error.ts";
import { openArtifacts } from "../kept/artifacts.ts";
import { openStore, type ProjectStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import {
  fixtureMetrics,
  fixturePlan,
  startFixtureRun,
  temporaryProject,
  trialJob,
} from "../testing/plan-fixture.ts";
import { restoreArchive } from "./read-archive.ts";
import { writeArchive } from "./write-archive.ts";

const plan = fixturePlan({ levels: [0, 0.5], replicates: 3 });
const units = 6;

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.constantFrom("", "\0", "\ufeff", "👩‍🔬", "\ud83d"),
);
const value = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => each + 0);
const rows = fc.array(fc.record({ period: fc.integer(), price: value, move: text }), { maxLength: 4 });
const file = fc.record({
  // Names of a folder's depth, and of more than tar's 100 characters.
  name: fc.constantFrom("plot.svg", "a/b/c.txt", `${"long-".repeat(40)}.bin`, "ü.csv"),
  bytes: fc.uint8Array({ maxLength: 1500 }),
});
const trial = fc.record({
  outcome: fc.constantFrom("measured", "failed", "refused", "censored"),
  profit: value,
  message: text,
  rows,
  files: fc.uniqueArray(file, { maxLength: 2, selector: ({ name }) => name }),
});
type Trial = typeof trial extends fc.Arbitrary<infer T> ? T : never;
/** By unit; null for one that has not run. */
const run = fc.record({
  trials: fc.array(fc.option(trial, { freq: 4 }), { minLength: units, maxLength: units }),
  status: fc.constantFrom("complete", "stopped", "aborted"),
  name: fc.option(fc.constantFrom("paper", "the best")),
});

async function recorded(
  of: typeof run extends fc.Arbitrary<infer T> ? T : never,
  root: string,
): Promise<RunManifest> {
  const store = openStore(root);
  const writer = await startFixtureRun(store, plan, { name: of.name, experiments: ["patience"] });
  const artifacts = openArtifacts(store.layout.artifacts);
  const builder = createBatchBuilder({
    job: trialJob,
    metrics: Object.keys(fixtureMetrics),
    worker: "local-1/1",
  });
  for (const [unit, each] of of.trials.entries()) {
    if (each === null) continue;
    const isMeasured = each.outcome === "measured";
    const metrics = isMeasured ? [each.profit, 1, 0] : [Number.NaN, Number.NaN, Number.NaN];
    const row = builder.push(
      unit,
      outcomeCodes[each.outcome as "measured"],
      1,
      1_800_000_000_000 + unit,
      unit,
      metrics,
    );
    say(builder, row, each);
    builder.series(row, "rounds", each.rows);
    const refs = [];
    for (const { name, bytes } of each.files)
      refs.push({ name, hash: await artifacts.put(bytes), bytes: bytes.length });
    builder.artifacts(row, refs);
  }
  if (builder.rows > 0) writer.ledger.append(builder.seal(80));
  return writer.finish(of.status as "complete");
}

function say(
  builder: ReturnType<typeof createBatchBuilder>,
  row: number,
  { outcome, message, profit }: Trial,
): void {
  if (outcome === "failed") builder.fail(row, "thrown", message, null);
  else if (outcome === "refused") builder.explain(row, message);
  else if (outcome === "censored") builder.censor(row, "profit", profit);
}

/** Everything that can be read of a store: runs, plans, records with their series, files of trials. */
async function contentOf(store: ProjectStore): Promise<unknown> {
  const runs = [];
  for (const manifest of await store.runs()) {
    const pinned = await store.planOf(manifest);
    const records = await store.recordsOf(pinned, pinned.jobs[trialJob]!, { run: manifest });
    const read = [];
    for await (const record of records.read()) {
      const { artifacts } = record.result;
      const files = [];
      for (const { hash } of artifacts)
        files.push(Buffer.from(await openArtifacts(store.layout.artifacts).read(hash)).toString("hex"));
      read.push({ record, files });
    }
    runs.push({ manifest, pinned, read });
  }
  return runs;
}

/** Names in a store, without locks. */
function namesOf(root: string): readonly string[] {
  const folder = join(root, ".lab");
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => !/(^|\/)lock$/.test(name))
    .sort();
}

async function inProjects(count: number, use: (roots: readonly string[]) => Promise<void>): Promise<void> {
  const roots = Array.from({ length: count }, temporaryProject);
  try {
    await use(roots);
  } finally {
    for (const root of roots) rmSync(root, { recursive: true, force: true });
  }
}

test("any run, packed and taken up elsewhere, is the same; once more changes nothing; packed again there it is the same archive", async () => {
  await fc.assert(
    fc.asyncProperty(run, (drawn) =>
      inProjects(2, async ([here = "", there = ""]) => {
        const manifest = await recorded(drawn, here);
        const path = join(here, "run.gz");
        const { index } = await writeArchive(openStore(here), manifest, { path, withArtifacts: true });
        const restored = await restoreArchive(openStore(there), path);
        assert.equal(restored.index, index);
        const content = await contentOf(openStore(here));
        assert.equal(await contentOf(openStore(there)), content);
        const names = namesOf(there);
        await restoreArchive(openStore(there), path);
        assert.equal(namesOf(there), names);
        const again = await writeArchive(openStore(there), manifest, { path, withArtifacts: true });
        assert.equal(again.index, index);
      }),
    ),
    { numRuns: 12 },
  );
});

test("an archive with a changed byte or a missing end is refused and leaves nothing, or is what it was", async () => {
  await inProjects(1, async ([here = ""]) => {
    const drawn = fc.sample(run, { numRuns: 1, seed: 5 })[0]!;
    const each: Trial = {
      outcome: "measured",
      profit: 1,
      message: "",
      rows: [],
      files: [{ name: "ü.csv", bytes: new Uint8Array(700) }],
    };
    const manifest = await recorded({ ...drawn, trials: [each, ...drawn.trials.slice(1)] }, here);
    const path = join(here, "run.gz");
    const { index } = await writeArchive(openStore(here), manifest, { path, withArtifacts: true });
    const content = await contentOf(openStore(here));
    const packed = readFileSync(path);
    const plain = gunzipSync(packed);
    // What a disk or a network does to the file, what somebody does to what is in it, and to the list that says what is in it: that one stands
    // behind a header of 512 bytes and begins with the runs.
    const mask = fc.integer({ min: 1, max: 255 });
    const at = (from: number, end: number) => fc.integer({ min: from, max: end - 1 });
    const damage = fc.oneof(
      fc.record({ isPacked: fc.constant(true), isCut: fc.boolean(), place: at(0, packed.length), mask }),
      fc.record({ isPacked: fc.constant(false), isCut: fc.boolean(), place: at(0, plain.length), mask }),
      fc.record({
        ...{ isPacked: fc.constant(false), isCut: fc.constant(false), place: at(512, 660) },
        mask: fc.constantFrom(1, 2, 3, 4),
      }),
    );
    await fc.assert(
      fc.asyncProperty(damage, ({ isPacked, isCut, place, mask }) =>
        inProjects(1, async ([there = ""]) => {
          const source = isPacked ? packed : plain;
          const bytes = Buffer.from(isCut ? source.subarray(0, place) : source);
          if (!isCut) bytes[place]! ^= mask;
          const damaged = join(there, "run.gz");
          writeFileSync(damaged, isPacked ? bytes : gzipSync(bytes));
          try {
            const restored = await restoreArchive(openStore(there), damaged);
            assert.equal(restored.index, index);
            assert.equal(await contentOf(openStore(there)), content);
          } catch (error) {
            if (!(error instanceof StoreError)) throw error;
            assert.equal(namesOf(there), [], error.message);
          }
        }),
      ),
      { numRuns: 60 },
    );
  });
});

test.run();
