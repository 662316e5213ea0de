// Single values of a run's columns as the page shows them.
import { failureReasonOf } from "../../record/batch-layout.ts";
import { notRunCode, outcomeKindOf } from "../../record/outcome.ts";
import type { TrialColumns } from "./run-tables.ts";

/** "measured", "failed: time-out", "not begun". */
export function stateOf({ table, reason }: TrialColumns, row: number): string {
  const code = table.outcome[row]!;
  if (code === notRunCode) return "not begun";
  const kind = outcomeKindOf(code) ?? "of a later version";
  const why = failureReasonOf(reason[row]!);
  return why === null ? kind : `${kind}: ${why}`;
}

/** A number, a category's name, yes or no, or null where there is none. */
export function metricValueAt(
  table: TrialColumns["table"],
  metric: string,
  row: number,
): number | string | null {
  const value = table.metrics[metric]?.[row];
  if (value === undefined || Number.isNaN(value)) return null;
  const spec = table.experiment.metrics[metric];
  if (spec?.type === "boolean") return value === 1 ? "yes" : "no";
  return spec?.categories?.[value] ?? value;
}
