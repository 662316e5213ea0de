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

test.run();
