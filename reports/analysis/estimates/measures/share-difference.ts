// The difference of two shares by the method its design calls for, and the same data under other methods. A test always has an answer:
// where all trials end alike it is that nothing speaks against equal shares.
import type { Alternative, Estimate, TestResult } from "../../../../lib/stats/estimate.ts";
import { stratifiedWelch } from "../../../../lib/stats/means/stratified-welch.ts";
import { pairedT, welch } from "../../../../lib/stats/means/t-test.ts";
import { shareDifference } from "../../../../lib/stats/proportions/averaged-shares.ts";
import {
  averagedSharesTest,
  type ShareStratum,
} from "../../../../lib/stats/proportions/averaged-shares-test.ts";
import { fisherExact } from "../../../../lib/stats/proportions/exact-tests.ts";
import { pairedSharesDifference, pairedSharesTest } from "../../../../lib/stats/proportions/paired-shares.ts";
import { stratifiedDifference } from "../../../../lib/stats/proportions/stratified-proportions.ts";
import {
  chiSquaredProportions,
  proportionDifference,
  proportionDifferenceScore,
} from "../../../../lib/stats/proportions/two-proportions.ts";
import { isRefused, orRefusal, refuse } from "../../../../lib/stats/refusal.ts";
import { permutationTest } from "../../../../lib/stats/resampling/permutation.ts";
import { type LevelData, samplesOf } from "../../../design/level-design.ts";
import type { OtherMethod } from "../../finding.ts";
import { detectableFrom, invertedContrast } from "./inverted.ts";
import type { Contrast, Difference, PairInput } from "./measure.ts";
import { chosenMethod, type NamedMethod, otherMethods, type Units, unitsOf, withP } from "./pair-units.ts";
import { countOf, shareOf, shareStrataOf } from "./share-data.ts";
import { shareSizesOf } from "./share-sizes.ts";

export function shareDifferenceOf(input: PairInput): Difference {
  const { design } = input;
  const units = unitsOf(input);
  const shared = { ...units, assumptions: [] };
  const chosen = orRefusal(() => contrastOf(input, units));
  if (isRefused(chosen))
    return { ...shared, chosen, measuresAt: () => [], detectableAt: () => null, alternatives: [] };
  const both = testOf(input, units, "two-sided");
  return {
    ...shared,
    chosen,
    measuresAt: (level) =>
      shareSizesOf({
        kind: design.kind,
        x: input.x,
        y: input.y,
        p: both.p,
        level,
        pairs: units.isPaired ? units : null,
      }),
    detectableAt: (tail) => detectableFrom(chosen.estimate, { tail, most: 1 }),
    alternatives: input.withAlternatives ? [chosenMethod(chosen), ...othersOf(input, units)] : [],
  };
}

function contrastOf(input: PairInput, units: Units): Contrast {
  const { rule, side } = input;
  if (units.x.length === 0 || units.y.length === 0) refuse("too-few", "a level has no trial to compare");
  return invertedContrast({
    confidence: rule.confidence,
    side,
    reference: 0,
    at: (level) => intervalAt(input, units, level),
    test: (of) => testOf(input, units, of),
  });
}

function intervalAt({ design, x, y }: PairInput, units: Units, level: number): Estimate {
  if (!units.isPaired) return shareDifference(shareOf(x, design.kind, level), shareOf(y, design.kind, level));
  const trials = Math.max(
    1,
    Math.min(countOf(x.cells).n / x.units.length, countOf(y.cells).n / y.units.length),
  );
  return pairedSharesDifference({ x: units.x, y: units.y, trials, level });
}

function testOf({ design, x, y, seed }: PairInput, units: Units, alternative: Alternative): TestResult {
  if (units.isPaired) return pairedSharesTest({ x: units.x, y: units.y, alternative });
  if (design.kind === "cells") return countsTest(shareStrataOf(x, y), alternative);
  const exchanged = orRefusal(() =>
    permutationTest({ x: units.x, y: units.y, alternative, twoSided: "doubled", seed }),
  );
  const shared = { symbol: "difference", df: [], alternative, n: [units.x.length, units.y.length] };
  const method = "permutation test of the units' shares";
  if (isRefused(exchanged)) return { ...shared, method, statistic: 0, p: 1 };
  return { ...shared, method, statistic: exchanged.statistic, p: exchanged.p };
}

/** Levels of one design share most of their counts, and an unconditional test costs a millisecond. */
const known = new Map<string, TestResult>();
const knownMax = 10_000;

function countsTest(strata: readonly ShareStratum[], alternative: Alternative): TestResult {
  const key = JSON.stringify([alternative, strata]);
  const test = known.get(key) ?? averagedSharesTest({ strata, alternative });
  if (known.size < knownMax) known.set(key, test);
  return test;
}

/** The same data under other methods, two-sided; those that have no answer are left out. */
function othersOf(input: PairInput, units: Units): readonly OtherMethod[] {
  const { design, x, y, rule } = input;
  const samples = { x: units.x, y: units.y, level: rule.confidence };
  const plain: NamedMethod = {
    label: "Welch's t test of the outcomes as 0 and 1",
    run: () => withP(welch(samples)),
  };
  const methods: readonly NamedMethod[] = units.isPaired
    ? [{ label: "paired t test of the outcomes as 0 and 1", run: () => withP(pairedT(samples)) }, plain]
    : design.kind === "cells"
      ? othersOfCells(x, y, rule.confidence, plain)
      : [plain];
  return otherMethods(methods);
}

function othersOfCells(
  x: LevelData,
  y: LevelData,
  level: number,
  plain: NamedMethod,
): readonly NamedMethod[] {
  const strata = shareStrataOf(x, y);
  const [only] = strata;
  if (strata.length !== 1 || only === undefined)
    return [
      {
        label: "Mantel-Haenszel difference of shares, Sato's variance",
        run: () => ({
          estimate: stratifiedDifference({ strata, level }),
          p: averagedSharesTest({ strata }).p,
        }),
      },
      {
        label: "Welch's t test of the outcomes as 0 and 1, stratified by cell",
        run: () => withP(stratifiedWelch({ x: samplesOf(x), y: samplesOf(y), level })),
      },
    ];
  const pair = { first: only.first, second: only.second };
  return [
    {
      label: "Fisher's exact test; Newcombe's interval",
      run: () => ({ estimate: proportionDifference({ ...pair, level }), p: fisherExact(pair).p }),
    },
    {
      label: "Pearson's chi-squared test; Miettinen and Nurminen's score interval",
      run: () => ({
        estimate: proportionDifferenceScore({ ...pair, level }),
        p: chiSquaredProportions(pair).p,
      }),
    },
    plain,
  ];
}
