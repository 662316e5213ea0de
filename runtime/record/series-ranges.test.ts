// What a series' schema declares of its columns is what curves keep to.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { z } from "zod";
import { seriesRangesOf } from "./series-ranges.ts";

test("declared ends are read from the schema; columns without one, and schemas that are no object, have none", () => {
  const schema = z.object({
    step: z.int(),
    share: z.number().min(0).max(1),
    price: z.number().gt(0),
    round: z.int().min(0),
    name: z.string(),
    bare: z.number(),
  });
  assert.equal(seriesRangesOf(z.toJSONSchema(schema)), {
    share: { min: 0, max: 1 },
    price: { min: 0, max: null },
    round: { min: 0, max: null },
  });
  for (const none of [null, 3, {}, { type: "array" }, { properties: null }])
    assert.equal(seriesRangesOf(none), {});
});

test.run();
