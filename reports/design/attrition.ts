// How many of the planned trials of each arm ended in which way, and why. An arm is a condition.
// Every planned row is in exactly one of the counts, so the columns always add up to `planned`.
import { notRunCode, type OutcomeKind, outcomeKindOf } from "../../runtime/record/outcome.ts";
import type { TrialTable } from "../../runtime/record/trial-table.ts";

/** What became of the planned trials of one arm; `planned` is the sum of the other counts. */
export interface AttritionCounts {
  readonly planned: number;
  readonly measured: number;
  readonly failed: number;
  readonly refused: number;
  readonly censored: number;
  readonly cancelled: number;
  readonly budgetStopped: number;
  readonly notRun: number;
}

/** The counts in the order in which they are shown, each with its heading. */
export const attritionHeads: readonly (readonly [keyof AttritionCounts, string])[] = [
  ["planned", "planned"],
  ["measured", "measured"],
  ["failed", "failed"],
  ["refused", "refused"],
  ["censored", "censored"],
  ["cancelled", "cancelled"],
  ["budgetStopped", "stopped by budget"],
  ["notRun", "not run"],
];

export interface AttritionRow extends AttritionCounts {
  /** Index in `table.conditions`. */
  readonly condition: number;
  /** The most frequent reasons of rows without a measurement, most frequent first, at most three. */
  readonly reasons: readonly { readonly message: string; readonly count: number }[];
}

const countOf: Readonly<Record<OutcomeKind, keyof AttritionCounts>> = {
  measured: "measured",
  failed: "failed",
  refused: "refused",
  censored: "censored",
  cancelled: "cancelled",
  "budget-stopped": "budgetStopped",
};

/** One row an arm, in the order of `table.conditions`. */
export function attritionOf(table: TrialTable): readonly AttritionRow[] {
  const counts = table.conditions.map(() => noCounts());
  const reasons = table.conditions.map(() => new Map<string, number>());
  for (let row = 0; row < table.rows; row++) {
    const arm = counts[table.condition[row]!]!;
    arm.planned++;
    const code = table.outcome[row]!;
    const kind = outcomeKindOf(code);
    if (kind === null && code !== notRunCode)
      throw new Error(`Row ${row} has the unknown outcome code ${code}.`);
    arm[kind === null ? "notRun" : countOf[kind]]++;
  }
  for (const [row, message] of table.message) {
    const own = reasons[table.condition[row]!]!;
    own.set(message, (own.get(message) ?? 0) + 1);
  }
  return counts.map((arm, condition) => ({ condition, ...arm, reasons: topReasons(reasons[condition]!) }));
}

/** The sum over arms. */
export function totalOf(rows: readonly AttritionCounts[]): AttritionCounts {
  const total = noCounts();
  for (const row of rows) {
    for (const [name] of attritionHeads) total[name] += row[name];
  }
  return total;
}

function noCounts(): { -readonly [K in keyof AttritionCounts]: number } {
  return {
    planned: 0,
    measured: 0,
    failed: 0,
    refused: 0,
    censored: 0,
    cancelled: 0,
    budgetStopped: 0,
    notRun: 0,
  };
}

function topReasons(reasons: ReadonlyMap<string, number>): AttritionRow["reasons"] {
  return [...reasons]
    .map(([message, count]) => ({ message, count }))
    .sort((a, b) => b.count - a.count || (a.message < b.message ? -1 : 1))
    .slice(0, 3);
}
