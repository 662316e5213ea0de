// Time limits are read as Slurm's manual page of sbatch writes them (--time).
import { test } from "uvu";
import * as assert from "uvu/assert";
import { limitSeconds } from "./time-limit.ts";

test("minutes, hours and days, and what is no time", () => {
  const read: readonly (readonly [string, number | null])[] = [
    ["90", 5400],
    ["1:30", 90],
    ["4:00:00", 14_400],
    ["2-00", 172_800],
    ["2-01:30", 178_200],
    ["1-00:00:01", 86_401],
    ["infinite", null],
    ["n/a", null],
    ["", null],
  ];
  for (const [text, seconds] of read) assert.is(limitSeconds(text), seconds, text);
});

test.run();
