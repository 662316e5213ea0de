// The table's order is what a plain stable sort of all rows gives, missing values last in both directions.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { stableOrder } from "./stable-order.ts";

const numbers = fc.array(fc.option(fc.double({ noNaN: true }), { nil: null }), { maxLength: 200 });
const texts = fc.array(fc.option(fc.string({ maxLength: 3 }), { nil: null }), { maxLength: 100 });

test("rows are in order, ties in the design's, missing ones last whichever way", () => {
  fc.assert(
    fc.property(fc.oneof(numbers, texts), fc.boolean(), (cells, isDown) => {
      const plain = [...cells.keys()].sort((a, b) => {
        const [left, right] = [cells[a]!, cells[b]!];
        if (left === null || right === null) return left === right ? a - b : left === null ? 1 : -1;
        const order = left < right ? -1 : left > right ? 1 : 0;
        return (isDown ? -order : order) || a - b;
      });
      assert.equal([...stableOrder(cells.length, { cell: (place) => cells[place]!, isDown })], plain);
    }),
  );
});

test.run();
