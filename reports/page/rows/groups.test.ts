// Every finding has its rows in the one table, and a row says all that tells it from its neighbours.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { analyze } from "../../analysis/analyze.ts";
import { fullResults } from "../../testing/full-results.ts";
import { compareSpec, gateSpec } from "../../testing/specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../../testing/synthetic-results.ts";
import { rowsOf } from "./finding-row.ts";
import { groupsOf } from "./groups.ts";

const [full] = (await analyze(fullResults("independent"))).experiments;

test("every finding is in exactly one group of its kind, every comparison is a row", () => {
  const groups = groupsOf(full!);
  const held = new Set(groups.flatMap(({ findings }) => findings.map(({ id }) => id)));
  assert.equal([...held].sort(), full!.findings.map(({ id }) => id).sort());
  for (const group of groups) {
    const comparisons = group.findings.flatMap((finding) =>
      "comparisons" in finding ? finding.comparisons : [],
    );
    assert.ok(rowsOf(group).length >= Math.max(1, comparisons.length), group.title);
    for (const { level, baseline } of comparisons)
      assert.ok(rowsOf(group).some((row) => row.label === level && row.against?.level === baseline));
  }
});

test("verdict, state and ink follow the adjusted p, never the raw one", () => {
  for (const group of groupsOf(full!))
    for (const [i, row] of rowsOf(group).entries()) {
      const one = group.findings.flatMap((finding) => ("comparisons" in finding ? finding.comparisons : []))[
        i
      ];
      if (one === undefined || one.verdict === null) continue;
      assert.is(row.state, one.verdict === "inconclusive" ? "open" : "decided");
      assert.is(row.p, one.pAdjusted ?? one.test!.p);
      assert.is(row.verdict.startsWith("inconclusive"), row.state === "open");
    }
});

test("repeats for the levels of `by` are parts of one group, gates one group at the end", async () => {
  const table = syntheticTable({
    factors: { a: [0, 1], b: ["x", "y"] },
    replicates: 6,
    metrics: { m: numberMetric() },
    value: ({ noise }) => noise,
    analyses: [
      gateSpec("m", { kind: "above", bound: 1 }),
      compareSpec("m", "a", { by: ["b"] }),
      gateSpec("m", { kind: "below", bound: 9 }, { name: "g2" }),
    ],
  });
  const [experiment] = (await analyze(syntheticResults([table]))).experiments;
  const [first, last, ...none] = groupsOf(experiment!);
  assert.equal(none, []);
  assert.equal([first!.title, first!.parts.map(({ head }) => head)], ["m across a", ["b = x", "b = y"]]);
  assert.equal([last!.title, rowsOf(last!).length], ["Gates", 2]);
});

test("a difference that averages over conditions shows each of them, a branch's own factor included", async () => {
  const table = syntheticTable({
    factors: { a: [0, 1], b: [0, 10], c: [0, 100] },
    // Level 1 of a has a factor of its own; level 0 has it not.
    admits: ({ a, c }) => a === 1 || c === 0,
    replicates: 4,
    metrics: { m: numberMetric() },
    value: ({ condition }) => Number(condition.a) * (1 + Number(condition.b)) + Number(condition.c),
    analyses: [
      compareSpec("m", "a"),
      compareSpec("m", "a", { name: "one condition", where: { b: 0, c: 0 } }),
    ],
  });
  const branched = {
    ...table,
    conditions: table.conditions.map(({ a, b, c }) => (a === 1 ? { a, b, c } : { a, b })),
  };
  const [experiment] = (await analyze(syntheticResults([branched]))).experiments;
  const [whole, one] = groupsOf(experiment!);
  assert.equal(
    [...rowsOf(whole!)[0]!.ticks].sort((x, y) => x - y),
    [1, 11, 101, 111],
  );
  assert.equal(rowsOf(one!)[0]!.ticks, []);
});

test.run();
