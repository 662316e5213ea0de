// docs/coverage.md is written by topic.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { coverageDocumentOf } from "./coverage-document.ts";
import type { Rate } from "./rate.ts";

test("a topic that was counted anew has its section replaced, the others keep theirs", () => {
  const rate: Rate = { name: "coin", nominal: 5, limit: null, experiment: () => true };
  const topic = (name: string, erred: number | null) => ({
    name,
    about: `Of ${name}.`,
    counted: erred === null ? [] : [{ rate, tally: { experiments: 100, erred, refused: 0 } }],
  });
  const written = (erred: readonly (number | null)[], before: string) =>
    coverageDocumentOf(
      erred.map((one, i) => topic(["first-one", "second", "third"][i]!, one)),
      { experiments: 100, before },
    );
  const whole = written([1, 2, 3], "");
  assert.match(whole, "## First one\n\nOf first-one.\n\n| what is simulated");
  assert.is(written([null, 7, null], whole), written([1, 7, 3], ""));
  assert.not.match(written([null, 2, 3], ""), "First one");
});

test.run();
