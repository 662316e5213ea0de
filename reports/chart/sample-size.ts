// Power against the number of replicates, one line a difference: the picture of a sample plan.

import { plannedTestName } from "../analysis/planning/assumption.ts";
import type { SamplePlan } from "../analysis/planning/sample-plan.ts";
import { numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { colourBy, dashBy, layers, numeric, referenceLine } from "./encoding.ts";
import { plotWidth, themed } from "./theme.ts";

export function sampleSizeChart(plan: SamplePlan): Chart {
  const { effects, power, metric, assumption, sizeName, source, test } = plan;
  const nameOf = (effect: SamplePlan["effects"][number]) =>
    `${numberText(effect.difference)} (${sizeName === "in sd" ? `${numberText(effect.size, 2)} sd` : `${sizeName} ${numberText(effect.size, 2)}`})`;
  const values = effects.flatMap((effect) =>
    effect.points.map((point) => ({ line: nameOf(effect), ...point })),
  );
  const last = Math.max(...values.map(({ n }) => n));
  const lines = effects.map(nameOf);
  return {
    id: chartIdOf(plan.experiment, metric, "sample-size"),
    title: `Replicates needed for differences of ${metric}`,
    caption: `Power of the ${plannedTestName(assumption, test)}, ${test.words}; what is assumed is ${source}. The dashed line is ${numberText(100 * power, 0)}%.`,
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
