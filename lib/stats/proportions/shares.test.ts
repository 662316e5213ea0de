// Shares over cells, units and pairs: laws, exact enumerations, and numbers of SciPy 1.17 and NumPy.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { proportionInterval } from "../proportion-interval.ts";
import { averagedShare, shareDifference, shareOfUnits } from "./averaged-shares.ts";
import { averagedSharesTest, type ShareStratum } from "./averaged-shares-test.ts";
import { boschlooExact } from "./exact-tests.ts";
import { mcNemar } from "./paired-proportions.ts";
import { pairedSharesDifference, pairedSharesTest } from "./paired-shares.ts";
import { settledInterval } from "./settled-interval.ts";
import { blockedShares, severalAveragedShares, severalShares } from "./several-shares.ts";
import { cochranMantelHaenszel } from "./stratified-proportions.ts";
import { logChoose } from "./two-by-two.ts";
import { chiSquaredProportions, proportionDifference } from "./two-proportions.ts";

const near = (actual: number, expected: number, digits: number): void =>
  assert.ok(Math.abs(actual - expected) < 0.5 * 10 ** -digits, `${actual} is not ${expected}`);

const stratum = (x1: number, n1: number, x2: number, n2: number, weight: number): ShareStratum => ({
  first: { successes: x1, n: n1 },
  second: { successes: x2, n: n2 },
  weight,
});

const table = fc
  .tuple(fc.integer({ min: 1, max: 14 }), fc.integer({ min: 1, max: 14 }))
  .chain(([n1, n2]) => fc.tuple(fc.nat({ max: n1 }), fc.constant(n1), fc.nat({ max: n2 }), fc.constant(n2)));
const balanced = fc
  .integer({ min: 2, max: 9 })
  .chain((n) =>
    fc
      .array(fc.tuple(fc.nat({ max: n }), fc.nat({ max: n })), { minLength: 2, maxLength: 5 })
      .map((cells) => cells.map(([x1, x2]) => stratum(x1, n, x2, n, 1 / cells.length))),
  );

test("one cell gives Wilson's interval and Newcombe's difference", () => {
  fc.assert(
    fc.property(table, ([x1, n1, x2, n2]) => {
      const { first, second } = stratum(x1, n1, x2, n2, 1);
      const [one, two] = [first, second].map((count) => averagedShare({ cells: [{ ...count, weight: 1 }] }));
      near(one!.low, proportionInterval(first).low, 12);
      near(one!.high, proportionInterval(first).high, 12);
      const difference = shareDifference(one!, two!);
      near(difference.low, proportionDifference({ first, second }).low, 12);
      near(difference.high, proportionDifference({ first, second }).high, 12);
    }),
  );
});

test("averaged shares and their differences hold their estimate, stay in range, and more confidence is wider", () => {
  fc.assert(
    fc.property(balanced, (strata) => {
      const at = (level: number) => {
        const side = (of: "first" | "second") =>
          averagedShare({ cells: strata.map((each) => ({ ...each[of], weight: each.weight })), level });
        return [side("first"), shareDifference(side("first"), side("second"))] as const;
      };
      const [share, difference] = at(0.95);
      assert.ok(
        0 <= share.low &&
          share.low <= share.value + 1e-12 &&
          share.value <= share.high + 1e-12 &&
          share.high <= 1,
      );
      assert.ok(-1 <= difference.low && difference.low <= difference.value + 1e-12);
      assert.ok(difference.value <= difference.high + 1e-12 && difference.high <= 1);
      const [, wider] = at(0.99);
      assert.ok(wider.low <= difference.low && difference.high <= wider.high);
    }),
  );
});

test("units of one trial are trials; more trials a unit narrow the interval by as much as units agree, and no more than free trials would", () => {
  const outcomes = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0];
  const single = shareOfUnits({ values: outcomes, trials: 10 });
  near(single.low, proportionInterval({ successes: 3, n: 10 }).low, 12);
  const free = proportionInterval({ successes: 12, n: 40 });
  const alike = shareOfUnits({ values: outcomes, trials: 40 });
  const apart = shareOfUnits({
    values: [0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.25, 0.25, 0.25, 0.25],
    trials: 40,
  });
  near(alike.low, single.low, 12);
  near(apart.low, free.low, 12);
  near(
    shareOfUnits({ values: [0, 0, 0], trials: 12 }).high,
    proportionInterval({ successes: 0, n: 3 }).high,
    12,
  );
});

test("balanced cells give the Cochran-Mantel-Haenszel statistic, for two groups and for several", () => {
  fc.assert(
    fc.property(balanced, (strata) => {
      const { statistic } = averagedSharesTest({ strata });
      const sum = (of: (each: ShareStratum) => number): number =>
        strata.reduce((total, each) => total + of(each), 0);
      const [x1, x2] = [sum(({ first }) => first.successes), sum(({ second }) => second.successes)];
      // The common odds ratio is refused at 0 and infinity, the statistic never.
      if (
        sum(({ first, second }) => first.successes * (second.n - second.successes)) > 0 &&
        sum(({ first, second }) => second.successes * (first.n - first.successes)) > 0
      )
        near(statistic ** 2, cochranMantelHaenszel({ strata }).statistic, 8);
      assert.is(Math.sign(Math.round(statistic * 1e9)), Math.sign(x1 - x2));
      const several = severalAveragedShares(
        strata.map(({ first, second, weight }) => ({ groups: [first, second], weight })),
      );
      near(several.statistic, statistic ** 2, 8);
    }),
    { numRuns: 40 },
  );
  // R's mantelhaen.test, its formula evaluated by NumPy: three groups of 20 in two cells.
  const cell = (...successes: readonly number[]) => ({
    groups: successes.map((x) => ({ successes: x, n: 20 })),
    weight: 0.5,
  });
  const { statistic, p } = severalAveragedShares([cell(3, 9, 6), cell(8, 15, 9)]);
  near(statistic, 9.5, 10);
  near(p, 0.008651695203120634, 10);
});

test("with unequal cells the statistic of two groups is still the square of their test, and of no number of equal groups too slow", () => {
  const cell = fc
    .tuple(fc.integer({ min: 2, max: 9 }), fc.integer({ min: 2, max: 9 }))
    .chain(([n1, n2]) =>
      fc.tuple(fc.nat({ max: n1 }), fc.constant(n1), fc.nat({ max: n2 }), fc.constant(n2)),
    );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 2, maxLength: 4 }), (cells) => {
      const strata = cells.map(([x1, n1, x2, n2]) => stratum(x1, n1, x2, n2, 1 / cells.length));
      const { statistic } = averagedSharesTest({ strata });
      const several = severalAveragedShares(
        strata.map(({ first, second, weight }) => ({ groups: [first, second], weight })),
      );
      near(several.statistic, statistic ** 2, 8);
    }),
    { numRuns: 20 },
  );
  const groups = Array.from({ length: 5000 }, (_, i) => ({ successes: 2 + (i % 5), n: 10 }));
  // Pearson's sum, by hand: shares 0.2 to 0.6 about 0.4, and (N - 1)/N.
  near(
    severalShares(groups).statistic,
    ((1000 * 10 * (0.04 + 0.01 + 0.01 + 0.04)) / 0.24) * (49_999 / 50_000),
    6,
  );
});

test("over sparse cells p is exact: twice the smaller tail of the summed hypergeometric variables", () => {
  const strata = [stratum(0, 10, 3, 10, 1 / 3), stratum(0, 10, 2, 10, 1 / 3), stratum(1, 10, 2, 10, 1 / 3)];
  const { p, method } = averagedSharesTest({ strata });
  // Convolution of scipy.stats.hypergeom (1.17).
  near(p, 0.0562764251348593, 10);
  assert.match(method, /exact/);
});

test("0 of 20 against 20 of 20 has a test, and an interval, alone, over cells and in pairs", () => {
  // scipy.stats.boschloo_exact (1.17).
  near(averagedSharesTest({ strata: [stratum(0, 20, 20, 20, 1)] }).p / 1.818989403545863e-12, 1, 6);
  const strata = [stratum(0, 20, 20, 20, 0.5), stratum(0, 20, 20, 20, 0.5)];
  assert.ok(averagedSharesTest({ strata }).p < 1e-15);
  const [x, y] = [new Array<number>(20).fill(0), new Array<number>(20).fill(1)];
  assert.is(pairedSharesTest({ x, y }).p, 2 ** -20);
  assert.ok(pairedSharesDifference({ x, y }).high < -0.7);
  assert.ok(blockedShares([...x].map(() => [0, 1, 1])).p < 0.001);
  assert.ok(
    severalShares([
      { successes: 0, n: 20 },
      { successes: 20, n: 20 },
      { successes: 20, n: 20 },
    ]).p < 1e-10,
  );
});

test("the interval of units' differences holds their mean at every level, stays in range and narrows as units agree", () => {
  const unit = fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 }));
  fc.assert(
    fc.property(
      fc.array(unit, { minLength: 1, maxLength: 25 }),
      fc.double({ min: 0.05, max: 0.9999, noNaN: true }),
      (units, level) => {
        const [x, y] = [units.map(([one]) => one / 4), units.map(([, two]) => two / 4)];
        const { value, low, high } = pairedSharesDifference({ x, y, level, trials: 4 });
        assert.ok(
          -1 <= low && low <= value + 1e-12 && value <= high + 1e-12 && high <= 1,
          `${[low, value, high]}`,
        );
      },
    ),
  );
  const width = (d: readonly number[]): number => {
    const { low, high } = pairedSharesDifference({ x: d.map((value) => 0.5 + value), y: d.map(() => 0.5) });
    return high - low;
  };
  assert.ok(width([0.25, 0.25, 0.25, 0.25, 0.25, 0.25]) < width([0.25, 0, 0.5, 0.25, -0.25, 0.75]));
});

test("where every trial ends alike nothing speaks against equal shares", () => {
  const same = [
    { successes: 5, n: 5 },
    { successes: 5, n: 5 },
    { successes: 5, n: 5 },
  ];
  assert.is(severalShares(same).p, 1);
  assert.is(
    severalAveragedShares([
      { groups: same, weight: 0.5 },
      { groups: same, weight: 0.5 },
    ]).p,
    1,
  );
  assert.is(averagedSharesTest({ strata: [stratum(5, 5, 5, 5, 0.5), stratum(0, 5, 0, 5, 0.5)] }).p, 1);
  near(averagedSharesTest({ strata: [stratum(5, 5, 5, 5, 1)] }).p, 1, 9);
  assert.is(pairedSharesTest({ x: [1, 1], y: [1, 1] }).p, 1);
  assert.is(
    blockedShares([
      [1, 1, 1],
      [0, 0, 0],
    ]).p,
    1,
  );
});

test("pairs of single trials give McNemar's mid-p test; pairs of shares the same test of their signs", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), { minLength: 1, maxLength: 30 }), (pairs) => {
      const [x, y] = [pairs.map(([one]) => Number(one)), pairs.map(([, two]) => Number(two))];
      const onlyFirst = pairs.filter(([one, two]) => one && !two).length;
      const onlySecond = pairs.filter(([one, two]) => !one && two).length;
      if (onlyFirst === onlySecond) return;
      near(pairedSharesTest({ x, y }).p, mcNemar({ both: 0, neither: 0, onlyFirst, onlySecond }).p, 10);
    }),
  );
  // All 2^7 flips, counted by hand: differences .5, .25, 0, .75, -.25, .5, .25, .5.
  const x = [0.75, 0.5, 0.25, 1, 0.25, 0.75, 0.5, 1];
  const y = [0.25, 0.25, 0.25, 0.25, 0.5, 0.25, 0.25, 0.5];
  near(pairedSharesTest({ x, y }).p, 0.0390625, 10);
});

test("several groups: Freeman and Halton's p by counting all tables, N - 1 chi-squared for many trials, Cochran's Q by counting all exchanges", () => {
  const groups = (...of: readonly (readonly [number, number])[]) =>
    of.map(([successes, n]) => ({ successes, n }));
  near(severalShares(groups([2, 10], [9, 10], [5, 10])).p, 0.008664089008127516, 9);
  near(severalShares(groups([0, 12], [3, 8], [1, 10], [7, 10])).p, 0.0006960684305136517, 9);
  // scipy.stats.chi2_contingency without correction, times (N - 1)/N.
  const { statistic, p } = severalShares(groups([20, 50], [31, 50], [25, 70]));
  near(statistic, 8.735226363781797, 9);
  near(p, 0.012681472843214076, 9);
  const rows = [
    [1, 1, 0],
    [1, 0, 0],
    [1, 1, 1],
    [0, 1, 0],
    [1, 1, 0],
    [1, 0, 0],
    [1, 1, 0],
    [1, 1, 0],
    [0, 0, 0],
    [1, 1, 1],
    [1, 1, 0],
    [1, 0, 1],
  ];
  const exactQ = 0.01585124218869075;
  const q = blockedShares(rows);
  near(q.statistic, 8.666666666666666, 10);
  assert.ok(
    Math.abs(q.p - exactQ) < 4 * Math.sqrt((exactQ * (1 - exactQ)) / 10_000),
    `${q.p} against ${exactQ}`,
  );
  near(
    severalShares(groups([4, 30], [12, 30])).statistic,
    (chiSquaredProportions(stratum(4, 30, 12, 30, 1)).statistic * 59) / 60,
    9,
  );
});

test("a settled interval excludes 0 exactly where the exact test rejects, at every level, and else is Newcombe's", () => {
  fc.assert(
    fc.property(table, fc.double({ min: 0.5, max: 0.999, noNaN: true }), ([x1, n1, x2, n2], level) => {
      const { first, second } = stratum(x1, n1, x2, n2, 1);
      const { p } = boschlooExact({ first, second });
      const plain = proportionDifference({ first, second, level });
      const { low, high, value } = settledInterval({
        p,
        level,
        null: 0,
        at: (of) => proportionDifference({ first, second, level: of }),
      });
      assert.is(low > 0 || high < 0, p < 1 - level, `${[low, high]} with p = ${p} at ${level}`);
      assert.ok(-1 - 1e-12 <= low && low <= value + 1e-12 && value <= high + 1e-12 && high <= 1 + 1e-12);
      const agrees = (plain.low > 0 || plain.high < 0) === p < 1 - level;
      if (agrees) assert.equal([low, high], [plain.low, plain.high]);
    }),
    { numRuns: 300 },
  );
});

test("the exact test over cells errs no more often than it says, at any common shares", () => {
  const n = 5;
  const rejected = (a: number, b: number, c: number, d: number): boolean =>
    averagedSharesTest({ strata: [stratum(a, n, b, n, 0.5), stratum(c, n, d, n, 0.5)] }).p <= 0.05;
  const tables: (readonly number[])[] = [];
  for (let a = 0; a <= n; a += 1)
    for (let b = 0; b <= n; b += 1)
      for (let c = 0; c <= n; c += 1)
        for (let d = 0; d <= n; d += 1) if (rejected(a, b, c, d)) tables.push([a, b, c, d]);
  const chance = (x: number, p: number): number => Math.exp(logChoose(n, x)) * p ** x * (1 - p) ** (n - x);
  for (const [p, q] of [
    [0.1, 0.1],
    [0.3, 0.1],
    [0.5, 0.5],
    [0.5, 0.9],
    [0.2, 0.7],
  ] as const) {
    const size = tables.reduce(
      (sum, [a, b, c, d]) => sum + chance(a!, p) * chance(b!, p) * chance(c!, q) * chance(d!, q),
      0,
    );
    assert.ok(size <= 0.062, `${size} at ${p}, ${q}`);
  }
});

test.run();
