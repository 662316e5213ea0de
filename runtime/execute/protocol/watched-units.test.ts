// Laws of the units that are looked at, as the threads of a host see them.
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { WatchedUnits } from "./watched-units.ts";

test("another view of the memory knows the last eight units with the number of their asking, and no others", () => {
  const units = fc.uniqueArray(
    fc.record({
      job: fc.integer({ min: 0, max: 5 }),
      unit: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      ask: fc.integer({ min: 1, max: 1000 }),
    }),
    { maxLength: 12, selector: ({ job, unit }) => `${job}/${unit}` },
  );
  fc.assert(
    fc.property(units, units, (before, after) => {
      const written = new WatchedUnits();
      const read = new WatchedUnits(written.memory);
      written.set(before);
      written.set(after);
      const kept = after.slice(-8);
      for (const { job, unit, ask } of kept) assert.is(read.askOf(job, unit), ask);
      for (const { job, unit } of [...before, ...after])
        if (!kept.some((each) => each.job === job && each.unit === unit)) assert.is(read.askOf(job, unit), 0);
    }),
  );
});

test.run();
