// What a time-out says.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { timedOutWords } from "./time-out-words.ts";

test("a time-out is told as it was asked for", () => {
  const told = [150, 1000, 2500, 90_000, 7_200_000, 5_425_000].map((ms) => timedOutWords(ms));
  assert.equal(
    told.map((words) => words.replace("took longer than the time-out of ", "")),
    ["150 ms", "1 s", "2.5 s", "1 min 30 s", "2 h", "1 h 30 min 25 s"],
  );
});

test.run();
