// Axes with their numbers worked out here rather than by Vega, so that panels share them, labels can be placed at the ends of lines and
// no axis leaves the range that a metric can have. Also where the levels of a factor stand along an axis, and what they are called there.
import { extentOf } from "../analysis/estimates/extent.ts";
import { roundNumbers, roundPowers } from "../analysis/estimates/round-numbers.ts";
import type { ChartSpec } from "./chart.ts";
import { shortLabels } from "./short-labels.ts";
import { linesOf, textWidth } from "./text-width.ts";
import { axisTitleSize } from "./theme.ts";

/** A quantitative axis: its ends, its ticks, and how they are written. */
export interface Axis {
  readonly domain: readonly [low: number, high: number];
  readonly ticks: readonly number[];
  /** What stands at each tick. */
  readonly labels: readonly string[];
  readonly title: string | null;
  /** Pixels above which the title is cut into lines: a longer one would push the name of its panel away. As long as it is unless told. */
  readonly titleMax?: number;
  /** Degrees by which labels are turned. */
  readonly angle?: number;
  readonly isLog?: boolean;
  readonly hasGrid?: boolean;
}

export interface AxisOptions {
  readonly title: string | null;
  /** What the metric can be; the axis goes no further. */
  readonly range?: { readonly min: number | null; readonly max: number | null } | null;
  /** Shares are written as percentages. */
  readonly isShare?: boolean;
  readonly ticksMax?: number;
  readonly isLog?: boolean;
}

/**
 * An axis over finite values; a little wider than they are, unless the range of the metric ends there.
 *
 * @param values empty gives an axis from 0 to 1.
 * @example axisOf([0.1, 0.9], { title: "share", range: { min: 0, max: 1 } }).ticks  // [0.2, 0.4, 0.6, 0.8]
 */
export function axisOf(values: readonly number[], options: AxisOptions): Axis {
  const { title, range = null, isShare = false, ticksMax = 6, isLog = false } = options;
  const { low, high } = extentOf(values) ?? { low: 0, high: 1 };
  if (isLog) return logAxis(low, high, { title, ticksMax });
  const span = high > low ? high - low : Math.abs(low) > 1e-300 ? Math.abs(low) * 0.2 : 1;
  const kept = (end: number, bound: number | null | undefined, inside: boolean): number =>
    bound === null || bound === undefined || !inside ? end : bound;
  const start = low - 0.05 * span;
  const end = high + 0.05 * span;
  const { min = null, max = null } = range ?? {};
  const domain: readonly [number, number] = [
    kept(start, min, min !== null && start < min && low >= min),
    kept(end, max, max !== null && end > max && high <= max),
  ];
  const round = roundNumbers({ low: domain[0], high: domain[1] }, ticksMax);
  // Values that a double hardly tells apart have one tick.
  if (round === null)
    return {
      domain,
      ticks: [low],
      labels: [signed(String(Number(low.toPrecision(10))))],
      title,
      hasGrid: true,
    };
  return {
    domain,
    ticks: round.values,
    labels: round.values.map((tick) => tickText(tick, { ...round, isShare })),
    title,
    hasGrid: true,
  };
}

function tickText(
  tick: number,
  { decimals, isShare, step }: { decimals: number; isShare: boolean; step: number },
): string {
  if (isShare)
    return `${tickText(Number((100 * tick).toPrecision(12)), { decimals: Math.max(0, decimals - 2), isShare: false, step: 100 * step })}%`;
  const size = Math.abs(tick);
  if (size === 0) return "0";
  if ((size >= 1e7 && step >= 10) || decimals > 6) return signed(tick.toExponential().replace("e+", "e"));
  return signed(
    tick.toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d))/g, decimals === 0 && size >= 1e4 ? "," : ""),
  );
}

function signed(text: string): string {
  return text.replace(/^-/, "−");
}

function logAxis(
  low: number,
  high: number,
  { title, ticksMax }: { title: string | null; ticksMax: number },
): Axis {
  const domain: readonly [number, number] = [
    Math.max(low / 1.15, Number.MIN_VALUE),
    Math.max(high * 1.15, 1e-300),
  ];
  const inside = roundPowers({ low: domain[0], high: domain[1] });
  const powers = inside.filter((tick) => Number.isInteger(Math.round(1e9 * Math.log10(tick)) / 1e9));
  const wanted = inside.length <= ticksMax || powers.length < 2 ? inside : powers;
  const every = Math.ceil(wanted.length / ticksMax);
  const ticks = wanted.filter((_, i) => i % every === 0);
  return {
    domain,
    ticks,
    labels: ticks.map((tick) =>
      tickText(tick, { decimals: Math.max(0, -Math.floor(Math.log10(tick))), isShare: false, step: tick }),
    ),
    title: title === null ? null : `${title} (log)`,
    isLog: true,
    hasGrid: true,
  };
}

/** Where the levels of a factor stand along an axis of `width` pixels, evenly unless they are numbers that are far from even. */
export interface LevelAxis extends Axis {
  /** Place of each level, in the order given; neighbours lie about 1 apart. */
  readonly places: readonly number[];
}

/**
 * @param levels as text, in declared order.
 * @example levelAxis(["0", "0.2", "0.4"], { isNumeric: true, title: "dose", width: 300 }).places  // [0, 1, 2]
 */
export function levelAxis(
  levels: readonly string[],
  options: { readonly isNumeric: boolean; readonly title: string | null; readonly width: number },
): LevelAxis {
  const { isNumeric, title, width } = options;
  const places = isNumeric ? numericPlaces(levels.map(Number)) : levels.map((_, i) => i);
  const last = Math.max(...places, 0);
  const slot = width / (last + 1);
  const names = isNumeric ? distinctNumbers(levels) : levels;
  const room = Math.max(4, Math.floor(slot / 6));
  const fits = names.every((name) => textWidth(name, 11) <= slot - 6);
  const short = fits ? null : shortLabels(names, Math.max(room, 22));
  const labels = names.map((name) => short?.get(name) ?? name);
  const isFlat = labels.every((label) => textWidth(label, 11) <= slot - 4);
  return {
    domain: [-0.5, last + 0.5],
    ticks: places,
    labels,
    title,
    places,
    ...(isFlat ? {} : { angle: -35 }),
  };
}

/** Evenly spaced for numbers in even steps or in ratio; in proportion where they are neither and none would hide another. */
function numericPlaces(values: readonly number[]): readonly number[] {
  const even = values.map((_, i) => i);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const isRising = values.every((value, i) => i === 0 || value > values[i - 1]!);
  if (values.length < 3 || !isRising || isRatio(values)) return even;
  const places = values.map((value) => ((value - low) / (high - low)) * (values.length - 1));
  const gap = Math.min(...places.slice(1).map((place, i) => place - places[i]!));
  return gap < 0.4 ? even : places;
}

/** True when each value is the same multiple of the one before: declared for a logarithmic axis. */
export function isRatio(values: readonly number[]): boolean {
  if (values.length < 3 || values.some((value) => value <= 0)) return false;
  const ratio = values[1]! / values[0]!;
  return (
    ratio > 1 && values.every((value, i) => i === 0 || Math.abs(value / values[i - 1]! / ratio - 1) < 0.02)
  );
}

/**
 * Numbers with the fewest digits that tell them apart, where they are long; as they are where all are short.
 *
 * @example distinctNumbers(["0", "0.1111111111", "0.2222222222"])  // ["0.00", "0.11", "0.22"]
 */
export function distinctNumbers(levels: readonly string[]): readonly string[] {
  if (levels.every((level) => level.length <= 6)) return levels;
  const values = levels.map(Number);
  if (!values.every(Number.isFinite)) return levels;
  const sorted = [...values].sort((a, b) => a - b);
  const gap = Math.min(...sorted.slice(1).map((value, i) => value - sorted[i]!));
  if (!(gap > 0)) return levels;
  for (let decimals = 0; decimals <= 12; decimals += 1) {
    const texts = values.map((value) => signed(value.toFixed(decimals)));
    const isClose = values.every(
      (value, i) => Math.abs(value - Number(texts[i]!.replace("−", "-"))) < 0.05 * gap,
    );
    if (isClose && new Set(texts).size === texts.length) return texts;
  }
  return levels;
}

/** The channel of a field along the axis; without `isLabelled` neither labels nor title, as beside a panel that has them. */
export function channelOf(field: string, axis: Axis, isLabelled = true): ChartSpec {
  return {
    field,
    type: "quantitative",
    scale: {
      domain: axis.domain,
      nice: false,
      zero: false,
      ...(axis.isLog === true ? { type: "log" } : {}),
    },
    axis: {
      title: isLabelled ? titleOf(axis) : null,
      values: axis.ticks,
      labels: isLabelled,
      grid: axis.hasGrid ?? false,
      labelExpr: labelExprOf(axis),
      labelOverlap: false,
      ...(axis.angle === undefined ? {} : { labelAngle: axis.angle }),
    },
  };
}

/** In lines where it is too long for one. */
function titleOf({ title, titleMax = Number.POSITIVE_INFINITY }: Axis): string | readonly string[] | null {
  if (title === null || textWidth(title, axisTitleSize) <= titleMax) return title;
  return linesOf(title, titleMax, axisTitleSize);
}

/** Vega's expression that writes each tick's own label; the labels are data in it, never code. */
function labelExprOf({ ticks, labels }: Axis): string {
  return `${JSON.stringify(labels)}[indexof(${JSON.stringify(ticks)}, datum.value)]`;
}
