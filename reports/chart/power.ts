// Power curves: how likely a difference of a given size is found with a given number of replicates in each of two conditions.

import type { PowerPlan } from "../analysis/planning/power-plan.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, dashBy, layers, numeric, referenceLine } from "./encoding.ts";
import { plotWidth, themed } from "./theme.ts";

/** One line a size of difference, on a logarithmic axis of replicates. */
export function powerChart(experiment: string, plan: PowerPlan): Chart {
  const nameOf = (curve: PowerPlan["curves"][number]) => `${numberText(curve.difference)} (${curve.d} sd)`;
  const lines = plan.curves.map(nameOf);
  const values = plan.curves.flatMap((curve) =>
    curve.points.map((point) => ({ line: nameOf(curve), ...point })),
  );
  return {
    id: chartIdOf(experiment, plan.metric, "power"),
    title: `Replicates needed for differences of ${plan.metric}`,
    caption: `Power of a two-sided t test at 0.05 between two independent conditions (exact, normal data) if the spread within conditions is ${numberText(plan.sd)}, as pooled here; the dashed line is 80%. It plans the next run and judges nothing about this one. With ${plan.n} values each, ${numberText(plan.detectable)} is found with 80% power.`,
    alt: `Power curves. ${plan.curves.map((curve) => `${nameOf(curve)}: ${curve.points.find(({ power }) => power >= 0.8) === undefined ? "more than 200" : `about ${curve.points.find(({ power }) => power >= 0.8)!.n}`} replicates for 80% power`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 200,
      layer: layers(
        {
          name: "lines",
          data: { values },
          mark: { type: "line", strokeWidth: 2 },
          encoding: {
            x: numeric("n", "replicates in each condition", {
              scale: { type: "log", domain: [3, 200], nice: false },
              axis: {
                title: "replicates in each condition",
                values: [3, 5, 10, 20, 50, 100, 200],
                grid: true,
              },
            }),
            y: numeric("power", "power", { scale: { domain: [0, 1] } }),
            color: colourBy("line", lines, "difference"),
            strokeDash: dashBy("line", lines, "difference"),
          },
        },
        referenceLine("y", 0.8),
      ),
    }),
  };
}
