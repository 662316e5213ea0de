// An axis of names from left to right: each has its share of the width and breaks into lines within it, so that none covers its neighbour.

import type { ChartSpec } from "./chart.ts";
import { ordered } from "./encoding.ts";
import { shortLabels } from "./short-labels.ts";
import { linesOf } from "./text-width.ts";
import { plotWidth } from "./theme.ts";

const labelSize = 11;
/** Pixels between two names. */
const gap = 8;

/** The encoding of `levels` across the width of a plot. */
export function across(field: string, levels: readonly string[], title: string | null): ChartSpec {
  const short = shortLabels(levels);
  const room = plotWidth / Math.max(1, levels.length) - gap;
  const lines = levels.map((level) => [level, linesOf(short.get(level) ?? level, room, labelSize)] as const);
  const axis = {
    title,
    labelAngle: 0,
    labelFontSize: labelSize,
    labelExpr: `(${JSON.stringify(Object.fromEntries(lines))})[datum.label]`,
  };
  const encoding = ordered(field, levels, { title });
  return { ...encoding, axis };
}
