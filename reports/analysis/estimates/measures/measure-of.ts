// Which measure a metric has under a design: the only place that knows them by name.
import type { LevelDesign } from "../../../design/level-design.ts";
import type { MetricSummary } from "../../analysis.ts";
import { adjustedMeansMeasure } from "./adjusted-means.ts";
import { crossedMeansMeasure } from "./crossed-means.ts";
import { meansMeasure } from "./means.ts";
import type { Measure } from "./measure.ts";
import { ratesMeasure } from "./rates.ts";
import { sharesMeasure } from "./shares.ts";
import { timesMeasure } from "./times.ts";

/** The measure that the levels of `design` are compared by. */
export function measureOf(metric: MetricSummary, design: LevelDesign): Measure {
  if (metric.censoring === undefined) return uncensoredMeasureOf(metric, design);
  // What stands for a trial is a number that adds to the restricted mean: whatever the design asks of means, it asks of these.
  const { count: _, ...plain } = metric;
  return timesMeasure(uncensoredMeasureOf(plain, design), { horizon: metric.censoring.horizon, design });
}

function uncensoredMeasureOf(metric: MetricSummary, design: LevelDesign): Measure {
  if (design.basis === "regression") return adjustedMeansMeasure(metric, design);
  // Counts per trial are numbers like others; a rate over exposure has no form for two kinds of shared luck and keeps to the blocks.
  if (design.sharesReplicates && (metric.count?.exposure ?? null) === null)
    return crossedMeansMeasure(metric, design);
  if (metric.count !== undefined) return ratesMeasure(metric, design);
  if (metric.kind === "boolean") return sharesMeasure(design);
  return meansMeasure(metric, design);
}
