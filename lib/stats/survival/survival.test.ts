// Laws of the survival statistics, and the numbers that papers print. R's answers are in reference.test.ts.
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { StatisticsRefusal } from "../refusal.ts";
import { acceleratedFailure } from "./accelerated-failure.ts";
import { cox } from "./cox.ts";
import { kaplanMeier, survivalQuantile } from "./kaplan-meier.ts";
import { logRank } from "./log-rank.ts";
import { compareRestrictedMeans, restrictedMean } from "./restricted-mean.ts";
import { restrictedMeanValues } from "./restricted-mean-values.ts";
import type { SurvivalSample } from "./survival-sample.ts";

const near = (actual: number, expected: number, digits: number): void =>
  assert.ok(Math.abs(actual - expected) < 0.5 * 10 ** -digits, `${actual} is not ${expected}`);

// Weeks in remission (Freireich et al. 1963, as printed by Gehan 1965); a negative time is censored.
const drug = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35];
const placebo = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23];
const sampleOf = (times: readonly number[]): SurvivalSample => ({
  time: times.map(Math.abs),
  event: times.map((value) => value > 0),
});

test("the remission times give the printed log-rank, hazard ratios and survival at 6 weeks", () => {
  near(logRank({ groups: [sampleOf(drug), sampleOf(placebo)] }).statistic, 16.793, 3);
  const both = sampleOf([...drug, ...placebo]);
  const covariates = [...drug.map(() => [1]), ...placebo.map(() => [0])];
  near(cox({ ...both, covariates }).terms[0]!.coefficient, -1.57213, 5);
  near(cox({ ...both, covariates }).terms[0]!.standardError, 0.4124, 4);
  near(cox({ ...both, covariates, ties: "breslow" }).terms[0]!.coefficient, -1.50919, 5);
  const curve = kaplanMeier(sampleOf(drug));
  const at = curve.time.indexOf(6);
  near(curve.survival[at]!, 0.8571, 4);
  near(curve.standardError[at]!, 0.0764, 4);
  near(curve.low[at]!, 0.6197, 4);
  near(curve.high[at]!, 0.9516, 4);
});

const times = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 3, maxLength: 30 });
const sample = fc
  .array(fc.record({ time: fc.integer({ min: 1, max: 40 }), event: fc.boolean() }), {
    minLength: 3,
    maxLength: 30,
  })
  .map((rows) => ({ time: rows.map(({ time }) => time), event: rows.map(({ event }) => event) }));

test("without censoring the curve is the share still to come, and the area under it the mean", () => {
  fc.assert(
    fc.property(times, (time) => {
      const event = time.map(() => true);
      const curve = kaplanMeier({ time, event });
      for (const [index, at] of curve.time.entries())
        near(curve.survival[index]!, time.filter((value) => value > at).length / time.length, 10);
      const tau = Math.max(...time);
      near(
        restrictedMean({ time, event, tau }).value,
        time.reduce((sum, value) => sum + value, 0) / time.length,
        9,
      );
    }),
  );
});

test("curves fall from 1 to 0, limits enclose them, and quantiles rise", () => {
  fc.assert(
    fc.property(
      sample,
      fc.constantFrom("log-log" as const, "log" as const, "plain" as const),
      (rows, interval) => {
        const curve = kaplanMeier({ ...rows, interval });
        let before = 1;
        for (const [index, height] of curve.survival.entries()) {
          assert.ok(height < before && height >= 0);
          before = height;
          const [low, high] = [curve.low[index] ?? height, curve.high[index] ?? height];
          assert.ok(low >= 0 && low <= height + 1e-12 && high <= 1 && high >= height - 1e-12);
        }
        const found = [0.2, 0.5, 0.8].map(
          (p) => survivalQuantile(curve, p).value ?? Number.POSITIVE_INFINITY,
        );
        assert.ok(found[0]! <= found[1]! && found[1]! <= found[2]!);
      },
    ),
  );
});

test("a censored time counts until then and never after: censoring later moves no earlier step", () => {
  fc.assert(
    fc.property(sample, fc.nat({ max: 20 }), (rows, later) => {
      const moved = {
        ...rows,
        time: rows.time.map((value, at) => (rows.event[at]! ? value : value + later)),
      };
      const first = kaplanMeier(rows);
      const firstCensored = Math.min(
        ...rows.time.filter((_, at) => !rows.event[at]!),
        Number.POSITIVE_INFINITY,
      );
      const second = kaplanMeier(moved);
      for (const [index, at] of first.time.entries())
        if (at <= firstCensored) assert.is(second.survival[index], first.survival[index]);
    }),
  );
});

test("without ties Cox's score test is the log-rank test, and naming the groups the other way turns the ratio over", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 12, maxLength: 30 }),
      fc.integer(),
      (time, salt) => {
        const event = time.map((value) => (value * 7 + salt) % 5 !== 0);
        const arm = time.map((value) => Math.abs(value + salt) % 2);
        if (!event.some(Boolean) || new Set(arm.filter((_, at) => event[at])).size < 2) return;
        const groups = [0, 1].map((which) => {
          const own = Array.from(time.keys()).filter((at) => arm[at] === which);
          return { time: own.map((at) => time[at]!), event: own.map((at) => event[at]!) };
        });
        const covariates = arm.map((value) => [value]);
        try {
          const fit = cox({ time, event, covariates });
          near(fit.score.statistic, logRank({ groups }).statistic, 8);
          const turned = cox({ time, event, covariates: arm.map((value) => [1 - value]) });
          near(fit.terms[0]!.coefficient, -turned.terms[0]!.coefficient, 7);
        } catch (error) {
          if (!(error instanceof StatisticsRefusal)) throw error;
        }
      },
    ),
  );
});

test("stretching all times stretches restricted means and leaves ratios, tests and hazards alone", () => {
  const [first, second] = [sampleOf(drug), sampleOf(placebo)];
  const stretched = (by: number, { time, event }: SurvivalSample) => ({
    time: time.map((value) => value * by),
    event,
  });
  const one = compareRestrictedMeans({ first, second, tau: 20 });
  const ten = compareRestrictedMeans({
    first: stretched(10, first),
    second: stretched(10, second),
    tau: 200,
  });
  near(ten.difference.value, 10 * one.difference.value, 9);
  near(ten.ratio.low, one.ratio.low, 10);
  near(ten.p, one.p, 12);
  const both = sampleOf([...drug, ...placebo]);
  const covariates = [...drug.map(() => [1]), ...placebo.map(() => [0])];
  for (const distribution of ["weibull", "exponential", "lognormal", "loglogistic"] as const) {
    const fit = acceleratedFailure({ ...both, covariates, distribution });
    const far = acceleratedFailure({ ...stretched(1e6, both), covariates, distribution });
    near(far.timeRatios[0]!.value, fit.timeRatios[0]!.value, 6);
    near(far.coefficients[0]! - fit.coefficients[0]!, Math.log(1e6), 6);
  }
});

test("what has no answer is refused in words", () => {
  const none: SurvivalSample = { time: [1, 2, 3], event: [false, false, false] };
  const some: SurvivalSample = { time: [1, 2, 3], event: [true, false, false] };
  const refusals: readonly (readonly [() => unknown, RegExp])[] = [
    [() => kaplanMeier({ time: [], event: [] }), /at least 1 value/],
    [() => kaplanMeier({ time: [-1], event: [true] }), /times start at 0/],
    [() => kaplanMeier({ time: [1, 2], event: [true] }), /2 times and 1 event marks/],
    [() => logRank({ groups: [none, none] }), /no event in any group/],
    [() => logRank({ groups: [some] }), /number of groups/],
    [() => restrictedMean({ ...some, tau: 5 }), /tau is 5, beyond the last time 3, which is censored/],
    [() => cox({ ...none, covariates: [[0], [1], [0]] }), /no event/],
    [
      () => cox({ time: [1, 2, 3, 4], event: [true, true, false, false], covariates: [[1], [1], [0], [0]] }),
      /hazard ratio is infinite/,
    ],
    [() => acceleratedFailure({ time: [0, 1], event: [true, true], covariates: [[0], [1]] }), /a time is 0/],
  ];
  for (const [compute, words] of refusals)
    assert.throws(compute, (error: Error) => error instanceof StatisticsRefusal && words.test(error.message));
});

test("200,000 times have a curve, restricted means and a test", () => {
  const time = Array.from({ length: 200_000 }, (_, i) => (i * 7919) % 199_999);
  const event = time.map((value) => value % 3 > 0);
  assert.is(kaplanMeier({ time, event }).last, 199_998);
  assert.is(restrictedMeanValues({ time, event, tau: 150_000 }).length, time.length);
  assert.ok(
    logRank({
      groups: [
        { time, event },
        { time: time.map((value) => value + 0.5), event },
      ],
    }).p > 0.9,
  );
});

test.run();

test("what trials add to a restricted mean averages to it, spreads as Greenwood says, and is the capped time where nothing is cut before", () => {
  fc.assert(
    fc.property(sample, fc.double({ min: 0.1, max: 1, noNaN: true }), ({ time, event }, share) => {
      const tau = share * Math.max(...time);
      const whole = restrictedMean({ time, event, tau });
      const values = restrictedMeanValues({ time, event, tau });
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      near(mean, whole.value, 8);
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      near(Math.sqrt(squares) / values.length, whole.standardError!, 8);
      const all = time.map(() => true);
      assert.equal(
        [...restrictedMeanValues({ time, event: all, tau })],
        time.map((value) => Math.min(value, tau)),
      );
    }),
  );
});
