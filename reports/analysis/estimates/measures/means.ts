// The measure of numbers: differences of means by t tests, or of ranks where the classical ladder leads there.
import { isRefused } from "../../../../lib/stats/refusal.ts";
import { type LevelDesign, samplesOf } from "../../../design/level-design.ts";
import type { MetricSummary } from "../../analysis.ts";
import { reasonOf } from "../../words/design-words.ts";
import { differenceOf } from "../difference.ts";
import { effectSizeOf } from "../effect.ts";
import { levelEstimateOf } from "../level-estimate.ts";
import { overallTestOf } from "../overall.ts";
import { detectableOf } from "./detectable.ts";
import type { Difference, Measure, PairInput } from "./measure.ts";

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
    overall: ({ tests }) => overallTestOf(design, tests),
    reason: (rule) => reasonOf(design, rule),
  };
}

function difference({ design, x, y, rule, side, seed, withAlternatives }: PairInput): Difference {
  const { tests: ladder, confidence: level } = rule;
  const found = differenceOf({ kind: design.kind, x, y, side, level, ladder, seed, withAlternatives });
  const { chosen } = found;
  if (isRefused(chosen)) return { ...found, measures: [], detectableAt: () => null };
  const cells = design.kind === "cells" && x.cells.length > 1 ? { x: samplesOf(x), y: samplesOf(y) } : null;
  const effect = effectSizeOf(found, { ladder, level, cells });
  return {
    ...found,
    measures: effect === null ? [] : [effect],
    detectableAt: (tail) => detectableOf(chosen, tail),
  };
}
