// Power against the number of replicates, one line a difference: the picture of a sample plan.

import type { SamplePlan } from "../analysis/planning/sample-plan.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, dashBy, layers, numeric, referenceLine } from "./encoding.ts";
import { plotWidth, themed } from "./theme.ts";

export function sampleSizeChart(plan: SamplePlan): Chart {
  const { effects, power, metric, spread } = plan;
  const nameOf = (effect: SamplePlan["effects"][number]) =>
    `${numberText(effect.difference)} (${numberText(effect.d, 2)} sd)`;
  const values = effects.flatMap((effect) =>
    effect.points.map((point) => ({ line: nameOf(effect), ...point })),
  );
  const last = Math.max(...values.map(({ n }) => n));
  const lines = effects.map(nameOf);
  const test =
    spread.design === "paired" ? "paired t test over replicates" : "Welch's t test between two levels";
  return {
    id: chartIdOf(plan.experiment, metric, "sample-size"),
    title: `Replicates needed for differences of ${metric}`,
    caption: `Power of a two-sided ${test} at ${plan.alpha} (exact for normal data); the spread is that of ${plan.source}. The dashed line is ${numberText(100 * power, 0)}%.`,
    alt: `Power curves. ${effects.map((effect) => `${nameOf(effect)}: ${effect.replicates} replicates for ${numberText(100 * power, 0)}% power`).join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: 220,
      layer: layers(
        {
          name: "lines",
          data: { values },
          mark: { type: "line", strokeWidth: 2 },
          encoding: {
            x: numeric("n", "replicates in each condition", {
              scale: { type: "log", domain: [2, last], nice: false },
            }),
            y: numeric("power", "power", { scale: { domain: [0, 1] } }),
            color: colourBy("line", lines, "difference"),
            strokeDash: dashBy("line", lines, "difference"),
          },
        },
        referenceLine("y", power),
      ),
    }),
  };
}
