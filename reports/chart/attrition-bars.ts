// Attrition: for each arm the share of planned trials by how they ended. Drawn only when something was lost.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { AttritionCounts } from "../design/attrition.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { layers, ordered } from "./encoding.ts";
import { plotWidth, rowAxis, themed } from "./theme.ts";

const ends: readonly {
  readonly name: keyof AttritionCounts;
  readonly label: string;
  readonly colour: string;
}[] = [
  { name: "measured", label: "measured", colour: "#0072B2" },
  { name: "failed", label: "failed", colour: "#D55E00" },
  { name: "refused", label: "refused", colour: "#CC79A7" },
  { name: "censored", label: "censored", colour: "#E69F00" },
  { name: "cancelled", label: "cancelled", colour: "#56B4E9" },
  { name: "budgetStopped", label: "stopped by budget", colour: "#009E73" },
  { name: "notRun", label: "not run", colour: "#999999" },
];
const rowsMax = 40;

/** Null when every planned trial was measured. */
export function attritionChart(experiment: ExperimentAnalysis): Chart | null {
  const { arms, total } = experiment.attrition;
  if (total.measured === total.planned) return null;
  const shown = [...arms]
    .sort((a, b) => a.measured / a.planned - b.measured / b.planned || a.condition - b.condition)
    .slice(0, rowsMax);
  const present = ends.filter(({ name }) => total[name] > 0);
  const names = experiment.design.factors.map(({ name }) => name);
  const labels = shown.map((row) => {
    const at = experiment.arms[row.condition]!.coordinates;
    return names.map((name) => at[name] ?? "–").join(" · ") || "all trials";
  });
  const values = shown.flatMap((row, i) => {
    let start = 0;
    return present.map(({ name, label }) => {
      const share = row[name] / row.planned;
      start += share;
      return { arm: labels[i], end: label, from: start - share, to: start };
    });
  });
  const more =
    arms.length > shown.length ? ` The ${shown.length} arms that lost most of ${arms.length}.` : "";
  return {
    id: chartIdOf(experiment.name, "attrition"),
    title: "How the planned trials ended",
    caption: `Each bar is one arm, its parts the shares of its planned trials by outcome, worst arm first.${more}`,
    alt: `Stacked bars. ${shown
      .slice(0, 20)
      .map((row, i) => `${labels[i]}: ${row.measured} of ${row.planned} measured`)
      .join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: { step: 18 },
      data: { values },
      layer: layers({
        name: "parts",
        mark: { type: "bar" },
        encoding: {
          y: ordered("arm", labels, rowAxis(names.join(" · "))),
          x: {
            field: "from",
            type: "quantitative",
            scale: { domain: [0, 1] },
            axis: { title: "share of planned trials", format: "%", tickCount: 5 },
          },
          x2: { field: "to" },
          color: {
            field: "end",
            type: "nominal",
            sort: present.map(({ label }) => label),
            scale: { domain: present.map(({ label }) => label), range: present.map(({ colour }) => colour) },
            legend: { title: null, columns: 4 },
          },
        },
      }),
    }),
  };
}
