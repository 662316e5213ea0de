// Forest plot: every difference of a finding with its interval, beside the line of no difference. What is decided is black and filled,
// what is inconclusive grey and hollow; the thin line is the interval that holds together with the others of the family.
import type { ExperimentAnalysis } from "../analysis/analysis.ts";
import type { Comparison, ComparisonFinding } from "../analysis/finding.ts";
import type { Interval } from "../analysis/interval.ts";
import { decimalsFor, intervalText, numberText, signedText } from "../analysis/words/number-text.ts";
import { levelNameOf } from "./arms-by-factor.ts";
import { type Axis, axisOf, channelOf } from "./axis.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { layers } from "./encoding.ts";
import { faint, ink, paper, shadeOf } from "./ink.ts";
import { rowChannel, rowStep } from "./row-axis.ts";
import { plotWidth, themed } from "./theme.ts";

const rowsMax = 60;

/** "watts-strogatz − erdos-renyi": a row names what it is held against. */
export function comparisonLabel(
  { level, baseline }: Pick<Comparison, "level" | "baseline">,
  scale: "difference" | "ratio",
): string {
  return scale === "ratio" ? `${level} / ${baseline}` : `${level} − ${baseline}`;
}

/** Null when no comparison has an interval. */
export function forestChart(experiment: ExperimentAnalysis, finding: ComparisonFinding): Chart | null {
  const { estimand, margin } = finding;
  const drawn = finding.comparisons
    .flatMap((one) =>
      one.difference === null || one.interval === null
        ? []
        : [{ ...one, interval: one.interval, difference: one.difference }],
    )
    .slice(0, rowsMax);
  const [first] = drawn;
  if (first === undefined) return null;
  const nameOf = levelNameOf(experiment, finding.factor);
  const labels = drawn.map(({ level, baseline }) =>
    comparisonLabel({ level: nameOf(level), baseline: nameOf(baseline) }, estimand.scale),
  );
  const reach = drawn.flatMap(({ interval, adjustedInterval }) => [
    interval.low,
    interval.high,
    ...(adjustedInterval === null ? [] : [adjustedInterval.low, adjustedInterval.high]),
  ]);
  const title = `${estimand.name} of ${finding.metric}${estimand.unit === null ? "" : ` (${estimand.unit})`}`;
  const isLog = estimand.scale === "ratio" && reach.every((value) => value > 0);
  const x = axisOf(
    [...reach.filter(Number.isFinite), estimand.reference, ...(margin === null ? [] : [-margin, margin])],
    { title, isLog, ticksMax: 5 },
  );
  const y = rowChannel(labels, finding.factor);
  const rows = drawn.map((one, i) => ({
    ...one,
    row: String(i),
    isDecided: one.verdict === "different" || one.verdict === "equivalent",
  }));
  return {
    id: chartIdOf(experiment.name, finding.id, "forest"),
    title: `Differences of ${finding.metric}, ${finding.factor}`,
    caption: captionOf(
      finding,
      first,
      drawn.some(({ adjustedInterval }) => adjustedInterval !== null),
    ),
    alt: `Forest plot. ${drawn.map((one, i) => textOf(one, labels[i]!, estimand.scale)).join("; ")}.`,
    isForFiles: true,
    spec: themed({
      width: plotWidth,
      height: { step: rowStep(labels, 26) },
      layer: layers(
        marginLayer(margin, x),
        {
          name: "reference",
          data: { values: [{ value: estimand.reference }] },
          mark: { type: "rule", color: ink, strokeDash: [4, 3], opacity: 0.7 },
          encoding: { x: channelOf("value", x) },
        },
        ...[true, false].flatMap((isDecided) =>
          rowLayers(
            rows.filter((row) => row.isDecided === isDecided),
            { isDecided, x: (field) => channelOf(field, x), y },
          ),
        ),
      ),
    }),
  };
}

function marginLayer(margin: number | null, x: Axis): ChartSpec | null {
  return margin === null
    ? null
    : {
        name: "margins",
        data: { values: [{ low: -margin, high: margin }] },
        mark: { type: "rect", color: shadeOf(0), opacity: 0.7 },
        encoding: { x: channelOf("low", x), x2: { field: "high" } },
      };
}

interface Row {
  readonly row: string;
  readonly difference: number;
  readonly interval: Interval;
  readonly adjustedInterval: Interval | null;
}

function rowLayers(
  rows: readonly Row[],
  {
    isDecided,
    x,
    y,
  }: { readonly isDecided: boolean; readonly x: (field: string) => ChartSpec; readonly y: ChartSpec },
): readonly ChartSpec[] {
  const colour = isDecided ? ink : faint;
  const intervals = (name: string, strokeWidth: number, of: (row: Row) => Interval | null): ChartSpec => ({
    name,
    data: {
      values: rows.flatMap((row) => {
        const interval = of(row);
        return interval === null ? [] : [{ row: row.row, low: interval.low, high: interval.high }];
      }),
    },
    mark: { type: "rule", color: colour, strokeWidth },
    encoding: { y, x: x("low"), x2: { field: "high" } },
  });
  return [
    intervals("adjusted", 1, ({ adjustedInterval }) => adjustedInterval),
    intervals("intervals", 2.5, ({ interval }) => interval),
    {
      name: "differences",
      data: { values: rows.map(({ row, difference }) => ({ row, difference })) },
      mark: {
        type: "point",
        shape: "circle",
        size: 46,
        fill: isDecided ? colour : paper,
        stroke: colour,
        strokeWidth: 1.6,
        opacity: 1,
      },
      encoding: { y, x: x("difference") },
    },
  ];
}

function captionOf(finding: ComparisonFinding, { interval }: Comparison, isAdjusted: boolean): string {
  const { comparisons, family, margin, estimand } = finding;
  const thin = isAdjusted ? `, the thin line the interval adjusted for ${family ?? "its family"}` : "";
  const equivalence = margin === null ? "" : ", the shaded band the margin of equivalence";
  const more =
    comparisons.length > rowsMax ? ` ${comparisons.length - rowsMax} comparisons are only in the table.` : "";
  return `Each mark is a ${estimand.name}, the bar its ${Math.round(100 * interval!.level)}% confidence interval (${interval!.method})${thin}; black and filled where the adjusted p decides, grey and hollow where it does not. The dashed line is no difference${equivalence}.${more}`;
}

function textOf(
  { difference, interval, isPaired, nLevel, nBaseline, verdict }: Comparison,
  label: string,
  scale: "difference" | "ratio",
): string {
  const decimals = decimalsFor((interval!.high - interval!.low) / 2);
  const value = scale === "ratio" ? numberText(difference, decimals) : signedText(difference!, decimals);
  return `${label}: ${value} ${intervalText(interval!, decimals)}, ${isPaired ? `${nLevel} pairs` : `n = ${nLevel} + ${nBaseline}`}${verdict === null ? "" : `, ${verdict}`}`;
}
