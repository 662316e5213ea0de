// All conditions with all metrics: a mark and a number for each, on one axis a metric; then, folded, the distributions behind them.
import type {
  CategoryCounts,
  CellSummary,
  ExperimentAnalysis,
  MetricSummary,
} from "../../analysis/analysis.ts";
import { centreNameOf } from "../../analysis/words/centre-name.ts";
import { intervalText, numberText } from "../../analysis/words/number-text.ts";
import { categoryTable, conditionTable, factorColumns } from "../condition-table.ts";
import { type Column, dataTable } from "../data-table.ts";
import { figures } from "../figures.ts";
import { axisHead, glyphOf } from "../glyphs/glyph.ts";
import { type GlyphAxis, glyphAxisOf } from "../glyphs/glyph-axis.ts";
import { type Html, html } from "../html.ts";
import { chartsAbout, type PagePart } from "../page-part.ts";
import { performanceTable } from "../performance-table.ts";
import { decimalsOf } from "../rows/row-text.ts";

/** Metrics side by side; more stand in a second table. */
const metricsMax = 3;

export function conditionsSection(part: PagePart): Html {
  const { experiment } = part;
  const { metrics } = experiment;
  const tables = metrics.flatMap((_, i) => (i % metricsMax === 0 ? [metrics.slice(i, i + metricsMax)] : []));
  return html`<section id="${part.anchor("conditions")}" aria-label="All conditions"><h2>All conditions</h2>
${experiment.arms.length > 60 && html`<p class="controls"><label class="filter" hidden>show rows with <input type="search"></label></p>`}
${tables.map((some) => conditionMarks(experiment, some))}
${metrics.map((metric) => performanceTable(experiment, metric))}
${metrics.map((metric) => moreOf(part, metric))}
</section>`;
}

interface Row {
  readonly index: number;
}

function conditionMarks(experiment: ExperimentAnalysis, metrics: readonly MetricSummary[]): Html {
  const rows = experiment.arms.map((_, index): Row => ({ index }));
  return dataTable<Row>({
    caption: captionOf(metrics),
    name: "All conditions",
    isWide: true,
    rows,
    columns: [
      ...factorColumns(experiment, ({ index }: Row) => experiment.arms[index]!),
      ...metrics.flatMap((metric) =>
        metric.kind === "category" ? categoryColumns(metric) : metricColumns(metric),
      ),
    ],
  });
}

function captionOf(metrics: readonly MetricSummary[]): Html {
  const methods = new Set(
    metrics.flatMap(({ cells }) =>
      cells.flatMap(({ interval }) => (interval === null ? [] : [interval.method])),
    ),
  );
  const level =
    metrics.flatMap(({ cells }) => cells).find(({ interval }) => interval !== null)?.interval?.level ?? 0.95;
  return html`${metrics.some(({ kind }) => kind !== "category") && `Mean or share of each condition with its ${Math.round(100 * level)}% interval${methods.size === 0 ? "" : ` (${[...methods].join(", ")})`}, not corrected for their number; hollow: no interval.`}`;
}

function metricColumns(metric: MetricSummary): readonly Column<Row>[] {
  const placed = metric.cells.map((cell) => ({
    estimate: cell.mean,
    interval: cell.interval,
    adjusted: null,
    state: "described" as const,
  }));
  const axis = glyphAxisOf(placed, {
    reference: null,
    margin: null,
    isLog: false,
    range: metric.kind === "boolean" ? { min: 0, max: 1 } : metric.range,
  });
  const look: CellLook = {
    kind: metric.kind,
    isShort: metric.cells.some(({ missing }) => missing > 0),
    decimals: decimalsOf(metric.cells),
  };
  return [
    {
      head: html`<b>${metric.title}</b>${direction(metric)}${axisHead(axis)}`,
      isGlyph: true,
      show: ({ index }) => marks(placed[index]!, axis),
      key: ({ index }) => metric.cells[index]!.mean,
    },
    {
      head: centreNameOf(metric),
      isNumber: true,
      show: ({ index }) => cellText(metric.cells[index]!, look),
      key: ({ index }) => metric.cells[index]!.mean,
    },
  ];
}

function direction({ direction: way }: MetricSummary): string {
  return way === null ? "" : `, ${way === "maximize" ? "higher" : "lower"} is better`;
}

function marks(row: Parameters<typeof glyphOf>[0], axis: GlyphAxis | null): Html | null {
  return glyphOf(row, axis, 20);
}

interface CellLook {
  readonly kind: MetricSummary["kind"];
  /** Some condition lacks a value, so each says how many it has. */
  readonly isShort: boolean;
  readonly decimals: number | null;
}

/** "**0.513** [0.498, 0.527]", "**4 of 30** [0.05, 0.31]", with what is missing said in the row. */
function cellText(cell: CellSummary, { kind, isShort, decimals }: CellLook): Html {
  const { mean, interval, n, missing, note } = cell;
  if (mean === null) return html`<span class="why">${note ?? "no value"}</span>`;
  const value =
    kind === "boolean"
      ? `${numberText(Math.round(mean * n))} of ${numberText(n)}`
      : numberText(mean, decimals);
  const count =
    kind === "boolean" || !isShort || missing === 0
      ? null
      : html` <span class="why">n ${numberText(n)}</span>`;
  return html`<span class="value">${value}</span>${interval !== null && html` ${intervalText(interval, decimals)}`}${count}`;
}

/** Up to three shades of one hue, then other hues: every value of the category has a mark of its own in the key. */
const shades = 6;

function categoryColumns(metric: MetricSummary): readonly Column<Row>[] {
  const values = metric.counts[0]?.values.map(({ value }) => value) ?? [];
  const key = values.map(
    (value, i) => html`<span class="whole"><i class="key s${i % shades}"></i>${value}</span> `,
  );
  return [
    {
      head: html`<b>${metric.title}</b><br>${key}`,
      isGlyph: true,
      show: ({ index }) => shareBar(metric.counts[index]!),
    },
    {
      head: values.join(" · "),
      isNumber: true,
      show: ({ index }) => metric.counts[index]!.values.map(({ count }) => numberText(count)).join(" · "),
      key: ({ index }) => metric.counts[index]!.values[0]?.count ?? null,
    },
  ];
}

function shareBar({ n, values }: CategoryCounts): Html | null {
  if (n === 0) return null;
  let before = 0;
  return html`<svg class="share" width="100%" height="12" aria-hidden="true">${values.map(({ count }, i) => {
    const x = before;
    before += count;
    const percent = (part: number) => Math.round((10_000 * part) / n) / 100;
    return (
      count > 0 &&
      html`<rect class="s${i % shades}" x="${percent(x)}%" width="${percent(count)}%" y="0" height="12"/>`
    );
  })}</svg>`;
}

function moreOf(part: PagePart, metric: MetricSummary): Html {
  const charts = [...chartsAbout(part, "metric", metric.name), ...chartsAbout(part, "detail", metric.name)];
  const { experiment } = part;
  const table =
    metric.kind === "category" ? categoryTable(experiment, metric) : conditionTable(experiment, metric);
  return html`<details><summary>${metric.name}: ${metric.kind === "category" ? "counts" : "standard deviations, medians, extremes"}${charts.length > 0 && `, ${charts.length} ${charts.length === 1 ? "drawing" : "drawings"}`}</summary>${table}${figures(charts)}</details>`;
}
