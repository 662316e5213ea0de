// Laws of the rows that a trial under way has told: each row stands in its place, few are kept, and a trial that begins anew begins anew.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RowsSoFar } from "./rows-so-far.ts";

const place = {
  type: "rows",
  experiment: "walk",
  stage: "trial",
  trial: "t",
  condition: {},
  replicate: 0,
  series: "path",
} as const;

test("whatever the parts, a row stands in its place, the first is kept, and there are at most 2,000", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 8 }), (parts) => {
      const known = new RowsSoFar();
      let first = 0;
      for (const count of parts) {
        const rows = Array.from({ length: count }, (_, index) => ({ step: first + index }));
        known.take({ ...place, first, rows });
        first += count;
      }
      const [[, series] = ["", null]] = known.series;
      assert.is(series?.total, first);
      assert.equal(
        series?.rows.map(({ step }) => step),
        series?.places,
      );
      assert.is(series?.places[0], 0);
      assert.ok((series?.rows.length ?? 0) <= 2000);
      assert.ok((series?.rows.length ?? 0) >= Math.min(first, 1000));
    }),
    { numRuns: 50 },
  );
});

test("a trial that is tried again begins its series anew", () => {
  const known = new RowsSoFar();
  known.take({ ...place, first: 0, rows: [{ step: 1 }, { step: 2 }] });
  known.take({ ...place, first: 0, rows: [{ step: 7 }] });
  assert.equal(known.series, [["path", { rows: [{ step: 7 }], places: [0], step: 1, total: 1 }]]);
});

test.run();
