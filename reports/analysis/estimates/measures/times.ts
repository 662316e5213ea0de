// The measure of times that may be cut off: restricted means, up to a horizon that every condition reaches. What each trial adds to them is a
// number (design/censored-times.ts), so intervals, pairs and clusters are those of means; independent levels are tested by the log-rank test.
import { normalLower, normalUpper } from "../../../../lib/stats/distribution/normal.ts";
import type { Alternative, Estimate, TestResult } from "../../../../lib/stats/estimate.ts";
import { settledInterval } from "../../../../lib/stats/proportions/settled-interval.ts";
import { isRefused, orRefusal } from "../../../../lib/stats/refusal.ts";
import { logRank } from "../../../../lib/stats/survival/log-rank.ts";
import type { LevelDesign } from "../../../design/level-design.ts";
import { sharedOf } from "../../../design/shared-cells.ts";
import type { OtherMethod } from "../../finding.ts";
import { listed } from "../../words/listed.ts";
import { numberText } from "../../words/number-text.ts";
import { hazardsOf } from "./hazards.ts";
import type { Contrast, Difference, Measure, Overall, PairInput, TestRule } from "./measure.ts";
import { chosenMethod } from "./pair-units.ts";
import { type StratifiedTimes, stratifiedTimesOf } from "./time-data.ts";

/** @param means the measure that the design gives to numbers. */
export function timesMeasure(
  means: Measure,
  of: { readonly horizon: number; readonly design: LevelDesign },
): Measure {
  const { horizon, design } = of;
  const isTested = testsHazards(design);
  return {
    estimand: {
      ...means.estimand,
      upTo: horizon,
      name: `${means.estimand.name.replace(/means$/, "restricted means")} up to ${numberText(horizon)}`,
      levelName: `restricted ${means.estimand.levelName}`,
    },
    levelEstimate: means.levelEstimate,
    difference: (input) => differenceOf(means, input),
    joint: (input) => (isTested ? null : means.joint({ ...input, rule: plain(input.rule) })),
    overall: (rule) => (isTested ? overallOf(design) : means.overall(plain(rule))),
    reason: (rule) => reasonOf(means, rule, of),
  };
}

/** Trials of which none shares anything with another, compared like with like: what the log-rank test asks. */
function testsHazards({ kind, basis }: LevelDesign): boolean {
  return kind === "cells" && basis !== "regression";
}

/** A ladder of normality checks says nothing of times that are cut off. */
function plain(rule: TestRule): TestRule {
  return { ...rule, tests: "estimation" };
}

function differenceOf(means: Measure, input: PairInput): Difference {
  const base = means.difference({ ...input, rule: plain(input.rule), withAlternatives: false });
  const { chosen: ofMeans } = base;
  const samples = stratifiedTimesOf([input.x, input.y], input.design);
  const isTested = testsHazards(input.design);
  const hazards = hazardsOf(samples, input);
  const shared = { ...base, assumptions: hazards.checks };
  if (isRefused(ofMeans)) return shared;
  const chosen = isTested
    ? orRefusal(() => logRankContrast(ofMeans, samples, { ...input.rule, side: input.side }))
    : ofMeans;
  if (isRefused(chosen)) return { ...shared, chosen, measuresAt: () => [], detectableAt: () => null };
  return {
    ...shared,
    chosen,
    measuresAt: (level) => hazards.measuresAt(level, chosen.twoSidedP),
    alternatives: input.withAlternatives
      ? [
          chosenMethod(chosen),
          ...(isTested ? [asOther(ofMeans, "of the restricted means")] : othersOf(samples)),
        ]
      : [],
  };
}

/** The interval of the restricted means' difference, its end at 0 where the test of the whole course says so. */
function logRankContrast(
  ofMeans: Contrast,
  samples: StratifiedTimes,
  { confidence, side }: { readonly confidence: number; readonly side: Alternative },
): Contrast {
  const both = logRankTest(samples, "two-sided");
  const at = (level: number) =>
    settledInterval({ p: both.p, level, null: 0, at: (own) => restricted(ofMeans.intervalAt(own)) });
  return {
    estimate: at(confidence),
    test: side === "two-sided" ? both : logRankTest(samples, side),
    twoSidedP: both.p,
    intervalAt: at,
    testAgainst: ofMeans.testAgainst,
  };
}

function restricted(estimate: Estimate): Estimate {
  return {
    ...estimate,
    method: estimate.method.replace("difference of means", "difference of restricted means"),
  };
}

/** One-sided by the sign of the events that the first level had too few of: fewer events are longer times. */
function logRankTest({ groups, strata }: StratifiedTimes, alternative: Alternative): TestResult {
  const { observed, expected, variance, ...test } = logRank(
    new Set(strata.flat()).size > 1 ? { groups, strata } : { groups },
  );
  if (alternative === "two-sided") return test;
  const z = (expected[0]! - observed[0]!) / Math.sqrt(variance);
  return {
    ...test,
    method: `${test.method}, one-sided (${alternative})`,
    symbol: "z",
    statistic: z,
    df: [],
    p: alternative === "greater" ? normalUpper(z) : normalLower(z),
    alternative,
  };
}

function asOther({ estimate, twoSidedP, test }: Contrast, about: string): OtherMethod {
  const { method } = test;
  return {
    method: `${method.replace(/, one-sided \([a-z]+\)$/, "")} ${about}`,
    estimate: estimate.value,
    interval: { low: estimate.low, high: estimate.high, level: estimate.level, method: estimate.method },
    p: twoSidedP,
    isChosen: false,
  };
}

/** Beside pairs: who of each pair ended first. */
function othersOf(samples: StratifiedTimes): readonly OtherMethod[] {
  const test = orRefusal(() => logRankTest(samples, "two-sided"));
  if (isRefused(test)) return [];
  return [{ method: `${test.method} by pair`, estimate: null, interval: null, p: test.p, isChosen: false }];
}

function overallOf(design: LevelDesign): Overall {
  if (design.levels.length < 2) return { test: null, effect: null, note: null };
  const test = orRefusal(() =>
    logRankTest(stratifiedTimesOf(sharedOf(design, design.levels), design), "two-sided"),
  );
  return isRefused(test)
    ? { test: null, effect: null, note: test.reason }
    : { test, effect: null, note: null };
}

function reasonOf(
  means: Measure,
  rule: TestRule,
  { horizon, design }: { readonly horizon: number; readonly design: LevelDesign },
): string {
  const until = `Some trials were censored, so each is taken as a time that may be cut off: means are restricted to ${numberText(horizon)}, which every condition reaches (the area under the Kaplan-Meier curve), and a trial counts as what it adds to that (pseudo-values of the infinitesimal jackknife; the time itself where nothing was cut before).`;
  if (!testsHazards(design)) return `${until} ${means.reason(plain(rule))}`;
  const over =
    design.averagedOver.length === 0
      ? ""
      : ` stratified by the cells of ${listed(design.averagedOver)}, over which restricted means are averaged with equal weights`;
  return `${until} Trials are independent; levels are compared by the log-rank test${over}. The interval is that of the restricted means; where it would contradict the test about 0, its end is the one that the test sets. The rule was fixed before the data were seen.`;
}
