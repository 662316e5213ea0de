// Which charts a report of an experiment has, and what each stands beside.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { sizeOf, vast } from "../analysis/estimates/extent.ts";
import { attritionChart } from "./attrition-bars.ts";
import { boxChart } from "./box.ts";
import type { Chart } from "./chart.ts";
import { ecdfChart } from "./ecdf.ts";
import { findingCharts } from "./finding-charts.ts";
import { parallelChart } from "./parallel.ts";
import { pointsChart } from "./points.ts";
import { powerChart } from "./power.ts";
import { quantileChart } from "./quantiles.ts";
import { violinChart } from "./violin.ts";

/** What a chart illustrates; "detail" charts of a metric are folded away until asked for. */
export interface ChartPlace {
  readonly kind: "metric" | "detail" | "finding" | "attrition";
  readonly name: string;
}

export interface PlacedChart {
  readonly chart: Chart;
  readonly about: ChartPlace;
}

/** Told of a chart that could not be made: what it was to show, and what was thrown. */
export type ChartFault = (about: ChartPlace, error: unknown) => void;

/** Every chart that the analysis has data for, in page order. Without `onFault` what a chart throws is thrown. */
export function chartsOf(experiment: ExperimentAnalysis, onFault?: ChartFault): readonly PlacedChart[] {
  const placed = (make: () => readonly (Chart | null)[], about: ChartPlace): readonly PlacedChart[] => {
    try {
      return make().flatMap((chart) => (chart === null ? [] : [{ chart, about }]));
    } catch (error) {
      if (onFault === undefined) throw error;
      onFault(about, error);
      return [];
    }
  };
  const numeric = experiment.metrics.filter((metric) => metric.kind !== "category" && sizeOf(metric) <= vast);
  const leading = numeric[0];
  const { power } = experiment;
  const details =
    leading === undefined || leading.kind === "boolean"
      ? []
      : [
          () => boxChart(experiment, leading),
          () => violinChart(experiment, leading),
          () => ecdfChart(experiment, leading),
          () => quantileChart(experiment, leading),
          () => (power === null ? null : powerChart(experiment.name, power)),
          () => parallelChart(experiment),
        ].map((make) => placed(() => [make()], { kind: "detail" as const, name: leading.name }));
  return [
    ...numeric.flatMap((metric) =>
      placed(() => [pointsChart(experiment, metric)], { kind: "metric", name: metric.name }),
    ),
    ...details.flat(),
    ...experiment.findings.flatMap((finding) =>
      placed(() => findingCharts(experiment, finding), { kind: "finding", name: finding.id }),
    ),
    ...placed(() => [attritionChart(experiment)], { kind: "attrition", name: experiment.name }),
  ];
}
