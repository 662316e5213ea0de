// The measure of numbers: differences of means by t tests, or of ranks where the classical ladder leads there.
import { momentsOf } from "../../../../lib/stats/moments.ts";
import { isRefused, orRefusal } from "../../../../lib/stats/refusal.ts";
import { jointAgainstBaseline, jointAllPairs } from "../../../../lib/stats/simultaneous/joint-contrasts.ts";
import type { LevelData, LevelDesign } from "../../../design/level-design.ts";
import type { MetricSummary } from "../../analysis.ts";
import { reasonOf } from "../../words/design-words.ts";
import { differenceOf } from "../difference.ts";
import { effectSizesOf } from "../effect.ts";
import { levelEstimateOf } from "../level-estimate.ts";
import { overallTestOf } from "../overall.ts";
import { detectableOf } from "./detectable.ts";
import type { Difference, Joint, JointInput, Measure, PairInput } from "./measure.ts";

export function meansMeasure(metric: MetricSummary, design: LevelDesign): Measure {
  return {
    estimand: {
      name: "difference of means",
      unit: metric.unit,
      levelName: "mean",
      scale: "difference",
      reference: 0,
    },
    levelEstimate: (level, options) => levelEstimateOf(level, { ...options, kind: design.kind }),
    difference,
    joint: jointOf,
    overall: ({ tests }) => overallTestOf(design, tests),
    reason: (rule) => reasonOf(design, rule),
  };
}

function difference({ design, x, y, rule, side, seed, withAlternatives }: PairInput): Difference {
  const { tests: ladder, confidence: level } = rule;
  const found = differenceOf({ kind: design.kind, x, y, side, level, ladder, seed, withAlternatives });
  const { chosen } = found;
  if (isRefused(chosen)) return { ...found, measuresAt: () => [], detectableAt: () => null };
  // Blocks and clusters are units of their own; replicates average outcomes, whose own spread is within cells.
  const cells = design.kind === "cells" || design.kind === "replicates" ? { x, y } : null;
  return {
    ...found,
    measuresAt: (confidence) =>
      effectSizesOf(found, { contrast: chosen, by: found.by, ladder, cells, level: confidence }),
    detectableAt: (tail) => detectableOf(chosen, tail),
  };
}

/** More contrasts against a baseline, or levels in all pairs, are judged by Bonferroni's bound, which is near by then. */
const jointMax = 20;

/** Independent levels under Welch's tests: against a baseline by the multivariate t, all pairs by Games and Howell's range. */
function jointOf({ design, rule, side, baseline, others, contrasts }: JointInput): Joint | null {
  const isIndependent = design.kind === "cells" || design.kind === "clusters";
  if (!isIndependent || design.basis !== "shared" || rule.tests === "classical") return null;
  if (contrasts.length < 2 || others.length > jointMax) return null;
  const ts = contrasts.map(({ estimate, test }) => ({
    t: estimate.value / estimate.standardError!,
    df: test.df[0]!,
  }));
  if (baseline === null) {
    if (side !== "two-sided") return null;
    return { method: "Games-Howell", tests: jointAllPairs({ contrasts: ts, k: others.length }) };
  }
  const varianceOf = (level: LevelData) => squaredError(level, design);
  const tests = orRefusal(() =>
    jointAgainstBaseline({
      contrasts: ts,
      baseVariance: varianceOf(baseline),
      variances: others.map(varianceOf),
      alternative: side,
    }),
  );
  return isRefused(tests) ? null : { method: "Dunnett's test with unequal variances", tests };
}

/** Of a level's mean: that of its units, or over its cells. */
function squaredError(level: LevelData, { kind }: LevelDesign): number {
  if (kind === "clusters") {
    const { sd, n } = momentsOf(level.units.map(({ value }) => value));
    return sd ** 2 / n;
  }
  return level.cells.reduce((sum, { cell, weight }) => {
    const { sd, n } = momentsOf(cell.values);
    return sum + (weight * sd) ** 2 / n;
  }, 0);
}
