import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyze } from "../analysis/analyze.ts";
import {
  numberMetric,
  patienceTable,
  syntheticResults,
  syntheticTable,
} from "../testing/synthetic-results.ts";
import { csvOf, fieldOf } from "./csv.ts";

test("one row a condition for each metric, whose numbers read back to the same doubles", async () => {
  const analysis = await analyze(syntheticResults([patienceTable()]));
  const [head, ...rows] = csvOf(analysis)
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  assert.is(rows.length, 18);
  const cell = analysis.experiments[0]!.metrics[0]!.cells[4]!;
  const row = rows[4]!;
  assert.is(Number(row[head!.indexOf("mean")]), cell.mean);
  assert.is(Number(row[head!.indexOf("low")]), cell.interval!.low);
  assert.is(Number(row[head!.indexOf("high")]), cell.interval!.high);
  assert.is(row[head!.indexOf("planned")], "50");
});

test("a field with commas, quotes or line breaks is quoted", () => {
  assert.is(fieldOf('a "b", c\n'), '"a ""b"", c\n"');
  assert.is(fieldOf(null), "");
});

test("what is missing is empty beside a reason, never NaN or 0", async () => {
  const table = syntheticTable({
    factors: { a: [1] },
    replicates: 1,
    metrics: { m: numberMetric() },
    value: () => 2,
  });
  const text = csvOf(await analyze(syntheticResults([table])));
  assert.match(text, /,2,,,,,,,2,2,2,2,2,one value: no interval,/);
  assert.not.match(text, /NaN|undefined|Infinity/);
});

test.run();
