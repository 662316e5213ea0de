// What a reader is told before anything else.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { outcomeCodes } from "../../../runtime/record/outcome.ts";
import { patienceTable, syntheticResults } from "../../testing/synthetic-results.ts";
import { analyze } from "../analyze.ts";

async function notesOf(table: ReturnType<typeof patienceTable>): Promise<readonly string[]> {
  return (await analyze(syntheticResults([table]))).experiments[0]!.notes;
}

test("trials that ended without a measurement are said at the top, by kind", async () => {
  const table = patienceTable({
    outcome: ({ replicate }) => (replicate === 0 ? { code: outcomeCodes.failed, message: "diverged" } : null),
  });
  const notes = await notesOf(table);
  assert.ok(
    notes.some((note) =>
      /^\d+ of \d+ planned trials ended without a measurement \(\d+ failed\); see Attrition/.test(note),
    ),
    notes.join("\n"),
  );
});

test("a run in which everything was measured says nothing of the kind", async () => {
  const notes = await notesOf(patienceTable());
  assert.not.ok(notes.some((note) => note.includes("without a measurement")));
});

test("what damage took stands first: the rows, and every file", async () => {
  const table = {
    ...patienceTable({ replicates: 2 }),
    lost: { rows: 3, words: ["a.seg is damaged from byte 4 to 9."] },
  };
  const [first] = await notesOf(table);
  assert.is(
    first,
    "3 recorded trials cannot be read, because files of the store are damaged; everything below was computed without them. a.seg is damaged from byte 4 to 9.",
  );
  const [unknown] = await notesOf({ ...table, lost: { rows: null, words: ["b.seg is damaged."] } });
  assert.match(unknown!, /^An unknown number of trials cannot be read/);
});

test.run();
