// The measure of what is yes or no: shares with score intervals, their differences with exact tests. Nothing here is undefined where all
// trials of a level end alike.
import type { TestResult } from "../../../../lib/stats/estimate.ts";
import {
  blockedShares,
  severalAveragedShares,
  severalShares,
} from "../../../../lib/stats/proportions/several-shares.ts";
import { isRefused, orRefusal, refuse } from "../../../../lib/stats/refusal.ts";
import type { LevelData, LevelDesign } from "../../../design/level-design.ts";
import { sharedOf } from "../../../design/shared-cells.ts";
import type { LevelEstimate } from "../../finding.ts";
import { intervalOf } from "../../interval.ts";
import { listed } from "../../words/listed.ts";
import { shownUnitsOf } from "../level-estimate.ts";
import type { Measure, Overall, TestRule } from "./measure.ts";
import { unitRowsOf } from "./pair-units.ts";
import { countOf, shareOf, strataOf } from "./share-data.ts";
import { shareDifferenceOf } from "./share-difference.ts";

export function sharesMeasure(design: LevelDesign): Measure {
  return {
    estimand: {
      name: "difference of shares",
      unit: null,
      levelName: "share",
      scale: "difference",
      reference: 0,
    },
    levelEstimate: (level, options) => levelEstimateOf(level, design, options),
    difference: shareDifferenceOf,
    joint: () => null,
    overall: () => overallOf(design),
    reason: (rule) => reasonOf(design, rule),
  };
}

function levelEstimateOf(
  level: LevelData,
  { kind }: LevelDesign,
  { confidence, unitsMax }: { readonly confidence: number; readonly unitsMax?: number },
): LevelEstimate {
  const { successes, n } = countOf(level.cells);
  const shared = {
    level: level.level,
    n: level.units.length,
    tally: { count: successes, of: n },
    sd: null,
    ...shownUnitsOf(level, unitsMax),
  };
  const share = orRefusal(() => shareOf(level, kind, confidence));
  if (isRefused(share)) return { ...shared, mean: null, interval: null };
  return { ...shared, mean: share.value, interval: intervalOf(share) };
}

/** By the same design rules as the pairs. */
function overallOf(design: LevelDesign): Overall {
  if (design.levels.length < 2) return { test: null, effect: null, note: null };
  const test = orRefusal(() => overallTestOf(design));
  if (isRefused(test)) return { test: null, effect: null, note: test.reason };
  return { test, effect: null, note: null };
}

function overallTestOf(design: LevelDesign): TestResult {
  const { kind } = design;
  const levels = sharedOf(design, design.levels);
  if (kind === "replicates" || kind === "blocks") return blockedShares(unitRowsOf(levels));
  if (kind === "clusters")
    refuse("not-estimable", "the shares of clusters are compared pair by pair, not all at once");
  const strata = strataOf(levels);
  const [only] = strata;
  if (only === undefined) refuse("empty-cell", "the levels share no combination of the other factors");
  return strata.length === 1 ? severalShares(only.groups) : severalAveragedShares(strata);
}

const settled =
  " The interval is a score interval, which stays in range; where it would contradict the exact test about 0, its end is the one that the test sets.";

function reasonOf(design: LevelDesign, rule: TestRule): string {
  const over = design.averagedOver.length === 0 ? "" : ` over ${listed(design.averagedOver)}`;
  switch (design.kind) {
    case "replicates":
    case "blocks": {
      const unit =
        design.kind === "replicates"
          ? "replicate"
          : (rule.block ?? rule.cluster ?? design.blockName ?? "block");
      return design.averagedOver.length === 0
        ? `Outcomes are paired by ${unit}; shares are compared by McNemar's mid-p test with Newcombe's paired interval.${settled}`
        : `Outcomes are paired by ${unit} and averaged${over} with equal weights within it; shares are compared by flipping the signs of the pairs' differences (McNemar's test for units of several trials).${settled}`;
    }
    case "clusters":
      return `Trials of one ${rule.cluster ?? "cluster"} are not independent, so its share is the unit, compared by a permutation test.${settled}`;
    case "cells":
      return design.strata > 1
        ? `Trials are independent; shares are averaged${over} with equal weights and compared by the Cochran-Mantel-Haenszel test over the cells, exact where counts are small, with Newcombe's interval of the averaged shares.${settled}`
        : `Trials are independent; shares are compared by Boschloo's exact test (Fisher's beyond 200 trials a level) with Newcombe's interval.${settled}`;
  }
}
