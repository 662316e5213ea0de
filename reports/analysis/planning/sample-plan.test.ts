// How many replicates for which effect, against published sample sizes and against simulation of the declared analysis.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import { compareSpec, effectSpec, equivalentSpec } from "../../testing/specs.ts";
import { numberMetric, patienceTable, syntheticTable } from "../../testing/synthetic-results.ts";
import { type Assumption, powerOf, type RateAssumption, type ShareAssumption } from "./assumption.ts";
import { type PlannedTest, plannedTestOf } from "./planned-test.ts";
import { replicatesFor, samplePlanFromPilot, samplePlanOf } from "./sample-plan.ts";

const independent: Assumption = { measure: "mean", design: "independent", sds: [1, 1], strata: 1 };
const paired: Assumption = { measure: "mean", design: "paired", sds: [1, 1], strata: 1 };
const share: ShareAssumption = {
  measure: "share",
  design: "independent",
  from: 0.2,
  correlation: 0,
  strata: 1,
};
const rate: RateAssumption = {
  measure: "rate",
  design: "independent",
  from: 2,
  theta: null,
  exposure: 1,
  correlation: 0,
  strata: 1,
};
const plain: PlannedTest = {
  analysis: null,
  alpha: 0.05,
  isOneSided: false,
  margin: null,
  words: "two-sided at 0.05",
};

test("Cohen's table: 393 to 394, 64 and 26 a group for d = 0.2, 0.5 and 0.8 at 80% power; 34 pairs for 0.5", () => {
  // Cohen, A power primer, Psychological Bulletin 112 (1992), table 2 has 393, 64, 26; G*Power 3.1 gives 394, 64, 26 and 34 pairs.
  assert.equal(
    [0.2, 0.5, 0.8].map((d) => replicatesFor(independent, plain, d, 0.8)),
    [394, 64, 26],
  );
  assert.is(replicatesFor(paired, plain, 0.5, 0.8), 34);
});

test("a level averaged over conditions needs so many fewer replicates", () => {
  assert.is(replicatesFor({ ...independent, strata: 8 }, plain, 0.5, 0.8), 8);
  assert.ok(
    replicatesFor({ ...share, strata: 4 }, plain, 0.2, 0.8) < replicatesFor(share, plain, 0.2, 0.8) / 3,
  );
});

test("the answer is the smallest that is enough, and grows as effects shrink or power rises", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(independent, paired),
      fc.double({ min: 0.1, max: 2, noNaN: true }),
      fc.double({ min: 0.3, max: 0.99, noNaN: true }),
      (assumption, effect, power) => {
        const n = replicatesFor(assumption, plain, effect, power);
        assert.ok(powerOf(assumption, plain, effect, n) >= power);
        assert.ok(n === 2 || powerOf(assumption, plain, effect, n - 1) < power);
        assert.ok(replicatesFor(assumption, plain, effect / 1.5, power) >= n);
      },
    ),
    { numRuns: 40 },
  );
});

test("for shares and rates the power holds from the answer on, though it rises in steps", () => {
  const cases: readonly (readonly [Assumption, number])[] = [
    [share, 0.2],
    [{ ...share, from: 0.9 }, -0.3],
    [{ ...share, design: "paired", correlation: 0.3 }, 0.2],
    [rate, 1.5],
    [{ ...rate, theta: 2 }, 2],
  ];
  for (const [assumption, difference] of cases) {
    const n = replicatesFor(assumption, plain, difference, 0.8);
    for (let next = n; next < n + 5; next += 1)
      assert.ok(powerOf(assumption, plain, difference, next) >= 0.8, `${next}`);
    assert.ok(powerOf(assumption, plain, difference, Math.floor(0.8 * n)) < 0.8);
  }
});

test("a share goes where it has room, and no further", () => {
  const plan = (from: number, differences: readonly number[]) =>
    samplePlanOf({
      experiment: "e",
      metric: "m",
      test: plain,
      source: "a guess",
      power: 0.8,
      declared: 30,
      assumption: { ...share, from },
      differences,
    });
  assert.is(plan(0.9, [0.4]).effects[0]!.difference, -0.4);
  assert.is(plan(0.4, [-0.3]).effects[0]!.difference, -0.3);
  assert.throws(() => plan(0.5, [0.6]), /no share lies 0\.6 away from 0\.5/);
  assert.ok(plan(0.5, []).effects.length >= 4);
});

test("what the declared number finds, it finds with just the wanted power", () => {
  const plan = samplePlanOf({
    experiment: "e",
    metric: "m",
    test: plain,
    assumption: { measure: "mean", design: "independent", sds: [2, 3], strata: 1 },
    source: "a guess",
    differences: [],
    power: 0.9,
    declared: 40,
  });
  assert.ok(Math.abs(powerOf(plan.assumption, plain, plan.declared!.detectable, 40) - 0.9) < 1e-9);
  assert.is(plan.effects.length, 5);
  assert.ok(plan.effects.every(({ points }) => points.length > 5));
});

test("equivalence is planned with its own test: alike levels, a margin that is shown", () => {
  const within: PlannedTest = { ...plain, margin: 0.5 };
  // Two groups, no difference, one-sided 0.05: n = 2 (z(0.95) + z(0.9))^2 / 0.25 = 68.5 with a known spread, a little more with t.
  const n = replicatesFor(independent, within, 0, 0.8);
  assert.ok(n === 69 || n === 70, `${n}`);
  assert.throws(() => replicatesFor(independent, within, 0.5, 0.8), /not equivalent within 0\.5/);
  const plan = samplePlanOf({
    experiment: "e",
    metric: "m",
    source: "a guess",
    power: 0.8,
    declared: n,
    differences: [],
    test: within,
    assumption: independent,
  });
  assert.equal(
    plan.effects.map(({ difference, replicates }) => [difference, replicates]),
    [[0, n]],
  );
  assert.ok(plan.declared!.detectable <= 0.5 && plan.declared!.detectable > 0.49);
});

test("the planned test is the declared one: its correction, its side, its margin", () => {
  const factors = ["a", "b"].map((name) => ({
    name,
    branch: null,
    zippedWith: [],
    sampled: null,
    levels: name === "a" ? [1, 2, 3, 4] : [0, 1],
  }));
  const together = { name: "f", correction: "simultaneous" as const };
  const baseline = { level: 1 };
  const won = compareSpec("won", "a", { family: together });
  const metrics = { m: numberMetric(), won: numberMetric({ type: "boolean" }) };
  const planned = (...analyses: readonly AnalysisSpec[]) =>
    plannedTestOf({ analyses, factors, metrics }, { metric: analyses[0] === won ? "won" : "m", factor: "a" });
  const near = (actual: number, expected: number): void =>
    assert.ok(Math.abs(actual - expected) < 1e-12, `${actual}`);
  // Comparisons of means that are judged together: Dunnett's critical value for three and the studentized range of four, both for a known
  // spread; scipy.stats.multivariate_normal and studentized_range (1.17). Shares have no such method and are planned by Bonferroni.
  assert.ok(Math.abs(planned(compareSpec("m", "a", { family: together, baseline })).alpha - 0.018825) < 1e-5);
  assert.ok(Math.abs(planned(compareSpec("m", "a", { family: together })).alpha - 0.010198) < 1e-5);
  near(planned(won).alpha, 0.05 / 6);
  near(planned(compareSpec("m", "a")).alpha, 0.05 / 6);
  near(planned(compareSpec("m", "a", { baseline: { level: 1 } })).alpha, 0.05 / 3);
  near(planned(compareSpec("m", "a", { by: ["b"] })).alpha, 0.05 / 12);
  const family = { name: "all", correction: "bonferroni" as const };
  near(planned(compareSpec("m", "a", { family }), effectSpec("m", "a", { family })).alpha, 0.05 / 7);
  const none = planned(
    compareSpec("m", "a", { family: { name: "x", correction: "none" }, alternative: "less" }),
  );
  near(none.alpha, 0.05);
  assert.ok(none.isOneSided);
  assert.is(planned(equivalentSpec("m", "a", 0.3)).margin, 0.3);
  assert.match(
    planned(compareSpec("m", "a")).words,
    /two-sided at 0\.008333 \(0\.05 over the 6 tests of its family, holm correction\)/,
  );
  assert.match(planned().words, /no comparison of it is declared/);
});

for (const pairing of ["independent", "common-random-numbers"] as const) {
  test(`a pilot with ${pairing}: simulation from its values agrees with the formula`, () => {
    const table = patienceTable({ pairing, analyses: [], replicates: 40 });
    const plan = samplePlanFromPilot(table, {
      metric: "profitGain",
      factor: "discount",
      baseline: null,
      test: plain,
      differences: [0.05],
      power: 0.8,
      declared: 40,
    });
    assert.is(plan.assumption.design, pairing === "independent" ? "independent" : "paired");
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

test("a pilot of shares and of counts says where it stands, and how outcomes hang together", () => {
  const pilotOf = (metric: "win" | "crashes", pairing: "independent" | "common-random-numbers") =>
    samplePlanFromPilot(
      syntheticTable({
        factors: { a: ["x", "y"] },
        replicates: 40,
        pairing,
        metrics: {
          win: numberMetric({ type: "boolean" }),
          crashes: numberMetric({ type: "integer", count: { exposure: null } }),
        },
        value: ({ metric: name, replicate, condition }) =>
          name === "win" ? Number(replicate < 10) : (replicate % 4) + (condition.a === "y" ? 1 : 0),
      }),
      { metric, factor: "a", baseline: "x", test: plain, differences: [], power: 0.8, declared: 40 },
    );
  const free = pilotOf("win", "independent");
  assert.equal(free.assumption, { ...share, from: 0.25 });
  const counts = pilotOf("crashes", "independent");
  assert.equal(counts.assumption, { ...rate, from: 1.5 });
  assert.ok(counts.effects.every(({ replicates }) => replicates > 2));
  // The same trials succeed at both levels; no other shares can be so correlated, and a plan takes them as near to it as can be.
  const alike = pilotOf("win", "common-random-numbers");
  assert.match(alike.source, /10 of 40\), correlated by 1\.00 within replicates/);
  assert.ok(alike.effects[0]!.replicates < free.effects[0]!.replicates / 4);
  const together = pilotOf("crashes", "common-random-numbers");
  assert.match(together.source, /60 events over 40\), correlated by 1\.00 within replicates/);
});

test.run();
