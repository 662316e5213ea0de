// A sampled design whose points are each level's own: the difference at one point, and nothing where the points do not meet.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { multipleRegression } from "../../../../lib/stats/regression/multiple-regression.ts";
import { compareSpec, effectSpec } from "../../../testing/specs.ts";
import {
  normals,
  numberMetric,
  syntheticResults,
  syntheticTable,
} from "../../../testing/synthetic-results.ts";
import { analyze } from "../../analyze.ts";
import type { ComparisonFinding } from "../../finding.ts";

const draw = normals(5);
const points = Array.from({ length: 30 }, (_, i) => (i + 0.5 + 0.4 * Math.sin(draw())) / 30);
const kinds = ["x", "y", "z"];
const kindAt = (alpha: unknown) => kinds[points.indexOf(Number(alpha)) % 3]!;

/** Thirty points, each met by one kind; y adds 2, alpha strongly more, z nothing. */
const table = syntheticTable({
  factors: { kind: kinds, alpha: points },
  declared: { alpha: { sampled: "linear" } },
  admits: ({ kind, alpha }) => kind === kindAt(alpha),
  replicates: 1,
  metrics: { m: numberMetric() },
  analyses: [compareSpec("m", "kind", { baseline: { level: "x" } }), effectSpec("m", "kind")],
  value: ({ condition, noise }) =>
    (condition.kind === "y" ? 2 : 0) + 50 * Number(condition.alpha) + 0.1 * noise,
});

const findings = async () =>
  (await analyze(syntheticResults([table]))).experiments[0]!.findings as readonly ComparisonFinding[];

test("differences are those of a regression on the sampled numbers, and say so", async () => {
  const [finding] = await findings();
  const at = (name: string) => table.conditions.map(({ kind }) => (kind === name ? 1 : 0));
  const fit = multipleRegression({
    y: [...table.metrics.m!],
    columns: [at("y"), at("z"), table.conditions.map(({ alpha }) => Number(alpha))],
  });
  finding!.comparisons.forEach(({ difference, interval, test: own }, i) => {
    assert.ok(Math.abs(difference! - fit.slopes[i]!.value) < 1e-9);
    assert.ok(Math.abs(interval!.low - fit.slopes[i]!.low) < 1e-9);
    assert.ok(Math.abs(own!.p - fit.slopes[i]!.p) < 1e-9);
  });
  assert.equal(
    finding!.comparisons.map(({ verdict }) => verdict),
    ["different", "inconclusive"],
  );
  assert.is(finding!.estimand.name, "adjusted difference of means");
  assert.match(finding!.reason, /least squares of the means of conditions on kind and.*alpha.*HC3/);
  assert.is(finding!.unit, "condition");
  assert.equal(finding!.notes, []);
});

test("level means are at the average point, so that their differences are the adjusted ones", async () => {
  const [finding] = await findings();
  const [x, y] = finding!.levels;
  assert.ok(Math.abs(y!.mean! - x!.mean! - finding!.comparisons[0]!.difference!) < 1e-9);
  assert.ok(Math.abs(x!.mean! - 25) < 2);
});

test("the test over all levels finds an effect that a slope of fifty would hide", async () => {
  const [, effect] = await findings();
  assert.equal(effect!.overall!.df, [2, 26]);
  assert.ok(effect!.overall!.p < 1e-10);
});

test.run();
