// Which measure a metric has under a design: the only place that knows them by name.
import type { LevelDesign } from "../../../design/level-design.ts";
import type { MetricSummary } from "../../analysis.ts";
import { adjustedMeansMeasure } from "./adjusted-means.ts";
import { meansMeasure } from "./means.ts";
import type { Measure } from "./measure.ts";

/** The measure that the levels of `design` are compared by. */
export function measureOf(metric: MetricSummary, design: LevelDesign): Measure {
  if (design.basis === "regression") return adjustedMeansMeasure(metric, design);
  return meansMeasure(metric, design);
}
