// The difference of two rates of events by the method its design calls for, their ratio, and the same data under other methods.
import { rateDifference, rateRatioOf, ratesTest } from "../../../../lib/stats/counts/rates.ts";
import type { Alternative, Estimate, TestResult } from "../../../../lib/stats/estimate.ts";
import { stratifiedWelch } from "../../../../lib/stats/means/stratified-welch.ts";
import { pairedT, welch } from "../../../../lib/stats/means/t-test.ts";
import { shareCorrelation } from "../../../../lib/stats/proportions/averaged-shares.ts";
import { signFlipTest } from "../../../../lib/stats/proportions/paired-shares.ts";
import { settledInterval } from "../../../../lib/stats/proportions/settled-interval.ts";
import { isRefused, orRefusal, refuse } from "../../../../lib/stats/refusal.ts";
import { permutationTest } from "../../../../lib/stats/resampling/permutation.ts";
import { samplesOf } from "../../../design/level-design.ts";
import type { EffectSize, OtherMethod } from "../../finding.ts";
import { effectIntervalOf } from "../../interval.ts";
import { detectableFrom, invertedContrast } from "./inverted.ts";
import type { Difference, PairInput } from "./measure.ts";
import { chosenMethod, otherMethods, type Units, unitsOf, withP } from "./pair-units.ts";
import { levelDispersionOf, rateOf, rateStrataOf } from "./rate-data.ts";

export function rateDifferenceOf(input: PairInput): Difference {
  const { rule, side } = input;
  const units = unitsOf(input);
  const shared = { ...units, assumptions: [] };
  const chosen = orRefusal(() => {
    if (units.x.length === 0 || units.y.length === 0) refuse("too-few", "a level has no count to compare");
    return invertedContrast({
      confidence: rule.confidence,
      side,
      reference: 0,
      at: (level) => rateDifference(...ratesAt(input, level), { correlation: correlationOf(units) }),
      test: (of) => testOf(input, units, of),
    });
  });
  if (isRefused(chosen))
    return { ...shared, chosen, measuresAt: () => [], detectableAt: () => null, alternatives: [] };
  return {
    ...shared,
    chosen,
    measuresAt: (level) => ratioOf(input, units, level),
    detectableAt: (tail) => detectableFrom(chosen.estimate, { tail, most: Number.POSITIVE_INFINITY }),
    alternatives: input.withAlternatives ? [chosenMethod(chosen), ...othersOf(input, units)] : [],
  };
}

function ratesAt({ design, x, y }: PairInput, level: number): readonly [Estimate, Estimate] {
  return [rateOf(x, design, level), rateOf(y, design, level)];
}

function correlationOf({ isPaired, x, y }: Units): number {
  return isPaired ? shareCorrelation(x, y) : 0;
}

function testOf({ design, x, y, seed }: PairInput, units: Units, alternative: Alternative): TestResult {
  if (units.isPaired) return { ...signFlipTest({ x: units.x, y: units.y, alternative }), symbol: "sum" };
  if (design.kind === "cells") {
    const { cautious } = levelDispersionOf(design, x);
    return ratesTest({ strata: rateStrataOf(x, y), theta: cautious, alternative });
  }
  const exchanged = orRefusal(() =>
    permutationTest({ x: units.x, y: units.y, alternative, twoSided: "doubled", seed }),
  );
  const shared = { symbol: "difference", df: [], alternative, n: [units.x.length, units.y.length] };
  const method = "permutation test of the units' rates";
  if (isRefused(exchanged)) return { ...shared, method, statistic: 0, p: 1 };
  return { ...shared, method, statistic: exchanged.statistic, p: exchanged.p };
}

/** None where a rate is 0 in the second level: the ratio is then no number. */
function ratioOf(input: PairInput, units: Units, confidence: number): readonly EffectSize[] {
  const at = (level: number): Estimate =>
    rateRatioOf(...ratesAt(input, level), { correlation: correlationOf(units) });
  const plain = orRefusal(() => at(confidence));
  if (isRefused(plain) || !Number.isFinite(plain.value)) return [];
  const { p } = testOf(input, units, "two-sided");
  const estimate = settledInterval({ p, level: confidence, null: 1, at });
  return [{ name: "rate ratio", value: estimate.value, interval: effectIntervalOf(estimate), label: null }];
}

/** The same data under other methods, two-sided; those that have no answer are left out. */
function othersOf(input: PairInput, units: Units): readonly OtherMethod[] {
  const { design, x, y, rule } = input;
  const samples = { x: units.x, y: units.y, level: rule.confidence };
  if (units.isPaired)
    return otherMethods([
      { label: "paired t test", run: () => withP(pairedT(samples)) },
      { label: "Welch's t test, ignoring the pairs", run: () => withP(welch(samples)) },
    ]);
  const isStratified = design.kind === "cells" && x.cells.length > 1;
  return otherMethods([
    isStratified
      ? {
          label: "Welch's t test stratified by cell",
          run: () => withP(stratifiedWelch({ x: samplesOf(x), y: samplesOf(y), level: rule.confidence })),
        }
      : { label: "Welch's t test", run: () => withP(welch(samples)) },
  ]);
}
