// Lines over a common axis, as SVG that takes its colours from the style sheet: any number of them, a band behind, round ticks. Missing values
// leave a gap.
import { useEffect, useRef, useState } from "preact/hooks";
import { int, num } from "./words.ts";

export interface PlotLine {
  readonly points: readonly (readonly [x: number, y: number | null])[];
  /** A class: "c0" ... for a colour, "mut" for one that stands back. */
  readonly kind: string;
  readonly dash?: readonly number[];
  /** Whether its points are marked. */
  readonly isDotted?: boolean;
}

export interface PlotOf {
  readonly height: number;
  /** Drawn in their order, the last on top. */
  readonly lines: readonly PlotLine[];
  readonly band?: {
    readonly kind: string;
    readonly points: readonly (readonly [x: number, low: number, high: number])[];
  };
  /** Ends of the axis across; those of the points without. */
  readonly across?: readonly [number, number];
  /** What it shows, in a sentence. */
  readonly words: string;
  /** Hears the place under the pointer; null when that leaves. */
  readonly onHover?: (x: number | null) => void;
}

const room = { left: 46, right: 12, top: 8, bottom: 22 };

export function Plot({ height, lines, band, across, words, onHover }: PlotOf) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const holder = box.current;
    if (holder === null) return;
    const watch = new ResizeObserver(() => setWidth(holder.clientWidth));
    watch.observe(holder);
    return () => watch.disconnect();
  }, []);
  const all = lines.flatMap(({ points }) => points);
  const [left, right] = across ?? extentOf(all.map(([x]) => x));
  const levels = [
    ...all.flatMap(([, y]) => (y === null ? [] : [y])),
    ...(band?.points ?? []).flatMap(([, low, high]) => [low, high]),
  ];
  const down = ticksOf(extentOf(levels), Math.max(2, Math.floor(height / 40)), false);
  const beside = ticksOf([left, right], Math.max(2, Math.floor(width / 90)), true);
  const [low, high] = [down[0] ?? 0, down.at(-1) ?? 1];
  const wide = Math.max(1, width - room.left - room.right);
  const tall = height - room.top - room.bottom;
  const atX = (x: number): string => (room.left + ((x - left) / (right - left)) * wide).toFixed(1);
  const atY = (y: number): string => (room.top + (1 - (y - low) / (high - low)) * tall).toFixed(1);
  const hear = (event: { readonly offsetX: number }): void =>
    onHover?.(left + ((event.offsetX - room.left) / wide) * (right - left));
  return (
    <div ref={box} class="chart data" role="img" aria-label={words} style={{ height: `${height}px` }}>
      {width > 0 && (
        <svg
          viewBox={`0 0 ${width} ${height}`}
          aria-hidden="true"
          onPointerMove={hear}
          onPointerLeave={() => onHover?.(null)}
        >
          {down.map((tick) => (
            <g key={tick}>
              <line class="gridl" x1={room.left} x2={width - room.right} y1={atY(tick)} y2={atY(tick)} />
              <text x={room.left - 6} y={atY(tick)} dy="0.32em" text-anchor="end">
                {num(tick, 2)}
              </text>
            </g>
          ))}
          {beside
            .filter((tick) => tick >= left && tick <= right)
            .map((tick) => (
              <text key={tick} x={atX(tick)} y={height - 4} text-anchor="middle">
                {int(tick)}
              </text>
            ))}
          {band !== undefined && <path class={`band ${band.kind}`} d={bandPath(band.points, atX, atY)} />}
          {lines.map(({ points, kind, dash = [] }, index) => (
            <path
              key={index}
              class={`ln ${kind}`}
              d={linePath(points, atX, atY)}
              stroke-dasharray={dash.join(" ")}
            />
          ))}
          {lines
            .filter(({ isDotted }) => isDotted === true)
            .flatMap(({ points, kind }) =>
              points.map(
                ([x, y]) =>
                  y !== null && <circle key={x} class={`dot ${kind}`} cx={atX(x)} cy={atY(y)} r="2" />,
              ),
            )}
        </svg>
      )}
    </div>
  );
}

type At = (value: number) => string;

function linePath(points: PlotLine["points"], atX: At, atY: At): string {
  let path = "";
  let isDrawing = false;
  for (const [x, y] of points) {
    if (y !== null) path += `${isDrawing ? "L" : "M"}${atX(x)},${atY(y)}`;
    isDrawing = y !== null;
  }
  return path;
}

function bandPath(
  points: readonly (readonly [x: number, low: number, high: number])[],
  atX: At,
  atY: At,
): string {
  const upper = points.map(([x, , high]) => `${atX(x)},${atY(high)}`);
  const lower = points.map(([x, low]) => `${atX(x)},${atY(low)}`).reverse();
  return `M${[...upper, ...lower].join("L")}Z`;
}

/** Unlike ends, also of values that are all the same. */
function extentOf(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (low > high) return [0, 1];
  if (low < high) return [low, high];
  const half = Math.abs(low) / 10 || 1;
  return [low - half, low + half];
}

/** Round values a round distance apart, the first and last around the ends; about so many. */
function ticksOf([low, high]: readonly [number, number], count: number, isWhole: boolean): readonly number[] {
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const round = [1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10;
  const step = isWhole ? Math.max(1, round * power) : round * power;
  const [first, last] = [Math.floor(low / step + 1e-9), Math.ceil(high / step - 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}
