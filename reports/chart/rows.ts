// Which rows a chart of one metric has: a row a condition while they fit, else conditions pooled by the factors that fit,
// each condition one dot. Returns rows ready to draw, and says in words what a dot is.
import type { CellSummary, ExperimentAnalysis, MetricSummary } from "../analysis/analysis.ts";

export interface ChartRow {
  readonly label: string;
  /** Level of the factor that gives the colour; null when there is one colour. */
  readonly colour: string | null;
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
  /** The factor that gives the colour, if any. */
  readonly colourFactor: string | null;
  /** "one measured trial", "the mean of one condition". */
  readonly dot: string;
  /** True when some row draws fewer dots than it has values. */
  readonly isThinned: boolean;
}

/** More rows than this cannot be read in one picture. */
const rowsMax = 48;
const coloursMax = 6;

/** Rows for a numeric metric of an experiment. */
export function chartRowsOf(experiment: ExperimentAnalysis, metric: MetricSummary): ChartRows {
  if (metric.across !== null && experiment.arms.length > 12) return poolOf(experiment, metric, []);
  if (experiment.arms.length <= rowsMax) return conditionRows(experiment, metric);
  const fitting: string[] = [];
  let product = 1;
  for (const factor of experiment.design.factors) {
    if (product * factor.levels.length > rowsMax) continue;
    fitting.push(factor.name);
    product *= factor.levels.length;
  }
  return poolOf(experiment, metric, fitting);
}

function conditionRows(experiment: ExperimentAnalysis, metric: MetricSummary): ChartRows {
  const { factors } = experiment.design;
  const colour =
    factors.length > 1 ? factors.find((factor) => factor.levels.length <= coloursMax) : undefined;
  const rows = experiment.arms.map((arm, i): ChartRow => {
    const cell = metric.cells[i]!;
    return {
      label: factors
        .map((factor) => arm.coordinates[factor.name])
        .filter((level) => level !== undefined)
        .join(" · "),
      colour: colour === undefined ? null : (arm.coordinates[colour.name] ?? "–"),
      ...drawn(cell),
    };
  });
  return {
    rows: distinctLabels(rows),
    title: factors.map((factor) => factor.name).join(" · "),
    colourFactor: colour?.name ?? null,
    dot: "one measured trial",
    isThinned: metric.cells.some((cell) => cell.points.length < cell.n),
  };
}

function poolOf(experiment: ExperimentAnalysis, metric: MetricSummary, by: readonly string[]): ChartRows {
  const groups = new Map<string, { means: number[]; n: number }>();
  experiment.arms.forEach((arm, i) => {
    const label = by.map((name) => arm.coordinates[name] ?? "–").join(" · ") || "all conditions";
    const group = groups.get(label) ?? { means: [], n: 0 };
    groups.set(label, group);
    const cell = metric.cells[i]!;
    if (cell.mean !== null) group.means.push(cell.mean);
    group.n += cell.n;
  });
  const dotsMax = 400;
  const rows = [...groups].map(([label, { means }]): ChartRow => {
    const across = by.length === 0 ? metric.across : null;
    return {
      label,
      colour: null,
      points: evenly(means, dotsMax),
      n: means.length,
      mean:
        across?.mean ??
        (means.length === 0 ? null : means.reduce((sum, mean) => sum + mean, 0) / means.length),
      low: across?.interval?.low ?? null,
      high: across?.interval?.high ?? null,
    };
  });
  return {
    rows,
    title: by.join(" · "),
    colourFactor: null,
    dot: "the mean of one condition",
    isThinned: rows.some((row) => row.points.length < row.n),
  };
}

/** At most `countMax` of the values, at evenly spaced ranks, the extremes among them. */
export function evenly(values: readonly number[], countMax: number): readonly number[] {
  if (values.length <= countMax) return values;
  const sorted = [...values].sort((a, b) => a - b);
  return Array.from(
    { length: countMax },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (countMax - 1))]!,
  );
}

function drawn(cell: CellSummary): Omit<ChartRow, "label" | "colour"> {
  return {
    points: cell.points,
    n: cell.n,
    mean: cell.mean,
    low: cell.interval?.low ?? null,
    high: cell.interval?.high ?? null,
  };
}

/** Two rows of one label would share one band, so a repeated label gets a number. */
function distinctLabels(rows: readonly ChartRow[]): readonly ChartRow[] {
  const seen = new Map<string, number>();
  return rows.map((row) => {
    const label = row.label === "" ? "all trials" : row.label;
    const count = (seen.get(label) ?? 0) + 1;
    seen.set(label, count);
    return { ...row, label: count === 1 ? label : `${label} (${count})` };
  });
}
