// Draws a chart as SVG text, the same bytes every time: no canvas, no clock, no random numbers, ids of its own.
// Vega takes a second to load, so it is imported when the first chart is drawn.
import type { Chart } from "../chart/chart.ts";
import { resolvedInks } from "../chart/ink.ts";
import { textWidth } from "../chart/text-width.ts";
import { visibleText } from "../design/visible-text.ts";

/**
 * The chart as one `<svg>` element with a title and a description, safe to put into a page beside others.
 *
 * @throws Error with Vega-Lite's message when the specification is invalid.
 */
export async function svgOf(chart: Chart): Promise<string> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  // The specification is checked against Vega-Lite's schema by the chart's test, which its own type would only approximate.
  const spec = structuredClone(chart.spec) as unknown as Parameters<typeof vegaLite.compile>[0];
  const warnings: string[] = [];
  const logger = quietLogger(warnings);
  // Bootstraps of an author's error bars draw from this generator, and so are the same every time.
  setRandom(vega);
  const compiled = vegaLite.compile(spec, { logger }).spec;
  vega.resetSVGDefIds();
  setTextWidth(vega);
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  try {
    const svg = visibleText(await view.toSVG());
    if (warnings.length > 0 && chart.isAuthors !== true)
      throw new Error(`Chart ${chart.id}: ${warnings.join("; ")}`);
    assertLoadsNothing(svg, chart.id);
    return named(svg, chart);
  } finally {
    view.finalize();
  }
}

/** The last guard of a page that works offline: whatever a specification held, its drawing refers to nothing outside itself. */
function assertLoadsNothing(svg: string, id: string): void {
  for (const [tag] of svg.matchAll(/<[^>]*>/g))
    if (
      /^<(?:script|image|foreignObject|iframe|a)\b|\s(?:xlink:)?href="(?!#)|url\((?!#)|\son[a-z]+=/i.test(tag)
    )
      throw new Error(`Chart ${id} would load or run something: ${tag.slice(0, 80)}`);
}

/** Vega's own types leave its generators out; its documentation has them. */
function setRandom(vega: unknown): void {
  const { setRandom: set, randomLCG } = vega as {
    readonly setRandom: (generator: unknown) => void;
    readonly randomLCG: (seed: number) => unknown;
  };
  set(randomLCG(1));
}

/** Vega without a canvas takes every letter for 0.8 em, which leaves wide empty margins beside labels. */
function setTextWidth(vega: unknown): void {
  // Vega's own types leave textMetrics out; its tests and its documentation of headless use rely on it.
  const { textMetrics } = vega as { readonly textMetrics: TextMetrics };
  textMetrics.width = (item, text) =>
    textWidth(String(text ?? item.text ?? ""), item.fontSize ?? 11, item.fontWeight === "bold");
}

interface TextMetrics {
  width(
    item: { readonly fontSize?: number; readonly fontWeight?: unknown; readonly text?: unknown },
    text?: unknown,
  ): number;
}

/** The drawing as a file of its own: white paper and dark ink, because outside a page no style sheet says what the inks are. */
export function standaloneSvg(svg: string): string {
  return resolvedInks(svg).replace(/<\/desc>/, '</desc><rect width="100%" height="100%" fill="#ffffff"/>');
}

/** Gives the drawing a title, a description and ids that no other drawing on a page has. */
function named(svg: string, chart: Chart): string {
  const titleId = `${chart.id}-title`;
  const alt = `${chart.id}-alt`;
  return svg
    .replaceAll(/ (?:role="graphics-[a-z]+"|aria-roledescription="[^"]*"|aria-hidden="true")/g, "")
    .replaceAll(/(<[^<>]*\s)id="([^"]+)"/g, `$1id="${chart.id}-$2"`)
    .replaceAll(/url\(#([^)]+)\)/g, `url(#${chart.id}-$1)`)
    .replaceAll(/(xlink:href|href)="#([^"]+)"/g, `$1="#${chart.id}-$2"`)
    .replace(
      /^<svg([^>]*)>/,
      (_, attributes: string) =>
        `<svg${attributes} role="img" aria-labelledby="${titleId} ${alt}"><title id="${titleId}">${escaped(chart.title)}</title><desc id="${alt}">${escaped(chart.alt)}</desc>`,
    );
}

function escaped(text: string): string {
  return visibleText(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

interface Logger {
  level(): number;
  level(level: number): Logger;
  error(...messages: readonly unknown[]): Logger;
  warn(...messages: readonly unknown[]): Logger;
  info(): Logger;
  debug(): Logger;
}

/** A logger that Vega and Vega-Lite accept; a warning is a fault of the chart, so it is kept. */
function quietLogger(warnings: string[]): Logger {
  const keep = (messages: readonly unknown[]): Logger => {
    warnings.push(messages.join(" "));
    return logger;
  };
  const logger: Logger = {
    // Vega sets a level without reading it, Vega-Lite reads one without setting it.
    level: ((level?: number) => (level === undefined ? 1 : logger)) as Logger["level"],
    error: (...messages) => keep(messages),
    warn: (...messages) => keep(messages),
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
