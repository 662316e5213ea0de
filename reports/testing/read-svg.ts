// Reads numbers back out of a drawing, so that tests hold the picture, not only its specification, against the analysis.
// Works on what Vega writes: marks carry their layer's name as a class, axes their tick labels with positions.

export interface Scale {
  /** The value that stands at a pixel. */
  valueAt(pixel: number): number;
}

/** The linear scale of the axis whose ticks lie along x (or y): positions from the ticks, values from their labels. */
export function axisScale(svg: string, along: "x" | "y"): Scale {
  const axes = [...svg.matchAll(/role-axis-tick"[^>]*>(.*?)<\/g>.*?role-axis-label"[^>]*>(.*?)<\/g>/gs)];
  const scales = axes.flatMap(([, tickText, labelText]) => {
    const places = [...tickText!.matchAll(/translate\(([^,]+),([^)]+)\)/g)].map((match) => ({
      x: Number(match[1]),
      y: Number(match[2]),
    }));
    const values = [...labelText!.matchAll(/>([^<]*)<\/text>/g)].map((match) =>
      Number(match[1]!.replaceAll("−", "-").replaceAll(",", "")),
    );
    const isAlong = places.every(
      (place) => place[along === "x" ? "y" : "x"] === places[0]![along === "x" ? "y" : "x"],
    );
    return isAlong && places.length >= 2 && values.length === places.length && values.every(Number.isFinite)
      ? [{ places, values }]
      : [];
  });
  const [scale] = scales;
  if (scale === undefined) throw new Error(`The drawing has no numeric ${along} axis.`);
  const { places, values } = scale;
  const slope = (values.at(-1)! - values[0]!) / (places.at(-1)![along] - places[0]![along]);
  return { valueAt: (pixel) => values[0]! + slope * (pixel - places[0]![along]) };
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

/** Left, top, width and height of each bar of the layer named `name`, in pixels of the plot. */
export function barsOf(
  svg: string,
  name: string,
): readonly { readonly x: number; readonly y: number; readonly width: number; readonly height: number }[] {
  return [...layerOf(svg, name).matchAll(/<path d="M([-\d.e]+),([-\d.e]+)h([-\d.e]+)v([-\d.e]+)h/g)].map(
    (match) => {
      const [x, y, width, height] = match.slice(1).map(Number) as [number, number, number, number];
      return { x, y, width, height };
    },
  );
}

/** The points of each line or area outline of the layer named `name`, in pixels of the plot. */
export function pathsOf(
  svg: string,
  name: string,
): readonly (readonly { readonly x: number; readonly y: number }[])[] {
  return [...layerOf(svg, name).matchAll(/<path d="M([^"Z]+)Z?"/g)].map((match) =>
    match[1]!.split("L").map((point) => {
      const [x, y] = point.split(",").map(Number) as [number, number];
      return { x, y };
    }),
  );
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
  // A name that several layers share is numbered, and so are the panels of a picture.
  const group = new RegExp(`<g class="[^"]*\\b${name}(?:_\\d+)?(?:_p\\d+)?_marks"[^>]*>(.*?)</g>`, "gs");
  return [...svg.matchAll(group)].map((match) => match[1]).join("");
}
