// Rates of counts that vary as Poisson's or more: laws, and numbers of SciPy 1.17 (nbinom, betabinom, binom, its root finder).
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StatisticsRefusal } from "../refusal.ts";
import { poissonRate, poissonRateRatio } from "./poisson-rates.ts";
import {
  averagedRate,
  dispersionOf,
  type RateCell,
  rateDifference,
  rateRatioOf,
  ratesTest,
  severalRates,
} from "./rates.ts";

const near = (actual: number, expected: number, digits: number): void =>
  assert.ok(
    Math.abs(actual - expected) < 0.5 * 10 ** -digits * Math.max(1, Math.abs(expected)),
    `${actual} is not ${expected}`,
  );

const cell = (
  events: readonly number[],
  exposure: readonly number[] = events.map(() => 1),
  weight = 1,
): RateCell => ({
  events,
  exposure,
  weight,
});
const poisson = Number.POSITIVE_INFINITY;
const spread = (total: number, n: number): readonly number[] => [total, ...new Array<number>(n - 1).fill(0)];

test("without dispersion the limits are Garwood's, and the test is the exact conditional one", () => {
  fc.assert(
    fc.property(fc.nat({ max: 60 }), fc.double({ min: 0.1, max: 100, noNaN: true }), (events, exposure) => {
      const one = averagedRate({ cells: [cell([events], [exposure])], theta: poisson });
      const { value, low, high } = poissonRate({ events, exposure });
      near(one.value, value, 10);
      near(one.low, low, 8);
      near(one.high, high, 8);
    }),
  );
  const first = cell([11], [800]);
  const second = cell([20], [1000]);
  // Twice the smaller tail of scipy.stats.binom(31, 800/1800).
  near(ratesTest({ strata: [{ first, second }], theta: poisson }).p, 0.4120688843426292, 8);
});

test("with dispersion the limits are those at which a tail of the negative binomial total is 0.025", () => {
  const { value, low, high } = averagedRate({ cells: [cell(spread(23, 5))], theta: 1.5 });
  near(value, 4.6, 10);
  near(low, 2.1553944474436504, 8);
  near(high, 12.263460623474948, 8);
});

test("given all events a negative binomial level has a beta-binomial share of them", () => {
  const { p } = ratesTest({
    strata: [{ first: cell(spread(23, 5)), second: cell(spread(6, 8)) }],
    theta: 1.5,
  });
  near(p, 0.005763842020617638, 8);
});

test("a dispersion that goes to infinity ends at Poisson, in limits and in p", () => {
  const [first, second] = [cell([4, 7, 2]), cell([1, 3, 0])];
  for (const [wide, narrow] of [
    [averagedRate({ cells: [first], theta: 1e9 }), averagedRate({ cells: [first], theta: poisson })],
  ] as const) {
    near(wide.low, narrow.low, 5);
    near(wide.high, narrow.high, 5);
  }
  near(
    ratesTest({ strata: [{ first, second }], theta: 1e9 }).p,
    ratesTest({ strata: [{ first, second }], theta: poisson }).p,
    5,
  );
});

test("the dispersion makes Pearson's chi-squared its degrees of freedom; counts that vary less have none", () => {
  near(dispersionOf([cell([0, 9, 1, 14, 2])]).theta, 0.8584126984126982, 8);
  assert.is(dispersionOf([cell([3, 3, 4, 3])]).theta, poisson);
  assert.is(dispersionOf([cell([0, 0, 0])]).theta, poisson);
  assert.is(dispersionOf([cell([5])]).theta, poisson);
});

const counts = fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 12 });
const theta = fc.oneof(fc.constant(poisson), fc.double({ min: 2, max: 50, noNaN: true }));

test("limits hold their rate, more confidence is wider, more dispersion is wider, and no event is an answer", () => {
  fc.assert(
    fc.property(counts, theta, (events, of) => {
      const at = (level: number, by = of) => averagedRate({ cells: [cell(events)], theta: by, level });
      const { value, low, high } = at(0.95);
      assert.ok(0 <= low && low <= value && value < high && Number.isFinite(high));
      assert.ok(at(0.99).low <= low && high <= at(0.99).high);
      // The lower limit of a count of 1 hardly moves, and may rise.
      if (Number.isFinite(of)) assert.ok(at(0.95, of / 2).high >= high);
    }),
  );
});

test("differences and ratios of rates turn over with the levels, and p with the sides", () => {
  fc.assert(
    fc.property(counts, counts, theta, (one, other, of) => {
      const [a, b] = [one, other].map((events) => averagedRate({ cells: [cell(events)], theta: of }));
      const strata = [{ first: cell(one), second: cell(other) }];
      const turned = [{ first: cell(other), second: cell(one) }];
      near(ratesTest({ strata, theta: of }).p, ratesTest({ strata: turned, theta: of }).p, 8);
      near(
        ratesTest({ strata, theta: of, alternative: "less" }).p,
        ratesTest({ strata: turned, theta: of, alternative: "greater" }).p,
        8,
      );
      near(rateDifference(a!, b!).low, -rateDifference(b!, a!).high, 8);
      if (a!.value > 0 && b!.value > 0) near(rateRatioOf(a!, b!).low, 1 / rateRatioOf(b!, a!).high, 6);
      const difference = rateDifference(a!, b!);
      assert.ok(difference.low <= difference.value && difference.value <= difference.high);
    }),
    { numRuns: 60 },
  );
});

test("no event in one level is an answer, none in both is p = 1", () => {
  const [none, some] = [cell([0, 0, 0, 0]), cell([3, 5, 2, 4])];
  const [a, b] = [none, some].map((each) => averagedRate({ cells: [each], theta: poisson }));
  assert.ok(ratesTest({ strata: [{ first: none, second: some }], theta: poisson }).p < 0.001);
  assert.is(rateRatioOf(a!, b!).low, 0);
  assert.ok(rateRatioOf(a!, b!).high < 0.6);
  assert.is(rateRatioOf(b!, a!).high, Number.POSITIVE_INFINITY);
  assert.is(ratesTest({ strata: [{ first: none, second: none }], theta: poisson }).p, 1);
  assert.is(severalRates({ strata: [[none, none, none]], dispersion: dispersionOf([none]) }).p, 1);
});

test("two levels at once are the square of their test; the same counts in two cells with half the weight are one cell", () => {
  const [first, second, third] = [cell([3, 9, 4, 7]), cell([2, 1, 5, 0]), cell([4, 2, 2, 8])];
  const none = { theta: poisson, cautious: poisson, df: 9 };
  const { statistic } = ratesTest({ strata: [{ first, second }], theta: poisson });
  near(severalRates({ strata: [[first, second]], dispersion: none }).statistic, statistic ** 2, 8);
  const halves = [first, second, third].map(({ events, exposure }) => cell(events, exposure, 0.5));
  near(
    severalRates({ strata: [halves, halves], dispersion: none }).statistic,
    2 * severalRates({ strata: [[first, second, third]], dispersion: none }).statistic,
    8,
  );
});

test("Poisson ratios agree with the exact conditional interval where there are many events", () => {
  const [a, b] = [400, 300].map((events) => averagedRate({ cells: [cell([events])], theta: poisson }));
  const exact = poissonRateRatio({
    first: { events: 400, exposure: 1 },
    second: { events: 300, exposure: 1 },
  }).ratio;
  near(rateRatioOf(a!, b!).low, exact.low, 2);
  near(rateRatioOf(a!, b!).high, exact.high, 2);
});

test("what has no answer is refused in words", () => {
  const refusals: readonly (readonly [() => unknown, RegExp])[] = [
    [() => averagedRate({ cells: [cell([-1])], theta: poisson }), /below 0/],
    [() => averagedRate({ cells: [cell([1], [0])], theta: poisson }), /exposure is not above 0/],
    [() => averagedRate({ cells: [cell([])], theta: poisson }), /no count/],
    [() => averagedRate({ cells: [], theta: poisson }), /number of cells/],
    [
      () =>
        rateRatioOf(
          averagedRate({ cells: [cell([0])], theta: poisson }),
          averagedRate({ cells: [cell([0])], theta: poisson }),
        ),
      /neither level has an event/,
    ],
    [() => averagedRate({ cells: [cell([0, 1000])], theta: 0.01 }), /too few and too unlike/],
    [() => severalRates({ strata: [[cell([1])]], dispersion: dispersionOf([cell([1])]) }), /at least two/],
  ];
  for (const [at, [compute, words]] of refusals.entries())
    assert.throws(
      compute,
      (error: Error) => error instanceof StatisticsRefusal && words.test(error.message),
      `refusal ${at}`,
    );
});

test.run();
