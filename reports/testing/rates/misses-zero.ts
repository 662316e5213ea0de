// What a rate asks of a made-up table: whether the interval of a factor without effect misses 0, by the design and measure of a report.
import { isRefused } from "../../../lib/stats/refusal.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { measureOf } from "../../analysis/estimates/measures/measure-of.ts";
import { type LevelData, levelDesignOf } from "../../design/level-design.ts";
import { sharedOf } from "../../design/shared-cells.ts";
import { bareMetric } from "../bare-metric.ts";

/** Whether the interval of the last level against the first misses 0; null when it is refused. */
export function missesZero(
  table: TrialTable,
  factor: string,
  grouping: { readonly block?: string; readonly cluster?: string } = {},
): boolean | null {
  const design = levelDesignOf(table, { metric: "m", factor, ...grouping });
  const [first, last] = [design.levels[0], design.levels.at(-1)];
  if (first === undefined || last === undefined || first === last) return null;
  const [x, y] = sharedOf(design, [last, first]) as readonly [LevelData, LevelData];
  const { chosen } = measureOf(bareMetric, design).difference({
    design,
    x,
    y,
    rule: { tests: "estimation", confidence: 0.95, block: null, cluster: null },
    side: "two-sided",
    seed: 1,
    withAlternatives: false,
  });
  if (isRefused(chosen)) return null;
  return chosen.estimate.low > 0 || chosen.estimate.high < 0;
}
