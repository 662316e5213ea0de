// Which charts a report of an experiment has, and what each stands beside.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import { sizeOf, vast } from "../analysis/estimates/extent.ts";
import { attritionChart } from "./attrition-bars.ts";
import { boxChart } from "./box.ts";
import type { Chart } from "./chart.ts";
import { conditionCharts } from "./condition-charts.ts";
import { ecdfChart } from "./ecdf.ts";
import { findingCharts } from "./finding-charts.ts";
import { parallelChart } from "./parallel.ts";
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

/** Every chart that the analysis has data for, those of the findings first. Without `onFault` what a chart throws is thrown. */
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
  const drawable = experiment.metrics.filter((metric) => sizeOf(metric) <= vast);
  const numeric = drawable.filter(({ kind }) => kind !== "category");
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
  return withoutRepeats([
    ...experiment.findings.flatMap((finding) =>
      placed(() => findingCharts(experiment, finding), { kind: "finding", name: finding.id }),
    ),
    ...drawable.flatMap((metric) =>
      placed(() => conditionCharts(experiment, metric), { kind: "metric", name: metric.name }),
    ),
    ...placed(() => [attritionChart(experiment)], { kind: "attrition", name: experiment.name }),
    ...details.flat(),
  ]);
}

/** Two analyses of one design may ask for the same picture: it stands with the first. */
function withoutRepeats(charts: readonly PlacedChart[]): readonly PlacedChart[] {
  const seen = new Set<string>();
  return charts.filter(({ chart }) => {
    const text = JSON.stringify(chart.spec);
    if (seen.has(text)) return false;
    seen.add(text);
    return true;
  });
}
