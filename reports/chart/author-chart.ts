// A chart of the author's own in the theme of the report: what the author configures goes over it.
import type { ChartFinding } from "../analysis/finding.ts";
import { type Chart, type ChartSpec, chartIdOf } from "./chart.ts";
import { hues, ink, rampOf } from "./ink.ts";
import { config, themed } from "./theme.ts";

/** Marks of ours say their colours themselves; those of an author start from these. */
const markConfig: ChartSpec = {
  mark: { color: hues[0] },
  text: { fill: ink, fontSize: 11 },
  rule: { color: ink },
  tick: { color: hues[0] },
  boxplot: { median: { color: ink } },
  view: {
    stroke: null,
    continuousWidth: 420,
    continuousHeight: 250,
    discreteWidth: { step: 44 },
    discreteHeight: { step: 26 },
  },
  range: { category: [...hues], ordinal: [0, 0.25, 0.5, 0.75, 1].map(rampOf) },
};

export function authorChart(experiment: string, finding: ChartFinding): Chart {
  const { config: own, ...spec } = finding.spec;
  const caption = finding.caption === "" ? "A chart of the author's own." : finding.caption;
  return {
    id: chartIdOf(experiment, finding.id, "chart"),
    title: finding.title,
    caption,
    alt: `${finding.title}. ${caption}`,
    spec: themed({ ...spec, config: over(over(config, markConfig), isPlain(own) ? own : {}) }),
    isAuthors: true,
  };
}

/** Key by key, at every depth. */
function over(below: ChartSpec, above: ChartSpec): ChartSpec {
  const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
  return Object.fromEntries(
    keys.map((key) => {
      const [old, next] = [below[key], above[key]];
      return [key, next === undefined ? old : isPlain(old) && isPlain(next) ? over(old, next) : next];
    }),
  );
}

function isPlain(value: unknown): value is ChartSpec {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
