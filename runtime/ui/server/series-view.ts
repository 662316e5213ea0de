// The mean of a series by its rows, of each arm, over complete replicates: what a trial recorded first, second, third.
import { UserError } from "../../diagnostic/user-error.ts";
import { hasMeasurement } from "../../record/outcome.ts";
import type { RunResults } from "../../record/trial-table.ts";
import type { SeriesView } from "../view-data.ts";
import { completeReplicates } from "./arm-intervals.ts";
import type { TrialColumns } from "./run-tables.ts";

const pointsMax = 300;

/** Throws UserError for a series or a column that there is not. Series of stages, which serve several trials, have no arms. */
export async function seriesViewOf(
  results: RunResults,
  { table, cancelled }: TrialColumns,
  asked: { readonly series: string; readonly column: string },
): Promise<SeriesView> {
  const { experiment } = table;
  const series = asked.series || (experiment.series[0] ?? "");
  if (!experiment.series.includes(series))
    throw new UserError(`"${experiment.name}" has no series "${series}"`);
  const { row: rows, columns, units } = await results.series(experiment.name, series);
  const { complete, starts } = completeReplicates(table, cancelled);
  const numeric = Object.keys(columns).filter((name) =>
    Array.from(columns[name]!.slice(0, 50)).some((value) => typeof value === "number"),
  );
  const column = asked.column || (numeric.at(-1) ?? "");
  const values = columns[column];
  if (units !== undefined || values === undefined)
    return { series, column, columns: numeric, complete, arms: [] };
  const end = starts[complete]!;
  const sums: number[][] = table.conditions.map(() => []);
  const counts: number[][] = table.conditions.map(() => []);
  let place = 0;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index]!;
    place = index > 0 && rows[index - 1] === row ? place + 1 : 0;
    const value = values[index];
    if (row >= end || !hasMeasurement(table.outcome[row]!) || typeof value !== "number") continue;
    if (!Number.isFinite(value)) continue;
    const arm = table.condition[row]!;
    sums[arm]![place] = (sums[arm]![place] ?? 0) + value;
    counts[arm]![place] = (counts[arm]![place] ?? 0) + 1;
  }
  return {
    series,
    column,
    columns: numeric,
    complete,
    arms: sums.map((own, index) => ({ index, points: thinned(own, counts[index]!) })),
  };
}

function thinned(sums: readonly number[], counts: readonly number[]): readonly (readonly [number, number])[] {
  const step = Math.max(1, Math.ceil(sums.length / pointsMax));
  return Array.from(sums.keys()).flatMap((place) => {
    const count = counts[place];
    const isKept = place % step === 0 || place === sums.length - 1;
    return isKept && count !== undefined ? [[place + 1, sums[place]! / count] as const] : [];
  });
}
