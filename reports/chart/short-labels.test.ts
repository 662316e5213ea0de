// Rows with long labels can be told apart.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { composeReport } from "../report.ts";
import { compareSpec } from "../testing/specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../testing/synthetic-results.ts";
import { shortLabels } from "./short-labels.ts";

test("no two labels look the same, and none is long", () => {
  const word = fc.string({ maxLength: 80 });
  fc.assert(
    fc.property(fc.uniqueArray(word, { maxLength: 30 }), word, word, (middles, head, tail) => {
      const labels = [...new Set(middles.map((middle) => head + middle + tail))];
      const short = shortLabels(labels);
      const shown = labels.map((label) => short.get(label) ?? label);
      assert.is(new Set(shown).size, labels.length);
      assert.ok(shown.every((label) => label.length <= 40));
    }),
    { numRuns: 200 },
  );
});

test("labels that differ after many words show where they differ", () => {
  const labels = [1, 2, 12].map(
    (i) => `a policy with a rather long description number ${i} of them, as studies have`,
  );
  const short = shortLabels(labels);
  for (const [i, label] of labels.entries())
    assert.match(short.get(label)!, new RegExp(`number ${[1, 2, 12][i]} of`));
});

/** The labels of the rows as the axis writes them, each with its lines joined. */
const rowLabelsOf = (spec: object): readonly string[] => {
  const found: string[][][] = [];
  JSON.stringify(spec, (key, value: unknown) => {
    if (key === "labelExpr" && typeof value === "string" && value.includes("[toNumber"))
      found.push(JSON.parse(value.slice(0, value.indexOf("[toNumber"))) as string[][]);
    return value;
  });
  return found[0]!.map((lines) => lines.join(" "));
};

test("a chart of long levels draws labels that differ", async () => {
  const levels = Array.from(
    { length: 12 },
    (_, i) => `policy ${"with a rather long description ".repeat(2)}${i} of the study`,
  );
  const table = syntheticTable({
    factors: { policy: levels },
    replicates: 4,
    metrics: { y: numberMetric() },
    value: ({ noise }) => noise,
    analyses: [compareSpec("y", "policy", { baseline: { level: levels[0]! } })],
  });
  const { charts, faults } = await composeReport(syntheticResults([table]));
  assert.equal(faults, []);
  for (const { chart } of charts.filter(({ chart: { id } }) => /points|forest|levels/.test(id))) {
    const rows = rowLabelsOf(chart.spec);
    assert.is(rows.length, chart.id.endsWith("forest") ? 11 : 12, chart.id);
    assert.is(new Set(rows).size, rows.length, chart.id);
  }
});

test.run();
