// Which charts a report of an experiment has, and what each stands beside.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { Chart } from "./chart.ts";
import { pointsChart } from "./points.ts";

export interface PlacedChart {
  readonly chart: Chart;
  /** The metric, finding or experiment that it illustrates. */
  readonly about: { readonly kind: "metric" | "finding" | "attrition"; readonly name: string };
}

export function chartsOf(experiment: ExperimentAnalysis): readonly PlacedChart[] {
  return experiment.metrics.flatMap((metric) => {
    const chart = metric.kind === "category" ? null : pointsChart(experiment, metric);
    return chart === null ? [] : [{ chart, about: { kind: "metric", name: metric.name } as const }];
  });
}
