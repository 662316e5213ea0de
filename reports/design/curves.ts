// The rows of a series arranged as curves: each trial is first reduced to one value at each x, so that rounds never count as
// replicates; then trials are gathered by level. Long courses are binned, evenly over x, and the bins say so.
import { outcomeCodes } from "../../runtime/record/outcome.ts";
import type { SeriesTable, TrialTable } from "../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "./arm.ts";
import { DesignError } from "./level-design.ts";

export interface TrialCurve {
  readonly condition: number;
  readonly replicate: number;
  /** One value a bin; NaN where the trial has none. */
  readonly y: Float64Array;
}

export interface Curves {
  /** Middle of each bin, ascending; the x itself while there are few. */
  readonly x: readonly number[];
  /** True when several x share a bin. */
  readonly isBinned: boolean;
  /** True when some trial has no row where another still has some. */
  readonly endsDiffer: boolean;
  readonly groups: readonly { readonly label: string; readonly trials: readonly TrialCurve[] }[];
}

export interface CurvesOptions {
  readonly x: string;
  readonly y: string;
  readonly across: string | null;
  readonly where: Readonly<Record<string, unknown>>;
  readonly binsMax: number;
  /** What a trial counts as after its last row. */
  readonly after: "last" | "omit" | number;
}

/** @throws DesignError when the series lacks a column or it is not numeric. */
export function curvesOf(table: TrialTable, series: SeriesTable, options: CurvesOptions): Curves {
  const x = numericColumn(series, options.x);
  const y = numericColumn(series, options.y);
  const { across } = options;
  const wanted = Object.entries(options.where).map(([name, level]) => [name, levelText(level)] as const);
  const { units = table } = series;
  const named = [...(across === null ? [] : [across]), ...Object.keys(options.where)];
  const unused = named.find((name) => series.units?.factors.includes(name) === false);
  if (unused !== undefined)
    throw new DesignError(
      `The series ${series.name} was recorded by the stage ${series.units?.stage}, which does not use ${unused}: its rows are the same for all of its levels.`,
    );
  const labels = table.conditions.map((_, condition) => {
    const at = coordinatesOf(table, condition);
    if (!wanted.every(([name, level]) => at[name] === level)) return null;
    return across === null ? "all trials" : (at[across] ?? null);
  });
  const { centres, binOf, isBinned } = binning(x, options.binsMax);
  const sums = new Map<number, { sum: Float64Array; count: Uint32Array }>();
  for (let i = 0; i < series.row.length; i++) {
    const row = series.row[i]!;
    if (!endedAsMeant(units.outcome[row]!) || labels[units.condition[row]!] === null) continue;
    if (!Number.isFinite(x[i]!) || !Number.isFinite(y[i]!)) continue;
    let own = sums.get(row);
    if (own === undefined) {
      own = { sum: new Float64Array(centres.length), count: new Uint32Array(centres.length) };
      sums.set(row, own);
    }
    const bin = binOf(x[i]!);
    own.sum[bin]! += y[i]!;
    own.count[bin]!++;
  }
  let endsDiffer = false;
  const groups = new Map<string, TrialCurve[]>();
  const declared =
    across === null
      ? ["all trials"]
      : (table.experiment.factors.find(({ name }) => name === across)?.levels ?? []).map(levelText);
  for (const label of declared) groups.set(label, []);
  for (const [row, { sum, count }] of [...sums].sort(([a], [b]) => a - b)) {
    const condition = units.condition[row]!;
    const last = count.findLastIndex((rows) => rows > 0);
    endsDiffer ||= last < centres.length - 1;
    groups.get(labels[condition]!)?.push({
      condition,
      replicate: units.replicate[row]!,
      y: continued(
        sum.map((total, bin) => (count[bin] === 0 ? Number.NaN : total / count[bin]!)),
        last,
        options.after,
      ),
    });
  }
  return {
    x: centres,
    isBinned,
    endsDiffer,
    groups: [...groups]
      .map(([label, trials]) => ({ label, trials }))
      .filter(({ trials }) => trials.length > 0),
  };
}

/** A censored trial's rows are as good as any: they are what it did until it was cut. */
function endedAsMeant(outcome: number): boolean {
  return outcome === outcomeCodes.measured || outcome === outcomeCodes.censored;
}

/** A course beyond its last bin. */
function continued(y: Float64Array, last: number, after: CurvesOptions["after"]): Float64Array {
  if (after !== "omit" && last >= 0) y.fill(after === "last" ? y[last]! : after, last + 1);
  return y;
}

function numericColumn(series: SeriesTable, name: string): ArrayLike<number> {
  const column = series.columns[name];
  if (column === undefined) {
    throw new DesignError(
      `The series ${series.name} has no column ${name}; it has ${Object.keys(series.columns).join(", ")}.`,
    );
  }
  if (column instanceof Float64Array) return column;
  return column.map((value) =>
    typeof value === "number" ? value : typeof value === "boolean" ? Number(value) : Number.NaN,
  );
}

function binning(
  x: ArrayLike<number>,
  binsMax: number,
): { centres: readonly number[]; binOf(value: number): number; isBinned: boolean } {
  const distinct = new Set<number>();
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
    if (distinct.size <= binsMax) distinct.add(value);
  }
  if (distinct.size <= binsMax) {
    const centres = [...distinct].sort((a, b) => a - b);
    const index = new Map(centres.map((value, i) => [value, i]));
    return { centres, binOf: (value) => index.get(value)!, isBinned: false };
  }
  const width = (high - low) / binsMax;
  return {
    centres: Array.from({ length: binsMax }, (_, i) => low + (i + 0.5) * width),
    binOf: (value) => Math.min(binsMax - 1, Math.floor((value - low) / width)),
    isBinned: true,
  };
}
