// The intervals on the page are the stopping rule's own, digit for digit, over complete replicates in index order; whatever ended first.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MetricSpec, StoppingRule } from "../../../lib/experiment/definition.ts";
import { isUnfinished, notRunCode, outcomeCodes } from "../../record/outcome.ts";
import { stoppingOutcomeOf } from "../../run/adaptive/adaptive-decision.ts";
import { armSequences, completeReplicates, curveOf, type SequenceTable } from "./arm-intervals.ts";

const metric: MetricSpec = {
  type: "number",
  unit: null,
  range: [0, 1],
  direction: null,
  optional: false,
  categories: null,
  description: null,
};
const codes = [...Object.values(outcomeCodes), notRunCode];

/** Tables of up to 4 arms and 40 replicates, replicate-major, with outcomes of every kind. */
const tables: fc.Arbitrary<SequenceTable> = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }), fc.boolean())
  .chain(([arms, replicates, isRanged]) =>
    fc
      .array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(codes.length * 6)), {
        minLength: arms * replicates,
        maxLength: arms * replicates,
      })
      .map((cells) => ({
        rows: cells.length,
        condition: Uint32Array.from(cells, (_, row) => row % arms),
        replicate: Uint32Array.from(cells, (_, row) => Math.floor(row / arms)),
        // Mostly measured, as runs are.
        outcome: Uint8Array.from(cells, ([, code]) => codes[code] ?? 0),
        conditions: Array.from({ length: arms }, (_, arm) => ({ arm })),
        metrics: { value: Float64Array.from(cells, ([value]) => value) },
        experiment: { metrics: { value: isRanged ? metric : { ...metric, range: null } } },
      })),
  );
const rule: StoppingRule = {
  metric: "value",
  goal: { kind: "half-width", halfWidth: 0.05 },
  confidence: 0.9,
  min: 1,
  max: 1000,
};

test("at k complete replicates every interval is the stopping rule's, digit for digit", () => {
  fc.assert(
    fc.property(tables, (table) => {
      const arms = table.conditions.length;
      const sequences = armSequences(table, "value", rule);
      assert.ok(sequences !== null);
      const { complete } = sequences.facts;
      const outcome = stoppingOutcomeOf({
        rule: { ...rule, goal: { kind: "half-width", halfWidth: -1 } },
        metric: table.experiment.metrics.value!,
        contrasts: table.conditions.map((_, place) => ({
          label: String(place),
          terms: [{ place, weight: 1 }],
          isDifference: false,
        })),
        complete,
        valueAt: (replicate, place) =>
          table.outcome[replicate * arms + place] === outcomeCodes.measured
            ? table.metrics.value![replicate * arms + place]!
            : Number.NaN,
      });
      for (const [arm, { n, mean, low, high }] of outcome.intervals.entries()) {
        const step = sequences.arms[arm]!.stepAt(complete);
        assert.is(sequences.arms[arm]!.countAt(complete), n);
        assert.equal([step?.mean ?? null, step?.low ?? null, step?.high ?? null], [mean, low, high]);
      }
      assert.is(sequences.facts.level, outcome.level);
    }),
  );
});

test("complete are the replicates before the first that lacks a trial, and the others wait", () => {
  fc.assert(
    fc.property(tables, (table) => {
      const arms = table.conditions.length;
      const hasEnded = (row: number): boolean =>
        table.outcome[row] !== notRunCode && !isUnfinished(table.outcome[row]!);
      const { complete, planned } = completeReplicates(table);
      const open = Array.from({ length: table.rows }, (_, row) => row).find((row) => !hasEnded(row));
      assert.is(complete, open === undefined ? planned : Math.floor(open / arms));
      const waiting = Array.from({ length: table.rows }, (_, row) => row).filter(
        (row) => row >= complete * arms && hasEnded(row),
      );
      assert.is(armSequences(table, "value", null)?.facts.waiting, waiting.length);
    }),
  );
});

test("no replicate waits for a cancelled arm", () => {
  fc.assert(
    fc.property(tables, fc.nat(3), (table, arm) => {
      const without = completeReplicates(table, new Set([arm])).complete;
      const arms = table.conditions.length;
      const open = Array.from({ length: table.rows }, (_, row) => row).find(
        (row) =>
          row % arms !== arm && (table.outcome[row] === notRunCode || isUnfinished(table.outcome[row]!)),
      );
      assert.is(without, open === undefined ? table.rows / arms : Math.floor(open / arms));
    }),
  );
});

test("a curve has at most 301 points an arm, and ends at the last complete replicate", () => {
  fc.assert(
    fc.property(tables, (table) => {
      const sequences = armSequences(table, "value", null)!;
      for (const { index, points } of curveOf(sequences).arms) {
        assert.ok(points.length <= 301);
        const last = sequences.arms[index]!.stepAt(sequences.facts.complete);
        assert.is(points.at(-1)?.[1] ?? null, last?.mean ?? null);
      }
    }),
  );
});

test.run();
