// A changed byte in what a run keeps beside its ledger never becomes another value without a word: the file is made again, read from
// elsewhere or refused, and every refusal is words.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore } from "../project-store.ts";
import { exportRun } from "../sql/export.ts";
import { mixedRun } from "../testing/mixed-run.ts";
import { runLayoutOf } from "./layout.ts";

const { store, run } = await mixedRun(true);
const { folder, manifest, plan } = runLayoutOf(store.layout, run.id);

/** Everything that a reader of the run is told: its tables, its trials and its series as JSON. */
async function told(): Promise<{ readonly values: string | null; readonly words: readonly string[] }> {
  const opened = openStore(store.root);
  try {
    const found = await opened.findRun("latest");
    if (found === null || "ambiguous" in found) return { values: null, words: opened.problems() };
    const { tables } = await opened.results(found);
    const output = new PassThrough();
    const read = text(output);
    for (const series of [null, "rounds"])
      await exportRun({ store: opened, run: found, format: "json", experiment: null, series, output });
    output.end();
    const columns = tables.map((table) => [
      table.experiment,
      table.conditions,
      [...table.outcome],
      [...table.message],
      Object.entries(table.metrics).map(([name, column]) => [name, [...column]]),
    ]);
    return { values: JSON.stringify([found, columns]) + (await read), words: opened.problems() };
  } catch (error) {
    assert.instance(error, UserError, error instanceof Error ? error.stack : String(error));
    return { values: null, words: [(error as UserError).message] };
  }
}

const intact = await told();

const files = [
  { path: manifest, share: 120 },
  { path: plan, share: 120 },
  { path: join(folder, "patience/trials.parquet"), share: 60 },
  { path: join(folder, "patience/ids.parquet"), share: 20 },
  { path: join(folder, "patience/series/rounds/part-00001.parquet"), share: 60 },
];

test("an untouched run has nothing to say of itself", () => {
  assert.equal(intact.words, []);
  assert.match(intact.values ?? "", /"sorry|\\"sorry|sorry/);
});

for (const { path, share } of files) {
  test(`${path.slice(folder.length + 1)}: no flipped bit changes a value without a word`, async () => {
    const content = readFileSync(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(content.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Uint8Array.from(content);
        changed[at]! ^= 1 << bit;
        writeFileSync(path, changed);
        const now = await told();
        if (now.values !== null) assert.is(now.values, intact.values);
        // White space in a manifest says nothing, so that a change of it need not be said.
        const isBlank = path === manifest && /\s/.test(String.fromCharCode(content[at]!));
        assert.ok(now.words.length > 0 || (isBlank && now.values !== null), `byte ${at}, bit ${bit}`);
      }),
      { numRuns: share },
    );
    writeFileSync(path, content);
    assert.equal(await told(), intact);
  });
}

test("a file that was cut, emptied or filled with something else is told too", async () => {
  for (const { path } of files) {
    const content = readFileSync(path);
    for (const other of [content.subarray(0, content.length >> 1), new Uint8Array(0), "null", "[]", "{}"]) {
      writeFileSync(path, other);
      const now = await told();
      assert.ok(now.values === null || now.values === intact.values);
      assert.ok(now.words.length > 0, `${path} as ${String(other).slice(0, 10)}`);
    }
    writeFileSync(path, content);
  }
});

test.run();
