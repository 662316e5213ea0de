// The measure of counts: rates of events with exact limits at the dispersion that the counts show, their differences with exact tests.
import { severalRates } from "../../../../lib/stats/counts/rates.ts";
import type { TestResult } from "../../../../lib/stats/estimate.ts";
import { blockedShares } from "../../../../lib/stats/proportions/several-shares.ts";
import { isRefused, orRefusal, refuse } from "../../../../lib/stats/refusal.ts";
import type { LevelData, LevelDesign } from "../../../design/level-design.ts";
import { sharedOf } from "../../../design/shared-cells.ts";
import type { MetricSummary } from "../../analysis.ts";
import type { LevelEstimate } from "../../finding.ts";
import { intervalOf } from "../../interval.ts";
import { listed } from "../../words/listed.ts";
import { numberText } from "../../words/number-text.ts";
import { shownUnitsOf } from "../level-estimate.ts";
import type { Measure, Overall, TestRule } from "./measure.ts";
import { unitRowsOf } from "./pair-units.ts";
import { levelDispersionOf, rateGroupsOf, rateOf, tallyOf } from "./rate-data.ts";
import { rateDifferenceOf } from "./rate-difference.ts";

export function ratesMeasure(metric: MetricSummary, design: LevelDesign): Measure {
  const exposure = metric.count?.exposure ?? "trial";
  return {
    estimand: {
      name: "difference of rates",
      unit: metric.unit ?? `per ${exposure}`,
      levelName: "rate",
      scale: "difference",
      reference: 0,
    },
    levelEstimate: (level, options) => levelEstimateOf(level, design, options),
    difference: rateDifferenceOf,
    joint: () => null,
    overall: () => overallOf(design),
    reason: (rule) => reasonOf(design, rule),
  };
}

function levelEstimateOf(
  level: LevelData,
  design: LevelDesign,
  { confidence, unitsMax }: { readonly confidence: number; readonly unitsMax?: number },
): LevelEstimate {
  const shared = {
    level: level.level,
    n: level.units.length,
    tally: tallyOf(level.cells),
    sd: null,
    ...shownUnitsOf(level, unitsMax),
  };
  const rate = orRefusal(() => rateOf(level, design, confidence));
  if (isRefused(rate)) return { ...shared, mean: null, interval: null };
  return { ...shared, mean: rate.value, interval: intervalOf(rate) };
}

/** By the same design rules as the pairs. */
function overallOf(design: LevelDesign): Overall {
  if (design.levels.length < 2) return { test: null, effect: null, note: null };
  const test = orRefusal(() => overallTestOf(design));
  if (isRefused(test)) return { test: null, effect: null, note: test.reason };
  return { test, effect: null, note: null };
}

function overallTestOf(design: LevelDesign): TestResult {
  const levels = sharedOf(design, design.levels);
  const [first] = levels;
  if (first === undefined) refuse("too-few", "there is no level");
  if (design.kind === "replicates" || design.kind === "blocks") {
    const { method, ...test } = blockedShares(unitRowsOf(levels));
    return { ...test, method: method.replace("Cochran's Q test", "Cochran's Q statistic of the rates") };
  }
  if (design.kind === "clusters")
    refuse("not-estimable", "the rates of clusters are compared pair by pair, not all at once");
  return severalRates({ strata: rateGroupsOf(levels), dispersion: levelDispersionOf(design, first) });
}

function reasonOf(design: LevelDesign, rule: TestRule): string {
  const over =
    design.averagedOver.length === 0
      ? ""
      : ` averaged over ${listed(design.averagedOver)} with equal weights`;
  switch (design.kind) {
    case "replicates":
    case "blocks": {
      const unit =
        design.kind === "replicates"
          ? "replicate"
          : (rule.block ?? rule.cluster ?? design.blockName ?? "block");
      return `Counts are paired by ${unit}${over === "" ? "" : ` and${over} within it`}; rates are compared by flipping the signs of the pairs' differences, which asks nothing of how the counts vary.${settled}`;
    }
    case "clusters":
      return `Trials of one ${rule.cluster ?? "cluster"} are not independent, so its rate is the unit, compared by a permutation test.${settled}`;
    case "cells":
      return `Trials are independent; rates${over} are compared by the exact test of their counts given all events${design.strata > 1 ? " of each cell" : ""}. ${dispersionWords(design)}${settled}`;
  }
}

const settled =
  " The interval combines the exact limits of both rates; where it would contradict the test about 0, its end is the one that the test sets.";

/** Counts that vary no more than Poisson counts are taken as such, the others as negative binomial: one rule, whose dispersion is estimated. */
function dispersionWords(design: LevelDesign): string {
  const [first] = design.levels;
  const found = first === undefined ? null : orRefusal(() => levelDispersionOf(design, first));
  if (found === null || isRefused(found)) return "";
  return Number.isFinite(found.theta)
    ? `Within cells they vary more than Poisson counts: they are taken as negative binomial (theta = ${numberText(found.theta)}, estimated by moments on ${numberText(found.df)} degrees of freedom).`
    : "Within cells they vary no more than Poisson counts, and are taken as such.";
}
