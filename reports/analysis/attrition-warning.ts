// Whether arms lost different shares of their trials: the sentence that must stand above every comparison when they did,
// because the trials that are left may then differ for another reason than the factor.
import type { AttritionRow } from "../table/attrition.ts";
import type { Arm } from "./analysis.ts";
import { numberText } from "./number-text.ts";

/** Shares of lost trials that differ by more than this are worth a warning. */
const shareDifference = 0.05;

/**
 * A sentence naming the arms that lost most and least; null when no arm lost a trial or all lost about the same share.
 * Trials that were not run yet are not lost.
 */
export function attritionWarningOf(rows: readonly AttritionRow[], arms: readonly Arm[]): string | null {
  const shares = rows
    .map((row) => ({ row, ran: row.planned - row.notRun }))
    .filter(({ ran }) => ran > 0)
    .map(({ row, ran }) => ({ row, lost: ran - row.measured, ran, share: (ran - row.measured) / ran }));
  if (shares.length < 2) return null;
  const most = shares.reduce((a, b) => (b.share > a.share ? b : a));
  const least = shares.reduce((a, b) => (b.share < a.share ? b : a));
  if (most.share - least.share <= shareDifference) return null;
  const say = (of: typeof most) =>
    `${arms[of.row.condition]!.label} lost ${of.lost} of ${of.ran} (${numberText(100 * of.share, 0)}%)`;
  return `Arms lost different shares of their trials: ${say(most)}, while ${say(least)}. What is left may differ for that reason; comparisons between such arms carry worst-case bounds where the metric declares its range.`;
}
