// Draws a chart of the author's once, to nothing: what Vega-Lite refuses is said when the chart is made, not in every report after it, and
// one that takes for ever ends here by its time-out. Vega takes a second to load, so it is imported when the first chart is tried.
import type { VegaLiteSpec } from "../../../../lib/experiment/vega-lite-spec.ts";

/** @throws Error with the words of Vega or Vega-Lite. */
export async function tryChart(spec: VegaLiteSpec): Promise<void> {
  const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
  const errors: string[] = [];
  const logger = loggerTo(errors);
  // The author's specification, of which our type is a part of Vega-Lite's own.
  const given = structuredClone(spec) as unknown as Parameters<typeof vegaLite.compile>[0];
  const compiled = vegaLite.compile(given, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: "none", logger });
  try {
    await view.runAsync();
  } finally {
    view.finalize();
  }
  if (errors.length > 0) throw new Error(errors[0]);
}

interface Logger {
  level(): number;
  level(level: number): Logger;
  error(...messages: readonly unknown[]): Logger;
  warn(): Logger;
  info(): Logger;
  debug(): Logger;
}

function loggerTo(errors: string[]): Logger {
  const logger: Logger = {
    // Vega sets a level without reading it, Vega-Lite reads one without setting it.
    level: ((level?: number) => (level === undefined ? 1 : logger)) as Logger["level"],
    error(...messages) {
      errors.push(messages.map((one) => (one instanceof Error ? one.message : String(one))).join(" "));
      return logger;
    },
    warn: () => logger,
    info: () => logger,
    debug: () => logger,
  };
  return logger;
}
