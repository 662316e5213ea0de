// Whether arms lost different shares of their trials: the sentence that must stand above every comparison when they did,
// because the trials that are left may then differ for another reason than the factor.
import type { AttritionRow } from "../../design/attrition.ts";
import type { Arm } from "../analysis.ts";
import { numberText } from "./number-text.ts";

/** Shares of lost trials that differ by more than this are worth a warning. */
const shareDifference = 0.05;

/**
 * A sentence naming the arms that lost most and least; null when no arm lost a trial or all lost about the same share.
 * Trials that were not run yet are not lost.
 */
export function attritionWarningOf(rows: readonly AttritionRow[], arms: readonly Arm[]): string | null {
  const ends = endsOf(rows, arms, "lost");
  if (ends === null) return null;
  return `Arms lost different shares of their trials: ${ends.most}, while ${ends.least}. What is left may differ for that reason; comparisons between such arms carry worst-case bounds where the metric declares its range.`;
}

/**
 * The same for one optional metric that measured trials left null; null when none did or all arms lack about the same share.
 * `cells` are the conditions in which the metric could be measured, with the number of its values.
 */
export function missingWarningOf(
  metric: {
    readonly name: string;
    readonly cells: readonly { readonly condition: number | null; readonly n: number }[];
  },
  rows: readonly AttritionRow[],
  arms: readonly Arm[],
): string | null {
  const held = new Map(metric.cells.map(({ condition, n }) => [condition, n]));
  const own = rows.map((row) => ({ ...row, measured: held.get(row.condition) ?? 0 }));
  if (own.every((row, i) => row.measured === rows[i]!.measured)) return null;
  const ends = endsOf(own, arms, "lacks it in");
  if (ends === null) return null;
  return `Arms lack ${metric.name} in different shares of their trials: ${ends.most}, while ${ends.least}. The values that are there may differ for that reason.`;
}

function endsOf(
  rows: readonly AttritionRow[],
  arms: readonly Arm[],
  verb: string,
): { readonly most: string; readonly least: string } | null {
  const shares = rows
    .map((row) => ({ row, ran: row.planned - row.notRun }))
    .filter(({ ran }) => ran > 0)
    .map(({ row, ran }) => ({ row, lost: ran - row.measured, ran, share: (ran - row.measured) / ran }));
  if (shares.length < 2) return null;
  const most = shares.reduce((a, b) => (b.share > a.share ? b : a));
  const least = shares.reduce((a, b) => (b.share < a.share ? b : a));
  if (most.share - least.share <= shareDifference) return null;
  const say = (of: typeof most) =>
    `${arms[of.row.condition]!.label} ${verb} ${of.lost} of ${of.ran} (${numberText(100 * of.share, 0)}%)`;
  return { most: say(most), least: say(least) };
}
