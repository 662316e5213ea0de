// What a cell holds: measured, present values only, none invented and none lost.

import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { notRunCode, outcomeCodes } from "../../runtime/record/outcome.ts";
import { numberMetric, patienceTable, syntheticTable } from "../testing/synthetic-results.ts";
import { attritionOf, totalOf } from "./attrition.ts";
import { cellsOf, rowsByCondition } from "./cells.ts";

test("every measured value is in the cell of its condition, in order of replicate", () => {
  const table = syntheticTable({
    factors: { a: [1, 2], b: ["x", "y", "z"] },
    replicates: 4,
    metrics: { m: numberMetric() },
    value: ({ condition, replicate }) =>
      Number(condition.a) * 100 + "xyz".indexOf(String(condition.b)) * 10 + replicate,
  });
  const cells = cellsOf(table, "m");
  assert.equal(cells.length, 6);
  assert.equal([...cells[4]!.values], [210, 211, 212, 213]);
  assert.equal([...cells[4]!.replicates], [0, 1, 2, 3]);
});

test("a row that failed, was censored, refused or never run gives no value, and is counted once", () => {
  const codes = [
    outcomeCodes.failed,
    outcomeCodes.censored,
    outcomeCodes.refused,
    notRunCode,
    outcomeCodes.cancelled,
  ];
  const table = patienceTable({
    replicates: 12,
    outcome: ({ condition, replicate }) =>
      condition.discount === 0 && replicate < codes.length
        ? { code: codes[replicate]!, message: "why" }
        : null,
  });
  const first = attritionOf(table)[0]!;
  assert.is(cellsOf(table, "profitGain")[0]!.values.length, 7);
  assert.equal(
    [
      first.planned,
      first.measured,
      first.failed,
      first.censored,
      first.refused,
      first.notRun,
      first.cancelled,
    ],
    [12, 7, 1, 1, 1, 1, 1],
  );
  assert.equal(first.reasons, [{ message: "why", count: 5 }]);
});

test("whatever the outcomes, the counts of an arm add up to what was planned", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 1, 2, 3, 4, 5, 255), { minLength: 30, maxLength: 30 }),
      (codes) => {
        const table = patienceTable({
          replicates: 5,
          outcome: ({ condition, replicate }) => {
            const code = codes[(replicate * 6 + Number(condition.firms)) % 30]!;
            return code === 0 ? null : { code, message: "m" };
          },
        });
        const total = totalOf(attritionOf(table));
        const { planned, ...others } = total;
        assert.is(planned, 30);
        assert.is(
          Object.values(others).reduce((sum, count) => sum + count, 0),
          planned,
        );
      },
    ),
  );
});

test("a metric that is not there is an error that names those that are", () => {
  assert.throws(
    () => cellsOf(patienceTable({ replicates: 2 }), "profit"),
    /No metric "profit".*profitGain, periods, converged/,
  );
});

test("grouping keeps each row once", () => {
  const table = patienceTable({ replicates: 7 });
  assert.equal(
    [...rowsByCondition(table).rows].sort((a, b) => a - b),
    Array.from({ length: 42 }, (_, i) => i),
  );
});

test.run();
