// Which rows a chart of one metric has: a row a condition, in declared order, the levels of the one factor that has many in order of
// their means. Returns rows ready to draw.
import type { ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";
import { armLabelsOf, colourFactorOf, type Look, lookOf, pictureFactorsOf } from "./arms-by-factor.ts";
import { hues } from "./ink.ts";

export interface ChartRow {
  readonly label: string;
  readonly look: Look;
  readonly points: readonly number[];
  readonly n: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface ChartRows {
  readonly rows: readonly ChartRow[];
  /** Names of the factors that label the rows, joined: "firms · discount". */
  readonly title: string;
  /** True when rows stand in the order of their means. */
  readonly isSorted: boolean;
  /** True when some row draws fewer dots than it has values. */
  readonly isThinned: boolean;
}

/** More rows than this cannot be read in one picture. */
export const rowsMax = 60;
/** Nominal levels beyond this are sorted, as their declared order says nothing. */
const declaredMax = 8;

/** Rows of a metric that has a mean; null for more conditions than fit. */
export function chartRowsOf(experiment: ExperimentAnalysis, metric: MetricSummary): ChartRows | null {
  if (experiment.arms.length > rowsMax) return null;
  const factors = pictureFactorsOf(experiment);
  const colour = colourFactorOf(experiment);
  const labels = armLabelsOf(experiment);
  const rows = experiment.arms.map((_, i): ChartRow => {
    const { points, n, mean, interval } = metric.cells[i]!;
    const level = colour?.levels[colour.levelOf[i]!];
    return {
      label: labels[i]!,
      look: level === undefined ? plain : lookOf(level),
      points: metric.kind === "boolean" ? [] : points,
      n,
      mean,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
    };
  });
  const [only] = factors;
  const isSorted = factors.length === 1 && !only!.isNumeric && only!.levels.length > declaredMax;
  return {
    rows: isSorted ? rows.toSorted((a, b) => (b.mean ?? -Infinity) - (a.mean ?? -Infinity)) : rows,
    title: factors.map(({ name }) => name).join(" · "),
    isSorted,
    isThinned: metric.kind !== "boolean" && metric.cells.some((cell) => cell.points.length < cell.n),
  };
}

const plain: Look = { colour: hues[0], shape: "circle", dash: [1, 0], isFilled: true };

/** At most `countMax` of the values, at evenly spaced ranks, the extremes among them. */
export function evenly(values: readonly number[], countMax: number): readonly number[] {
  if (values.length <= countMax) return values;
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from(
    { length: countMax },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (countMax - 1))]!,
  );
}
