// The pace of a run that is seen for the first time is that of its records.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { marksOf, paceOf } from "./pace.ts";

test("a run seen for the first time has the pace of its last minute, or of its time so far", () => {
  const ends = Array.from({ length: 240 }, (_, index) => index * 500);
  const long = marksOf(ends, { atMs: 120_000, ended: 300, startedMs: 0 });
  assert.equal(long, [
    { atMs: 60_000, ended: 181 },
    { atMs: 120_000, ended: 300 },
  ]);
  const short = marksOf([2500, 3000, Number.NaN], { atMs: 4000, ended: 2, startedMs: 2000 });
  assert.is(paceOf(short, 10, 4000)?.perSecond, 1);
  assert.is(paceOf(marksOf([], { atMs: 4000, ended: 7, startedMs: 2000 }), 10, 4000), null);
});

test.run();
