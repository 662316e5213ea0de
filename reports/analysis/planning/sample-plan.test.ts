// How many replicates for which effect, against published sample sizes and against simulation from the pilot itself.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { patienceTable } from "../../testing/synthetic-results.ts";
import type { Spread } from "./pair-spread.ts";
import { powerOf, replicatesFor, samplePlanFromPilot, samplePlanOf } from "./sample-plan.ts";

const independent: Spread = { design: "independent", sds: [1, 1], strata: 1 };
const paired: Spread = { design: "paired", sds: [1, 1], strata: 1 };

test("Cohen's table: 393 to 394, 64 and 26 a group for d = 0.2, 0.5 and 0.8 at 80% power; 34 pairs for 0.5", () => {
  // Cohen, A power primer, Psychological Bulletin 112 (1992), table 2 has 393, 64, 26; G*Power 3.1 gives 394, 64, 26 and 34 pairs.
  assert.equal(
    [0.2, 0.5, 0.8].map((d) => replicatesFor(independent, d, 0.8)),
    [394, 64, 26],
  );
  assert.is(replicatesFor(paired, 0.5, 0.8), 34);
});

test("the answer is the smallest that is enough, and grows as effects shrink or power rises", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(independent, paired),
      fc.double({ min: 0.1, max: 2, noNaN: true }),
      fc.double({ min: 0.3, max: 0.99, noNaN: true }),
      (spread, effect, power) => {
        const n = replicatesFor(spread, effect, power);
        assert.ok(powerOf(spread, effect, n) >= power);
        assert.ok(n === 2 || powerOf(spread, effect, n - 1) < power);
        assert.ok(replicatesFor(spread, effect / 1.5, power) >= n);
      },
    ),
    { numRuns: 40 },
  );
});

test("what the declared number finds, it finds with just the wanted power", () => {
  const plan = samplePlanOf({
    experiment: "e",
    metric: "m",
    spread: { design: "independent", sds: [2, 3], strata: 1 },
    source: "a guess",
    differences: [],
    power: 0.9,
    declared: 40,
  });
  assert.ok(Math.abs(powerOf(plan.spread, plan.declared!.detectable, 40) - 0.9) < 1e-9);
  assert.is(plan.effects.length, 5);
  assert.ok(plan.effects.every(({ points }) => points.length > 5));
});

for (const pairing of ["independent", "common-random-numbers"] as const) {
  test(`a pilot with ${pairing}: simulation from its values agrees with the formula`, () => {
    const table = patienceTable({ pairing, analyses: [], replicates: 40 });
    const plan = samplePlanFromPilot(table, {
      metric: "profitGain",
      factor: "discount",
      baseline: null,
      differences: [0.05],
      power: 0.8,
      declared: 40,
    });
    assert.is(plan.spread.design, pairing === "independent" ? "independent" : "paired");
    assert.ok(plan.pairs.length >= 1);
    for (const { simulated, replicates, label } of plan.pairs) {
      const least = plan.effects[0]!.replicates;
      assert.ok(replicates <= least, `${label}: the plan rests on the widest pair`);
      // 2,000 simulated experiments: four standard errors of a power of 0.8 are 0.036; a whole number of replicates gives more than 0.8.
      assert.ok(
        simulated !== null && simulated.value > 0.74 && simulated.value <= 1,
        `${label}: ${simulated?.value}`,
      );
    }
  });
}

test.run();
