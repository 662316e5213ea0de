// The picture of a metric over the whole design: panels where the factors fit, a matrix of two factors with many levels, rows while they
// can be read, and beyond that every condition in the order of its mean.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { pictureFactorsOf } from "./arms-by-factor.ts";
import { categoryBarsChart } from "./category-bars.ts";
import { cellPanelsChart } from "./cell-panels.ts";
import { type Chart, chartIdOf } from "./chart.ts";
import { matrixChart } from "./matrix.ts";
import { pointsChart } from "./points.ts";
import { sortedConditionsChart } from "./sorted-conditions.ts";

/** None when nothing was measured. */
export function conditionCharts(experiment: ExperimentAnalysis, metric: MetricSummary): readonly Chart[] {
  if (metric.kind === "category")
    return [categoryBarsChart(experiment, metric)].filter((chart) => chart !== null);
  const panels = cellPanelsChart(experiment, metric, { id: `${metric.name} panels` });
  if (panels !== null) return [panels];
  const matrix = metricMatrix(experiment, metric);
  const rows = matrix === null ? pointsChart(experiment, metric) : null;
  if (rows !== null) return [rows];
  return [matrix, sortedConditionsChart(experiment, metric)].filter((chart) => chart !== null);
}

const levelsMin = 5;

/** Null unless the design is two factors of five levels or more. */
function metricMatrix(experiment: ExperimentAnalysis, metric: MetricSummary): Chart | null {
  const factors = pictureFactorsOf(experiment);
  const [rows, columns] = factors.toSorted((a, b) => b.levels.length - a.levels.length);
  if (factors.length !== 2 || columns!.levels.length < levelsMin) return null;
  const cells = experiment.arms.flatMap((_, arm) => {
    const mean = metric.cells[arm]!.mean;
    const [row, column] = [rows!.levelOf[arm]!, columns!.levelOf[arm]!];
    return mean === null || row < 0 || column < 0 ? [] : [{ row, column, value: mean }];
  });
  const sideOf = ({ name, levels, isNumeric }: (typeof factors)[number]) => ({
    name,
    levels: levels.map(({ label }) => label),
    isNumeric,
  });
  return matrixChart({
    id: chartIdOf(experiment.name, metric.name, "matrix"),
    title: `${metric.name} by ${rows!.name} and ${columns!.name}`,
    caption: `Each cell is the ${metric.kind === "boolean" ? "share" : "mean"} of ${metric.title} in one condition, darker where it is higher; intervals are in the tables.`,
    rows: sideOf(rows!),
    columns: sideOf(columns!),
    cells,
    isShare: metric.kind === "boolean",
  });
}
