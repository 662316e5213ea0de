// Added-variable plots of a regression on several factors: a panel for each slope, both sides less what the other factors say of them, so that
// the line of a panel has the slope of the regression and its dots the residuals.
import type { RegressionFinding, RegressionSlope } from "../analysis/regression-finding.ts";
import { intervalText, signedText } from "../analysis/words/number-text.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { dotOpacity, layers, numeric } from "./encoding.ts";
import { hues } from "./ink.ts";
import { panelSize } from "./panels.ts";
import { themed } from "./theme.ts";

/** Null when no factor has a slope. */
export function partialPlotsChart(experiment: string, finding: RegressionFinding): Chart | null {
  const drawn = finding.terms.filter(({ partial }) => partial !== null);
  if (drawn.length === 0) return null;
  const size = panelSize(drawn.length);
  return {
    id: chartIdOf(experiment, finding.id, "partial"),
    title: `${finding.metric} against each factor, the others held`,
    caption:
      "Added-variable plots: dots are units, less what the other factors say of the factor and of the metric; the line has the slope of the regression, its band is the pointwise 95% interval of the fit.",
    alt: `A panel for each slope. ${drawn
      .map(({ label, estimate, interval }) => `${label}: ${signedText(estimate)} ${intervalText(interval)}`)
      .join("; ")}.`,
    spec: themed({
      concat: drawn.map((term, i) => panelOf(term, { metric: finding.metric, place: i, ...size })),
      columns: size.columns,
    }),
  };
}

function panelOf(
  { label, partial }: RegressionSlope,
  of: {
    readonly metric: string;
    readonly place: number;
    readonly width: number;
    readonly height: number;
    readonly columns: number;
  },
): ChartSpec {
  const { points, line } = partial!;
  const suffix = of.place === 0 ? "" : `_p${of.place}`;
  const title = of.place % of.columns === 0 ? of.metric : "";
  const x = numeric("x", label);
  return {
    width: of.width,
    height: of.height,
    layer: layers(
      {
        name: `dots${suffix}`,
        data: { values: points },
        mark: { type: "circle", size: 14, opacity: dotOpacity(points.length), color: hues[0] },
        encoding: { x, y: numeric("y", title) },
      },
      {
        name: `band${suffix}`,
        data: { values: line },
        mark: { type: "area", opacity: 0.25, color: hues[1] },
        encoding: { x, y: numeric("low", title), y2: { field: "high" } },
      },
      {
        name: `line${suffix}`,
        data: { values: line },
        mark: { type: "line", strokeWidth: 2, color: hues[1] },
        encoding: { x, y: numeric("y", title) },
      },
    ),
  };
}
