// Promise: bytes that pass the check can be read to the last row, whatever was done to them.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { recordsOf } from "./batch-records.ts";
import { checkedBatch } from "./check-batch.ts";
import { outcomeCodes } from "./outcome.ts";
import { createBatchBuilder } from "./record-batch.ts";

function sealed(): Uint8Array {
  const builder = createBatchBuilder({ job: 0, metrics: ["y"], worker: "local-1/1" });
  const measured = builder.push(0, outcomeCodes.measured, 1, 1e12, 2, [0.5]);
  builder.series(measured, "steps", [{ x: 1, note: "a" }, { x: 2 }]);
  builder.artifacts(measured, [{ name: "a.txt", hash: "00", bytes: 3 }]);
  const failed = builder.push(1, outcomeCodes.failed, 1, 1e12, 2, [Number.NaN]);
  builder.fail(failed, "thrown", "no root", "at here");
  builder.censor(builder.push(2, outcomeCodes.censored, 1, 1e12, 2, [Number.NaN]), "y", 7);
  return builder.seal();
}

test("a batch as it was sealed passes", () => {
  assert.is(checkedBatch(sealed(), 1).rows, 3);
  assert.throws(() => checkedBatch(sealed(), 2), /1 columns of metrics; expected 2/);
});

test("a batch with bytes changed anywhere is refused in words or can be read to its last row", () => {
  const whole = sealed();
  let refused = 0;
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (flips) => {
        const bytes = whole.slice();
        for (const [at, value] of flips) bytes[at] = value;
        let batch: ReturnType<typeof checkedBatch>;
        try {
          batch = checkedBatch(bytes, 1);
        } catch (error) {
          assert.instance(error, RangeError);
          refused += 1;
          return;
        }
        recordsOf(batch, { y: { type: "number" } });
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(refused > 200, `${refused} refused`);
});

test.run();
