// Attrition: for each arm the share of planned trials by how they ended. Drawn only when something was lost.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { attritionHeads } from "../design/attrition.ts";
import { armLabelsOf, pictureFactorsOf } from "./arms-by-factor.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { layers } from "./encoding.ts";
import { alarm, faint, hues, shadeOf } from "./ink.ts";
import { rowChannel, rowStep } from "./row-axis.ts";
import { plotWidth, themed } from "./theme.ts";

const colours: Readonly<Record<string, string>> = {
  measured: shadeOf(0.2),
  failed: alarm,
  refused: hues[3],
  censored: hues[1],
  cancelled: hues[4],
  budgetStopped: hues[2],
  notRun: faint,
};
const ends = attritionHeads.flatMap(([name, label]) => {
  const colour = colours[name];
  return colour === undefined ? [] : [{ name, label, colour }];
});
const rowsMax = 40;

/** Null when every planned trial was measured. */
export function attritionChart(experiment: ExperimentAnalysis): Chart | null {
  const { arms, total } = experiment.attrition;
  if (total.measured === total.planned) return null;
  const lossy = arms.filter(({ measured, planned }) => measured < planned);
  const shown = lossy
    .toSorted((a, b) => a.measured / a.planned - b.measured / b.planned || a.condition - b.condition)
    .slice(0, rowsMax);
  const present = ends.filter(({ name }) => total[name] > 0);
  const names = armLabelsOf(experiment);
  const labels = shown.map(({ condition }) => names[condition]!);
  const values = shown.flatMap((row, i) => {
    let start = 0;
    return present.map(({ name, label }) => {
      const share = row[name] / row.planned;
      start += share;
      return { row: String(i), end: label, from: start - share, to: start };
    });
  });
  const more =
    (lossy.length > shown.length ? ` The ${shown.length} that lost most of ${lossy.length} are drawn.` : "") +
    (arms.length > lossy.length
      ? ` The other ${arms.length - lossy.length} of ${arms.length} lost none.`
      : "");
  return {
    id: chartIdOf(experiment.name, "attrition"),
    title: "How the planned trials ended",
    caption: `Each bar is one condition that lost trials, its parts the shares of its planned trials by outcome, worst first.${more}`,
    alt: `Stacked bars. ${shown
      .slice(0, 20)
      .map((row, i) => `${labels[i]}: ${row.measured} of ${row.planned} measured`)
      .join("; ")}.`,
    spec: themed({
      width: plotWidth,
      height: { step: rowStep(labels, 18) },
      data: { values },
      layer: layers({
        name: "parts",
        mark: { type: "bar", height: 12 },
        encoding: {
          y: rowChannel(
            labels,
            pictureFactorsOf(experiment)
              .map(({ name }) => name)
              .join(" · "),
          ),
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
