// The axis of a column of marks: positions in percent, so that a mark fills a cell of any width. It is robust: the widest tenth of the
// intervals does not press all others together; what lies beyond it gets an arrow, and its number stands whole in the row.
import { extentOf } from "../../analysis/estimates/extent.ts";
import { roundNumbers, roundPowers } from "../../analysis/estimates/round-numbers.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import type { Ends, FindingRow, RowScale } from "../rows/finding-row.ts";

export interface GlyphAxis {
  /** Percent from the left, clipped to the cell. */
  at(value: number): number;
  /** Whether a value lies beyond an end: -1 at the left, 1 at the right, else 0. */
  beyond(value: number): -1 | 0 | 1;
  readonly ticks: readonly { readonly percent: number; readonly label: string; readonly isMiddle: boolean }[];
  readonly reference: number | null;
  /** Where a claim holds or levels count as equivalent, shaded: infinite at an open end; null for none. */
  readonly band: Ends | null;
}

export interface GlyphAxisOptions extends RowScale {
  /** What the metric can be; the axis goes no further. */
  readonly range?: { readonly min: number | null; readonly max: number | null } | null;
  /** Where a claim holds; its finite ends lie on the axis. */
  readonly claim?: Ends;
}

type Placed = Pick<FindingRow, "estimate" | "interval" | "adjusted"> & Partial<Pick<FindingRow, "ticks">>;

/** Null when nothing can be placed. */
export function glyphAxisOf(rows: readonly Placed[], options: GlyphAxisOptions): GlyphAxis | null {
  const { reference, isLog } = options;
  const band = bandOf(options);
  const spans = rows.flatMap((row) => spanOf(row, isLog) ?? []);
  if (spans.length === 0) return null;
  const fixed = [
    ...(reference === null ? [] : [reference]),
    ...(band === null ? [] : [band.low, band.high].filter(Number.isFinite)),
  ];
  const extent = paddedExtent([...robustEnds(spans, isLog), ...fixed], options);
  const low = scaled(extent.low, isLog);
  const high = scaled(extent.high, isLog);
  const share = (value: number) => (100 * (scaled(value, isLog) - low)) / (high - low);
  const at = (value: number) => Math.round(10 * Math.min(100, Math.max(0, share(value)))) / 10;
  const ticks = isLog ? logTicks(extent) : evenTicks(extent, fixed);
  return {
    at,
    beyond: (value) => (share(value) < -0.05 ? -1 : share(value) > 100.05 ? 1 : 0),
    ticks: ticks.map(({ value, label }, i) => ({
      percent: at(value),
      label,
      isMiddle: value !== reference && i > 0 && i < ticks.length - 1,
    })),
    reference,
    band,
  };
}

function bandOf({ reference, margin, claim }: GlyphAxisOptions): Ends | null {
  if (claim !== undefined) return claim;
  return reference === null || margin === null ? null : { low: reference - margin, high: reference + margin };
}

function scaled(value: number, isLog: boolean): number {
  return isLog ? Math.log(value) : value;
}

function spanOf({ estimate, interval, adjusted, ticks = [] }: Placed, isLog: boolean): Ends | null {
  const ends = [estimate, interval?.low, interval?.high, adjusted?.low, adjusted?.high, ...ticks].filter(
    (end): end is number => typeof end === "number" && Number.isFinite(end) && (!isLog || end > 0),
  );
  return extentOf(ends);
}

/** All ends, or without the widest tenth where these would take more than half of the axis. */
function robustEnds(spans: readonly Ends[], isLog: boolean): readonly number[] {
  const width = ({ low, high }: Ends) => scaled(high, isLog) - scaled(low, isLog);
  const whole = extentOf(spans.flatMap(({ low, high }) => [low, high]))!;
  const kept = spans
    .toSorted((a, b) => width(a) - width(b))
    .slice(0, spans.length - Math.floor(spans.length / 10));
  const most = extentOf(kept.flatMap(({ low, high }) => [low, high]))!;
  return width(most) > 0 && width(whole) > 2 * width(most) ? [most.low, most.high] : [whole.low, whole.high];
}

function paddedExtent(values: readonly number[], { range = null, isLog }: GlyphAxisOptions): Ends {
  const { low, high } = extentOf(values)!;
  if (isLog)
    return high > low
      ? { low: low / 1.04, high: high * 1.04 }
      : { low: Math.max(low / 2, Number.MIN_VALUE), high: high * 2 };
  const room = high > low ? 0.04 * (high - low) : Math.abs(low) / 10 || 1;
  const { min, max } = { min: range?.min ?? -Infinity, max: range?.max ?? Infinity };
  const start = low >= min ? Math.max(min, low - room) : low - room;
  const end = high <= max ? Math.min(max, high + room) : high + room;
  return end > start ? { low: start, high: end } : { low: start - room, high: end + room };
}

interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Two to five round numbers, written with the decimals that their distance needs; one where a double hardly tells the ends apart. */
function evenTicks(extent: Ends, fixed: readonly number[]): readonly Tick[] {
  const { low, high } = extent;
  const round = roundNumbers(extent, 4);
  if (round === null) return [{ value: low, label: numberText(Number(low.toPrecision(6))) }];
  const { values, decimals } = round;
  const isTiny = decimals > 6 || Math.max(Math.abs(low), Math.abs(high)) >= 1e9;
  const text = (value: number) =>
    isTiny ? numberText(Number(value.toPrecision(6))) : numberText(value, decimals);
  const signed = fixed.includes(0) ? (value: number) => (value > 0 ? `+${text(value)}` : text(value)) : text;
  return values.map((value) => ({ value, label: value === 0 ? "0" : signed(value) }));
}

/** Powers and halves of ten, thinned to at most five. */
function logTicks(extent: Ends): readonly Tick[] {
  const inside = roundPowers(extent);
  const every = Math.ceil(inside.length / 5);
  // 1 stays whatever is left out: it is where levels are alike.
  const from = Math.max(0, inside.indexOf(1)) % every;
  return inside.filter((_, i) => i % every === from).map((value) => ({ value, label: numberText(value) }));
}
