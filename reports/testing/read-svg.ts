// Reads numbers back out of a drawing, so that tests hold the picture, not only its specification, against the analysis.
// Works on what Vega writes: marks carry their layer's name as a class, axes their tick labels with positions.

export interface Scale {
  /** The value that stands at a pixel. */
  valueAt(pixel: number): number;
}

/** The linear scale of the axis whose tick labels lie along x (or y). */
export function axisScale(svg: string, along: "x" | "y"): Scale {
  const ticks = [...svg.matchAll(/<g class="mark-text role-axis-label"[^>]*>(.*?)<\/g>/gs)]
    .map((group) => ticksOf(group[1]!))
    .find(
      (labels) =>
        labels.length >= 2 &&
        along === directionOf(labels) &&
        labels.every(({ value }) => Number.isFinite(value)),
    );
  if (ticks === undefined) throw new Error(`The drawing has no numeric ${along} axis.`);
  const first = ticks[0]!;
  const last = ticks.at(-1)!;
  const slope = (last.value - first.value) / (last[along] - first[along]);
  return { valueAt: (pixel) => first.value + slope * (pixel - first[along]) };
}

/** Position of each symbol of the layer named `name`, in pixels of the plot. */
export function symbolsOf(svg: string, name: string): readonly { readonly x: number; readonly y: number }[] {
  return [...layerOf(svg, name).matchAll(/<path [^>]*transform="translate\(([^,]+),([^)]+)\)/g)].map(
    (match) => ({
      x: Number(match[1]),
      y: Number(match[2]),
    }),
  );
}

/** Both ends of each rule of the layer named `name`, in pixels of the plot. */
export function rulesOf(
  svg: string,
  name: string,
): readonly { readonly x: number; readonly y: number; readonly x2: number; readonly y2: number }[] {
  return [
    ...layerOf(svg, name).matchAll(
      /<line [^>]*transform="translate\(([^,]+),([^)]+)\)"[^>]*x2="([^"]+)" y2="([^"]+)"/g,
    ),
  ].map((match) => {
    const [x, y, dx, dy] = match.slice(1).map(Number) as [number, number, number, number];
    return { x, y, x2: x + dx, y2: y + dy };
  });
}

/** Asserts that two lists of numbers agree to a hundredth of a pixel's worth of value. */
export function sameNumbers(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  if (actual.length !== expected.length)
    throw new Error(`${actual.length} marks drawn, ${expected.length} expected`);
  actual.forEach((value, i) => {
    if (!(Math.abs(value - expected[i]!) <= tolerance))
      throw new Error(`mark ${i} stands at ${value}, not at ${expected[i]}`);
  });
}

function layerOf(svg: string, name: string): string {
  const group = new RegExp(`<g class="[^"]*\\b${name}_marks"[^>]*>(.*?)</g>`, "gs");
  return [...svg.matchAll(group)].map((match) => match[1]).join("");
}

interface Tick {
  readonly x: number;
  readonly y: number;
  readonly value: number;
}

function ticksOf(group: string): readonly Tick[] {
  return [...group.matchAll(/transform="translate\(([^,]+),([^)]+)\)[^>]*>([^<]*)<\/text>/g)].map(
    (match) => ({
      x: Number(match[1]),
      y: Number(match[2]),
      value: Number(match[3]!.replaceAll("−", "-").replaceAll(",", "")),
    }),
  );
}

/** Labels that begin or end at the edge are nudged by Vega only in their anchor, so the varying coordinate is the axis. */
function directionOf(ticks: readonly Tick[]): "x" | "y" {
  return ticks.every((tick) => tick.y === ticks[0]!.y) ? "x" : "y";
}
