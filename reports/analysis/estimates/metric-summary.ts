// Every declared metric by condition. When each condition holds at most one value, the values themselves are summarised
// across conditions, because a table of lone values answers nothing.
import type { MetricSpec } from "../../../lib/experiment/definition.ts";
import { proportionInterval } from "../../../lib/stats/proportion-interval.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import type { AttritionRow } from "../../design/attrition.ts";
import { type Cell, cellsOf } from "../../design/cells.ts";
import type { CategoryCounts, CellSummary, MetricSummary } from "../analysis.ts";
import { intervalOf } from "../interval.ts";
import { type CellInput, cellSummaryOf, level } from "./cell-summary.ts";
import { performanceSummaryOf } from "./performance.ts";

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
  const performance = performanceSummaryOf(table, name);
  const shared = {
    name,
    kind,
    unit: spec.unit,
    description: spec.description,
    range: spec.range === null ? null : { min: spec.range[0], max: spec.range[1] },
    direction: spec.direction,
    title: titleOf(name, spec),
    isPrimary,
    ...(spec.count !== undefined && { count: spec.count }),
    ...(performance !== null && { performance }),
    ...censoringOf(cells),
  };
  if (kind === "category") {
    const counts = cells.map((cell) => countsOf(cell, spec.categories ?? [], arms[cell.condition]!.planned));
    return { ...shared, cells: [], counts, across: null };
  }
  const isTimed = cells.some(({ times }) => times !== null);
  const measure = isTimed
    ? "mean"
    : spec.count !== undefined
      ? "rate"
      : kind === "boolean"
        ? "share"
        : "mean";
  // What a trial adds to a restricted mean may lie outside the metric's range.
  const stopped = table.experiment.stopping === undefined ? null : { range: isTimed ? null : shared.range };
  const pointsMax = Math.max(dots.atLeast, Math.min(dots.inOne, Math.floor(dots.inAll / cells.length)));
  const summaries = cells.map((cell) =>
    cellSummaryOf({ ...cell, planned: arms[cell.condition]!.planned, measure, stopped, pointsMax }),
  );
  return { ...shared, cells: summaries, counts: [], across: acrossOf(cells, measure) };
}

/** Nothing where every value was measured. */
function censoringOf(cells: readonly Cell[]): Pick<MetricSummary, "censoring"> {
  const known = cells.flatMap(({ times }) => times ?? []);
  const [first] = known;
  if (first === undefined) return {};
  return {
    censoring: {
      horizon: first.horizon,
      trials: known.reduce((sum, { event }) => sum + event.filter((happened) => !happened).length, 0),
    },
  };
}

/** "collisions per steps", "profitGain (share of the gap to monopoly)". */
function titleOf(name: string, { unit, count }: MetricSpec): string {
  const exposure = count?.exposure ?? null;
  const what = exposure === null ? name : `${name} per ${exposure}`;
  return unit === null || unit === name ? what : `${what} (${unit})`;
}

function acrossOf(cells: readonly Cell[], measure: CellInput["measure"]): CellSummary | null {
  if (cells.length < 3 || cells.some((cell) => cell.values.length > 1)) return null;
  const held = cells.filter((cell) => cell.values.length === 1);
  return cellSummaryOf({
    condition: null,
    values: Float64Array.from(held, (cell) => cell.values[0]!),
    replicates: Uint32Array.from(held, (cell) => cell.replicates[0]!),
    times: null,
    exposure: held[0]?.exposure == null ? null : Float64Array.from(held, (cell) => cell.exposure![0]!),
    planned: cells.length,
    measure,
    stopped: null,
    pointsMax: dots.inOne,
  });
}

function countsOf(cell: Cell, categories: readonly string[], planned: number): CategoryCounts {
  const counts = categories.map(() => 0);
  for (const index of cell.values) counts[index]!++;
  const n = cell.values.length;
  return {
    condition: cell.condition,
    n,
    missing: planned - n,
    values: categories.map((value, i) => ({
      value,
      count: counts[i]!,
      interval: n === 0 ? null : intervalOf(proportionInterval({ successes: counts[i]!, n, level })),
    })),
  };
}
