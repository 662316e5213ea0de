import { test } from "uvu";
import * as assert from "uvu/assert";
import { welch } from "../../../lib/stats/t-test.ts";
import { cellsOf } from "../../design/cells.ts";
import { levelDesignOf } from "../../design/level-design.ts";
import { numberMetric, syntheticTable } from "../../testing/synthetic-results.ts";
import { stratifiedWelch } from "./stratified-welch.ts";

const options = { level: 0.95, alternative: "two-sided" } as const;

function near(actual: number, expected: number): void {
  assert.ok(
    Math.abs(actual - expected) <= 1e-12 * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );
}

test("with one cell a level it is Welch's t test", () => {
  const table = syntheticTable({
    factors: { a: [0, 1] },
    replicates: 9,
    metrics: { m: numberMetric() },
    value: ({ condition, noise }) => Number(condition.a) + (1 + Number(condition.a)) * noise,
  });
  const [y, x] = levelDesignOf(table, { metric: "m", factor: "a" }).levels;
  const ours = stratifiedWelch({ x: x!.cells, y: y!.cells, ...options });
  const theirs = welch({ x: [...cellsOf(table, "m")[1]!.values], y: [...cellsOf(table, "m")[0]!.values] });
  near(ours.statistic, theirs.statistic);
  near(ours.df[0]!, theirs.df[0]!);
  near(ours.p, theirs.p);
  near(ours.estimate.low, theirs.estimate.low);
  assert.is(ours.method, theirs.method);
});

test("a stratum that shifts both levels alike widens nothing", () => {
  const tableWith = (shift: number) =>
    syntheticTable({
      factors: { a: [0, 1], market: ["m1", "m2"] },
      replicates: 10,
      metrics: { m: numberMetric() },
      value: ({ condition, noise }) =>
        (condition.market === "m2" ? shift : 0) + 0.2 * Number(condition.a) + 0.1 * noise,
    });
  const [plain, shifted] = [0, 50].map((shift) => {
    const [y, x] = levelDesignOf(tableWith(shift), { metric: "m", factor: "a" }).levels;
    return stratifiedWelch({ x: x!.cells, y: y!.cells, ...options });
  });
  assert.ok(Math.abs(plain!.p - shifted!.p) < 1e-9, `${plain!.p} and ${shifted!.p}`);
  assert.ok(Math.abs(plain!.estimate.value - shifted!.estimate.value) < 1e-9);
});

test("a cell with one value is refused in words", () => {
  const table = syntheticTable({
    factors: { a: [0, 1] },
    replicates: 1,
    metrics: { m: numberMetric() },
    value: ({ noise }) => noise,
  });
  const [y, x] = levelDesignOf(table, { metric: "m", factor: "a" }).levels;
  assert.throws(
    () => stratifiedWelch({ x: x!.cells, y: y!.cells, ...options }),
    /n = 1; each needs 2 or more/,
  );
});

test.run();
