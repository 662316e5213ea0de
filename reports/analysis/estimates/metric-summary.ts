// Every declared metric by condition. When each condition holds at most one value, the values themselves are summarised
// across conditions, because a table of lone values answers nothing.
import type { MetricSpec } from "../../../lib/experiment/definition.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import type { AttritionRow } from "../../design/attrition.ts";
import { type Cell, cellsOf } from "../../design/cells.ts";
import type { CategoryCounts, CellSummary, MetricSummary } from "../analysis.ts";
import { cellSummaryOf } from "./cell-summary.ts";

/** Dots that all cells of one metric keep together, and one cell alone. */
const dots = { inAll: 1500, inOne: 250, atLeast: 5 };

/** The primary metric first, then the others in declared order. */
export function metricSummariesOf(
  table: TrialTable,
  arms: readonly AttritionRow[],
): readonly MetricSummary[] {
  const { metrics, primary } = table.experiment;
  const names = Object.keys(metrics);
  const ordered = primary === null ? names : [primary, ...names.filter((name) => name !== primary)];
  return ordered.map((name) =>
    summaryOf({ name, spec: metrics[name]!, table, arms, isPrimary: name === primary }),
  );
}

interface SummaryInput {
  readonly name: string;
  readonly spec: MetricSpec;
  readonly table: TrialTable;
  readonly arms: readonly AttritionRow[];
  readonly isPrimary: boolean;
}

function summaryOf({ name, spec, table, arms, isPrimary }: SummaryInput): MetricSummary {
  const cells = cellsOf(table, name);
  const kind = spec.type;
  const shared = {
    name,
    kind,
    unit: spec.unit,
    description: spec.description,
    range: spec.range === null ? null : { min: spec.range[0], max: spec.range[1] },
    direction: spec.direction,
    title: spec.unit === null || spec.unit === name ? name : `${name} (${spec.unit})`,
    isPrimary,
  };
  if (kind === "category") {
    const counts = cells.map((cell) => countsOf(cell, spec.categories ?? [], arms[cell.condition]!.planned));
    return { ...shared, cells: [], counts, across: null };
  }
  const pointsMax = Math.max(dots.atLeast, Math.min(dots.inOne, Math.floor(dots.inAll / cells.length)));
  const summaries = cells.map((cell) =>
    cellSummaryOf({ ...cell, planned: arms[cell.condition]!.planned, kind, pointsMax }),
  );
  return { ...shared, cells: summaries, counts: [], across: acrossOf(cells, kind) };
}

function acrossOf(cells: readonly Cell[], kind: "number" | "integer" | "boolean"): CellSummary | null {
  if (cells.length < 3 || cells.some((cell) => cell.values.length > 1)) return null;
  const held = cells.filter((cell) => cell.values.length === 1);
  return cellSummaryOf({
    condition: null,
    values: Float64Array.from(held, (cell) => cell.values[0]!),
    replicates: Uint32Array.from(held, (cell) => cell.replicates[0]!),
    planned: cells.length,
    kind,
    pointsMax: dots.inOne,
  });
}

function countsOf(cell: Cell, categories: readonly string[], planned: number): CategoryCounts {
  const counts = categories.map((value) => ({ value, count: 0 }));
  for (const index of cell.values) counts[index]!.count++;
  return {
    condition: cell.condition,
    n: cell.values.length,
    missing: planned - cell.values.length,
    values: counts,
  };
}
