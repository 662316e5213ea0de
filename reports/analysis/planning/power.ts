// What replicates would buy: power against the number of replicates a condition, for differences in units of the pooled spread
// within conditions. It plans the next experiment; it is no verdict on this one (never the power of the observed effect).
import { detectableT, powerT } from "../../../lib/stats/power/power-t.ts";
import type { MetricSummary } from "../analysis.ts";
import type { PowerPlan } from "./power-plan.ts";

const effects = [0.3, 0.5, 0.8, 1.2] as const;
const sizes = [3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 65, 80, 100, 130, 160, 200] as const;

/** Null for a category or boolean, or where nothing varies. */
export function powerPlanOf(metric: MetricSummary): PowerPlan | null {
  if (metric.kind === "category" || metric.kind === "boolean") return null;
  const held = metric.cells.filter((cell) => cell.sd !== null);
  const df = held.reduce((sum, { n }) => sum + n - 1, 0);
  if (df === 0) return null;
  const sd = Math.sqrt(held.reduce((sum, cell) => sum + (cell.n - 1) * cell.sd! ** 2, 0) / df);
  if (!(sd > 0 && Number.isFinite(sd))) return null;
  const n = held.reduce((least, cell) => Math.min(least, cell.n), Number.POSITIVE_INFINITY);
  return {
    metric: metric.name,
    sd,
    n,
    detectable: sd * detectableT({ n, power: 0.8 }),
    curves: effects.map((d) => ({
      d,
      difference: d * sd,
      points: sizes.map((size) => ({ n: size, power: powerT({ d, n: size }) })),
    })),
  };
}
