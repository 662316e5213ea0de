// The difference between two levels: which test its design calls for, its estimate and interval, and the same data under the
// other methods. Everything here follows rules fixed before the data, except `classical`, whose ladder the author asked for.

import type { Alternative, Estimate, TestResult } from "../../../lib/stats/estimate.ts";
import { levene } from "../../../lib/stats/levene.ts";
import { stratifiedWelch } from "../../../lib/stats/means/stratified-welch.ts";
import { pairedDifferences, pairedT, student, welch } from "../../../lib/stats/means/t-test.ts";
import type { WeightedSample } from "../../../lib/stats/means/weighted-cells.ts";
import { settledInterval } from "../../../lib/stats/proportions/settled-interval.ts";
import { mannWhitney } from "../../../lib/stats/ranks/mann-whitney.ts";
import { wilcoxon } from "../../../lib/stats/ranks/wilcoxon.ts";
import { isRefused, orRefusal, type Refused } from "../../../lib/stats/refusal.ts";
import { bootstrap } from "../../../lib/stats/resampling/bootstrap.ts";
import { bootstrapDifference } from "../../../lib/stats/resampling/bootstrap-difference.ts";
import { shapiroWilk } from "../../../lib/stats/shapiro-wilk.ts";
import { type LevelData, samplesOf, type UnitKind } from "../../design/level-design.ts";
import { withSpread } from "../../design/shared-cells.ts";
import type { AssumptionCheck, OtherMethod } from "../finding.ts";
import { intervalOf } from "../interval.ts";
import type { Contrast, Difference as MeasuredDifference } from "./measures/measure.ts";

export interface DifferenceInput {
  readonly kind: UnitKind;
  readonly x: LevelData;
  readonly y: LevelData;
  readonly side: Alternative;
  readonly level: number;
  readonly ladder: "estimation" | "classical";
  /** Seed of the bootstrap. */
  readonly seed: number;
  /** Whether to run the other methods too. */
  readonly withAlternatives: boolean;
}

/** A difference before its size is put on further scales. */
export type Difference = Omit<MeasuredDifference, "measuresAt" | "detectableAt"> & {
  readonly by: MethodName;
};

/** Compares level x with level y; a refusal is a value with its reason in words. */
export function differenceOf(input: DifferenceInput): Difference {
  const isPaired = input.kind === "replicates" || input.kind === "blocks";
  const { x, y } = isPaired ? pairsOf(input.x, input.y) : { x: valuesOf(input.x), y: valuesOf(input.y) };
  const isStratified = input.kind === "cells" && (input.x.cells.length > 1 || input.y.cells.length > 1);
  const methods = isPaired
    ? pairedMethods(x, y, input)
    : isStratified
      ? stratifiedMethods(input)
      : freeMethods(x, y, input);
  const { name, assumptions } =
    input.ladder === "classical" && !isStratified
      ? climbed(x, y, { isPaired, labels: [input.x.level, input.y.level] })
      : { name: methods[0]!.name, assumptions: [] };
  const chosen = methods.find(
    (method): method is TestedMethod => method.name === name && "contrast" in method,
  )!;
  const isLarge = Math.max(x.length, y.length) > resampledMax;
  const result = orRefusal(chosen.contrast);
  const listed = input.withAlternatives
    ? [chosen, ...methods.filter((method) => method !== chosen && !(isLarge && method.isSlow))]
    : [];
  return {
    isPaired,
    x,
    y,
    by: name,
    chosen: result,
    alternatives: listed.map((method): OtherMethod => {
      const outcome: ReturnType<typeof resultOf> | Refused =
        method === chosen ? result : orRefusal(() => resultOf(method));
      if (isRefused(outcome))
        return {
          method: `${method.label}: ${outcome.reason}`,
          estimate: null,
          interval: null,
          p: null,
          isChosen: method === chosen,
        };
      return {
        method: method.label,
        estimate: outcome.estimate.value,
        interval: intervalOf(outcome.estimate),
        p: outcome.test?.p ?? null,
        isChosen: method === chosen,
      };
    }),
    assumptions,
  };
}

export type MethodName = "t" | "welch" | "student" | "rank" | "bootstrap" | "unpaired";

interface Named {
  readonly name: MethodName;
  readonly label: string;
  /** Whether it takes seconds for large samples. */
  readonly isSlow: boolean;
}

interface TestedMethod extends Named {
  contrast(): Contrast;
}

/** A bootstrap, which gives an interval and no test. */
interface UntestedMethod extends Named {
  estimate(): { readonly estimate: Estimate };
}

type Method = TestedMethod | UntestedMethod;

function resultOf(method: Method): Pick<Contrast, "estimate"> & Partial<Pick<Contrast, "test">> {
  return "contrast" in method ? method.contrast() : method.estimate();
}

interface Asked {
  readonly alternative: Alternative;
  readonly level: number;
  /** The difference under the null hypothesis. */
  readonly difference: number;
}

type Tested = (asked: Asked) => TestResult & { readonly estimate: Estimate };

function pairedMethods(
  x: readonly number[],
  y: readonly number[],
  input: DifferenceInput,
): readonly Method[] {
  const samples = { x, y };
  const method = methodsFor(input);
  return [
    method("t", "paired t test", (asked) => pairedT({ ...samples, ...asked })),
    ...bootstrapMethods(x.length, (resamples) =>
      bootstrap(pairedDifferences(samples), { seed: input.seed, resamples, level: input.level }),
    ),
    method("rank", "Wilcoxon signed-rank test (pseudomedian)", (asked) =>
      wilcoxon({ x: shifted(x, asked), y, ...asked }),
    ),
    method("unpaired", "Welch's t test, ignoring the pairs", (asked) => welch({ ...samples, ...asked })),
  ];
}

function freeMethods(x: readonly number[], y: readonly number[], input: DifferenceInput): readonly Method[] {
  const samples = { x, y };
  const method = methodsFor(input);
  return [
    method("welch", "Welch's t test", (asked) => welch({ ...samples, ...asked })),
    ...bootstrapMethods(Math.max(x.length, y.length), (resamples) =>
      bootstrapDifference({ ...samples, level: input.level, seed: input.seed, resamples }),
    ),
    method("student", "Student's t test (equal variances)", (asked) => student({ ...samples, ...asked })),
    method("rank", "Mann-Whitney U test (Hodges-Lehmann shift)", (asked) =>
      mannWhitney({ x: shifted(x, asked), y, ...asked }),
    ),
  ];
}

function stratifiedMethods(input: DifferenceInput): readonly Method[] {
  const values = { x: valuesOf(input.x), y: valuesOf(input.y) };
  const { levels, words } = withSpread([input.x, input.y]);
  const [x, y] = levels.map(samplesOf) as [readonly WeightedSample[], readonly WeightedSample[]];
  const method = methodsFor(input);
  return [
    method("welch", `Welch's t test stratified by cell${words}`, (asked) => {
      const { method: name, ...test } = stratifiedWelch({ x, y, ...asked });
      return { ...test, method: `${name}${words}` };
    }),
    method("unpaired", "Welch's t test of all trials, ignoring the cells", (asked) =>
      welch({ ...values, ...asked }),
    ),
  ];
}

/**
 * Samples above this size are neither resampled nor ranked for comparison's sake: the t interval and the bootstrap then agree to the
 * printed digits.
 */
export const resampledMax = 20_000;

function bootstrapMethods(n: number, estimate: (resamples: number) => Estimate): readonly Method[] {
  if (n > resampledMax) return [];
  const resamples = n > 1000 ? 2000 : 10_000;
  const label = `studentized bootstrap, ${resamples} resamples`;
  return [{ name: "bootstrap", label, isSlow: true, estimate: () => ({ estimate: estimate(resamples) }) }];
}

/** Values whose difference from others is less by the one that is asked about: what a rank test of that difference takes. */
function shifted(values: readonly number[], { difference }: Asked): readonly number[] {
  return difference === 0 ? values : values.map((value) => value - difference);
}

/** The interval of a method whose p may contradict it (an exact rank test beside limits by the normal approximation): the test decides. */
function settledAt(test: Tested, p: number, confidence: number): Estimate {
  const at = (level: number) => test({ alternative: "two-sided", level, difference: 0 }).estimate;
  return settledInterval({ p, level: confidence, null: 0, at });
}

/** Methods with a p value for the declared side beside a two-sided interval: an infinite end says less and draws badly. */
function methodsFor({ side, level }: DifferenceInput) {
  return (name: MethodName, label: string, test: Tested): TestedMethod => ({
    name,
    label,
    isSlow: name === "rank",
    contrast: (): Contrast => {
      const { estimate: plain, ...both } = test({ alternative: "two-sided", level, difference: 0 });
      const estimate = name === "rank" ? settledAt(test, both.p, level) : plain;
      const again = {
        twoSidedP: both.p,
        intervalAt: (confidence: number) => settledAt(test, both.p, confidence),
        testAgainst: (difference: number, alternative: "less" | "greater") =>
          plainTest(test({ alternative, level, difference })),
      };
      if (side === "two-sided") return { estimate, test: plainTest(both), ...again };
      const { p } = test({ alternative: side, level, difference: 0 });
      const method = `${both.method}, one-sided (${side})`;
      return { estimate, test: plainTest({ ...both, p, alternative: side, method }), ...again };
    },
  });
}

/** A test result without what only its own method adds, so that the analysis has one shape. */
export function plainTest({ method, symbol, statistic, df, p, alternative, n }: TestResult): TestResult {
  return { method, symbol, statistic, df, p, alternative, n };
}

/** Shapiro-Wilk, then Levene, each at 0.05: the ladder of `tests: "classical"`. */
function climbed(
  x: readonly number[],
  y: readonly number[],
  of: { readonly isPaired: boolean; readonly labels: readonly [string, string] },
): { readonly name: MethodName; readonly assumptions: readonly AssumptionCheck[] } {
  if (of.isPaired) {
    const check = normality(pairedDifferencesOrEmpty(x, y), "the paired differences");
    return { name: check.isNormal ? "t" : "rank", assumptions: [check.check] };
  }
  const checks = [normality(x, of.labels[0]), normality(y, of.labels[1])];
  const assumptions = checks.map(({ check }) => check);
  if (!checks.every(({ isNormal }) => isNormal)) return { name: "rank", assumptions };
  const spread = orRefusal(() => levene([x, y], { center: "mean" }));
  const isEqual = isRefused(spread) || spread.p > 0.05;
  const name = `Levene, ${of.labels.join(" and ")}`;
  const equal: AssumptionCheck = isRefused(spread)
    ? { name, statistic: null, p: null, verdict: spread.reason }
    : {
        name,
        statistic: spread.statistic,
        p: spread.p,
        verdict: isEqual ? "equal variances not rejected" : "variances differ",
      };
  return { name: isEqual ? "student" : "welch", assumptions: [...assumptions, equal] };
}

function normality(
  values: readonly number[],
  label: string,
): { readonly isNormal: boolean; readonly check: AssumptionCheck } {
  const result = orRefusal(() => shapiroWilk(values));
  const name = `Shapiro-Wilk, ${label}`;
  if (isRefused(result))
    return { isNormal: true, check: { name, statistic: null, p: null, verdict: result.reason } };
  const isNormal = result.p > 0.05;
  const verdict = isNormal ? "normality not rejected" : "not normal at 0.05";
  return { isNormal, check: { name, statistic: result.statistic, p: result.p, verdict } };
}

function pairedDifferencesOrEmpty(x: readonly number[], y: readonly number[]): readonly number[] {
  const result = orRefusal(() => pairedDifferences({ x, y }));
  return isRefused(result) ? [] : result;
}

function pairsOf(
  x: LevelData,
  y: LevelData,
): { readonly x: readonly number[]; readonly y: readonly number[] } {
  const partner = new Map(y.units.map((unit) => [unit.id, unit.value]));
  const pairs = x.units.filter((unit) => partner.has(unit.id));
  return { x: pairs.map((unit) => unit.value), y: pairs.map((unit) => partner.get(unit.id)!) };
}

function valuesOf(level: LevelData): readonly number[] {
  return level.units.map((unit) => unit.value);
}
