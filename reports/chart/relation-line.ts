// A metric against a numeric factor: single units, the least-squares line and its pointwise band.
import type { RelationFinding } from "../analysis/finding.ts";
import { intervalText, numberText } from "../analysis/words/number-text.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { layers, numeric } from "./encoding.ts";
import { hues, ink } from "./ink.ts";
import { plotWidth, themed } from "./theme.ts";

/** Null when there is no point. */
export function relationChart(experiment: string, finding: RelationFinding): Chart | null {
  if (finding.points.length === 0) return null;
  const x = (field: string) => numeric(field, finding.factor);
  return {
    id: chartIdOf(experiment, finding.id, "relation"),
    title: `${finding.metric} against ${finding.factor}`,
    caption: `Dots are single units${finding.points.length < finding.n ? ", evenly sampled" : ""}; ${finding.means.length === 0 ? "" : "large ones means, less what other factors say of them; "}the line is the least-squares fit (averaged over the other factors), its band the pointwise 95% confidence interval of the fit.`,
    alt: `Scatter plot of ${finding.points.length} units. ${finding.slope === null ? "No line could be fitted." : `Slope ${numberText(finding.slope)}${finding.slopeInterval === null ? "" : ` ${intervalText(finding.slopeInterval)}`}, intercept ${numberText(finding.intercept)}.`}`,
    spec: themed({
      width: plotWidth,
      height: 210,
      layer: layers(
        {
          name: "dots",
          data: { values: finding.points },
          mark: { type: "circle", size: 14, opacity: 0.4, color: hues[0] },
          encoding: { x: x("x"), y: numeric("y", finding.metric) },
        },
        {
          name: "band",
          data: { values: finding.fit },
          mark: { type: "area", opacity: 0.25, color: hues[1] },
          encoding: { x: x("x"), y: numeric("low", finding.metric), y2: { field: "high" } },
        },
        finding.means.length === 0
          ? null
          : {
              name: "means",
              data: { values: finding.means },
              mark: { type: "point", size: 34, filled: true, opacity: 1, color: ink },
              encoding: { x: x("x"), y: numeric("y", finding.metric) },
            },
        {
          name: "line",
          data: { values: finding.fit },
          mark: { type: "line", strokeWidth: 2, color: hues[1] },
          encoding: { x: x("x"), y: numeric("y", finding.metric) },
        },
      ),
    }),
  };
}
