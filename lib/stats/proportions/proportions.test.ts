// Laws of the statistics of proportions and counts, and the numbers that papers print. R's and SciPy's are in reference.test.ts.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { negativeBinomialRegression, poissonRegression } from "../counts/count-regression.ts";
import { logisticRegression } from "../counts/logistic-regression.ts";
import { poissonRate, poissonRateRatio } from "../counts/poisson-rates.ts";
import { exactProportionInterval } from "../proportion-interval.ts";
import { StatisticsRefusal } from "../refusal.ts";
import { barnardExact, boschlooExact, fisherExact, midPExact } from "./exact-tests.ts";
import { mcNemar, pairedProportionDifference } from "./paired-proportions.ts";
import { cochranMantelHaenszel, stratifiedDifference, stratifiedExact } from "./stratified-proportions.ts";
import { logChoose, type TwoByTwo } from "./two-by-two.ts";
import {
  chiSquaredProportions,
  oddsRatio,
  proportionDifference,
  proportionDifferenceScore,
  riskRatio,
} from "./two-proportions.ts";

const near = (actual: number, expected: number, digits: number): void =>
  assert.ok(Math.abs(actual - expected) < 0.5 * 10 ** -digits, `${actual} is not ${expected}`);

const table = (x1: number, n1: number, x2: number, n2: number): TwoByTwo => ({
  first: { successes: x1, n: n1 },
  second: { successes: x2, n: n2 },
});

test("the differences that Newcombe (1998) prints come out to the digit", () => {
  const printed: readonly (readonly [TwoByTwo, number, number])[] = [
    [table(56, 70, 48, 80), 0.0524, 0.3339],
    [table(9, 10, 3, 10), 0.1705, 0.809],
    [table(10, 10, 0, 20), 0.6791, 1],
  ];
  for (const [counts, low, high] of printed) {
    near(proportionDifference(counts).low, low, 4);
    near(proportionDifference(counts).high, high, 4);
  }
});

test("0 of 20 against 20 of 20 has an answer", () => {
  const counts = table(0, 20, 20, 20);
  near(boschlooExact(counts).p / 1.8e-12, 1, 1);
  assert.ok(fisherExact(counts).p < 1e-10);
  near(proportionDifference(counts).low, -1, 6);
  assert.ok(proportionDifference(counts).high < -0.7);
});

const counts = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
  .chain(([n1, n2]) =>
    fc.tuple(fc.nat({ max: n1 }), fc.nat({ max: n2 })).map(([x1, x2]) => table(x1, n1, x2, n2)),
  );
const turned = ({ first, second }: TwoByTwo): TwoByTwo => ({ first: second, second: first });
const failures = ({ first, second }: TwoByTwo): TwoByTwo => ({
  first: { ...first, successes: first.n - first.successes },
  second: { ...second, successes: second.n - second.successes },
});

test("exact p values are the same with groups or outcomes named the other way, and lie in (0, 1]", () => {
  fc.assert(
    fc.property(counts, (of) => {
      for (const exact of [fisherExact, barnardExact, boschlooExact]) {
        const { p } = exact(of);
        assert.ok(p > 0 && p <= 1, `${p}`);
        near(exact(turned(of)).p, p, 7);
        near(exact(failures(of)).p, p, 7);
      }
    }),
    { numRuns: 60 },
  );
});

test("an exact test rejects a true null hypothesis no more often than it says, at every common proportion", () => {
  const [n1, n2] = [7, 9];
  const chance = (x: number, n: number, p: number): number =>
    Math.exp(logChoose(n, x)) * p ** x * (1 - p) ** (n - x);
  for (const exact of [fisherExact, barnardExact, boschlooExact]) {
    const rejected = Array.from({ length: n1 + 1 }, (_, x1) =>
      Array.from({ length: n2 + 1 }, (__, x2) => exact(table(x1, n1, x2, n2)).p <= 0.05),
    );
    for (let p = 0.02; p < 1; p += 0.02) {
      let size = 0;
      for (let x1 = 0; x1 <= n1; x1 += 1)
        for (let x2 = 0; x2 <= n2; x2 += 1)
          if (rejected[x1]![x2]!) size += chance(x1, n1, p) * chance(x2, n2, p);
      assert.ok(size <= 0.05 + 1e-9, `${exact.name} errs ${size} at ${p}`);
    }
  }
});

test("exact limits of one proportion miss it no more often than they say, at every proportion", () => {
  const n = 15;
  for (let p = 0.01; p < 1; p += 0.01) {
    let covered = 0;
    for (let x = 0; x <= n; x += 1) {
      const { low, high } = exactProportionInterval({ successes: x, n });
      if (low <= p && p <= high) covered += Math.exp(logChoose(n, x)) * p ** x * (1 - p) ** (n - x);
    }
    assert.ok(covered >= 0.95 - 1e-9, `${covered} at ${p}`);
  }
});

test("intervals of a difference hold it, stay in [-1, 1] and turn over with the groups", () => {
  fc.assert(
    fc.property(counts, (of) => {
      for (const difference of [proportionDifference, proportionDifferenceScore]) {
        const { value, low, high } = difference(of);
        assert.ok(-1 - 1e-12 <= low && low <= value + 1e-12 && value <= high + 1e-12 && high <= 1 + 1e-12);
        const other = difference(turned(of));
        near(other.low, -high, 6);
        near(other.high, -low, 6);
      }
    }),
    { numRuns: 60 },
  );
});

test("one stratum is the table by itself, and equal strata add up", () => {
  fc.assert(
    fc.property(counts, (of) => {
      near(stratifiedExact({ strata: [of] }).p, fisherExact(of).p, 9);
      try {
        near(
          stratifiedDifference({ strata: [of, of] }).value,
          stratifiedDifference({ strata: [of] }).value,
          10,
        );
        const n = of.first.n + of.second.n;
        // The stratified test divides by n - 1 where Pearson's divides by n.
        near(
          cochranMantelHaenszel({ strata: [of] }).statistic,
          (chiSquaredProportions(of).statistic * (n - 1)) / n,
          8,
        );
      } catch (error) {
        if (!(error instanceof StatisticsRefusal)) throw error;
      }
    }),
    { numRuns: 60 },
  );
});

test("pairs that agree say nothing: adding some moves no test, and narrows the difference", () => {
  const few = { both: 3, onlyFirst: 9, onlySecond: 2, neither: 4 };
  const many = { ...few, both: 300 };
  assert.is(mcNemar(many).p, mcNemar(few).p);
  const width = ({ low, high }: { low: number; high: number }): number => high - low;
  assert.ok(width(pairedProportionDifference(many)) < width(pairedProportionDifference(few)));
});

test("a rate's exact limits are those at which the tail is one half of the error", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      (events, exposure) => {
        const { low, high } = poissonRate({ events, exposure });
        const below = (mean: number, to: number): number => {
          let [term, sum] = [Math.exp(-mean), 0];
          for (let x = 0; x <= to; x += 1) {
            sum += term;
            term *= mean / (x + 1);
          }
          return sum;
        };
        near(1 - below(low * exposure, events - 1), 0.025, 8);
        near(below(high * exposure, events), 0.025, 8);
      },
    ),
    { numRuns: 50 },
  );
});

test("regressions on a group alone give what the table gives", () => {
  const y = [2, 5, 3, 7, 0, 4, 11, 9, 6, 8, 3, 12];
  const covariates = y.map((_, at) => [Number(at >= 6)]);
  const [rate] = poissonRegression({ y, covariates }).rateRatios;
  const [first, second] = [y.slice(6), y.slice(0, 6)].map((part) =>
    part.reduce((sum, value) => sum + value, 0),
  );
  near(rate!.value, first! / second!, 9);
  near(
    poissonRateRatio({ first: { events: first!, exposure: 6 }, second: { events: second!, exposure: 6 } })
      .ratio.value,
    rate!.value,
    9,
  );
  const yes = y.map((value) => value > 4);
  const [term] = logisticRegression({ y: yes, covariates }).terms;
  const of = table(yes.slice(6).filter(Boolean).length, 6, yes.slice(0, 6).filter(Boolean).length, 6);
  near(Math.exp(term!.wald.value), oddsRatio(of).value, 8);
  near(Math.exp(term!.wald.low), oddsRatio(of).low, 7);
  assert.ok(
    negativeBinomialRegression({ y: [0, 30, 1, 25, 0, 2, 60, 0, 1, 90, 3, 0], covariates }).theta < 2,
  );
});

test("what has no answer is refused in words", () => {
  const refusals: readonly (readonly [() => unknown, RegExp])[] = [
    [() => proportionDifference(table(5, 4, 1, 2)), /5 successes in 4 trials/],
    [() => fisherExact(table(1.5, 4, 1, 2)), /whole number/],
    [() => riskRatio(table(0, 4, 1, 2)), /no success/],
    [() => midPExact(table(0, 4, 1, 2)), /0 or infinite/],
    [() => chiSquaredProportions(table(4, 4, 2, 2)), /end alike/],
    [() => mcNemar({ both: 3, onlyFirst: 0, onlySecond: 0, neither: 1 }), /no pair differs/],
    [() => cochranMantelHaenszel({ strata: [] }), /number of strata/],
    [() => poissonRate({ events: 1, exposure: 0 }), /exposure of the sample is 0/],
    [() => poissonRegression({ y: [0, 0], covariates: [[0], [1]] }), /every count is 0/],
    [
      () => negativeBinomialRegression({ y: [3, 3, 3, 3], covariates: [[0], [1], [0], [1]] }),
      /no more than a Poisson/,
    ],
    [
      () => logisticRegression({ y: [true, true, false, false], covariates: [[1], [1], [0], [0]] }),
      /coefficient is infinite/,
    ],
  ];
  for (const [at, [compute, words]] of refusals.entries())
    assert.throws(
      compute,
      (error: Error) => error instanceof StatisticsRefusal && words.test(error.message),
      `refusal ${at}`,
    );
});

test.run();
