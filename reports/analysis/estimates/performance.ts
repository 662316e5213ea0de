// A simulation study: what each condition's trials say of a method whose truth is known, every measure with its Monte Carlo standard error.
import {
  type EstimatorPerformance,
  type Performance,
  performanceOf,
} from "../../../lib/stats/monte-carlo-error.ts";
import { proportionInterval } from "../../../lib/stats/proportion-interval.ts";
import { isRefused, orRefusal } from "../../../lib/stats/refusal.ts";
import type { TrialTable } from "../../../runtime/record/trial-table.ts";
import { cellsOf } from "../../design/cells.ts";
import { type Interval, intervalOf } from "../interval.ts";

/** Of one metric that estimates a known truth. */
export interface PerformanceSummary {
  /** The parameter that holds the truth, or the truth as text. */
  readonly truth: string;
  /** The metric that is the method's own standard error; null for none. */
  readonly standardError: string | null;
  /** Confidence of the intervals whose coverage is counted. */
  readonly level: number;
  /** The value whose rejection is counted. */
  readonly null: number;
  /** One a condition, in order. */
  readonly cells: readonly PerformanceCell[];
}

export interface PerformanceCell {
  /** Index of the condition. */
  readonly condition: number;
  /** The truth there; null where the parameter is no number. */
  readonly truth: number | null;
  readonly n: number;
  readonly measures: readonly PerformanceMeasure[];
  /** Why there are no measures, in words; null when there are. */
  readonly note: string | null;
}

export interface PerformanceMeasure extends Performance {
  readonly name: MeasureName;
  /** Wilson's interval of a share, which says more where all or none succeed; null for other measures. */
  readonly interval: Interval | null;
}

export type MeasureName =
  | "bias"
  | "empirical se"
  | "root mean squared error"
  | "model se"
  | "relative error of model se, %"
  | "coverage"
  | "bias-eliminated coverage"
  | "rejection";

const level = 0.95;

/** Null for a metric that estimates no known truth. */
export function performanceSummaryOf(table: TrialTable, metric: string): PerformanceSummary | null {
  const estimate = table.experiment.metrics[metric]?.estimate;
  if (estimate === undefined) return null;
  const { truth, standardError } = estimate;
  const errors = standardError === null ? null : cellsOf(table, standardError);
  return {
    truth: String(truth),
    standardError,
    level,
    null: estimate.null,
    cells: cellsOf(table, metric).map(({ condition, values, replicates }): PerformanceCell => {
      const parameter = typeof truth === "number" ? truth : table.conditions[condition]![truth];
      const at = typeof parameter === "number" ? parameter : null;
      const shared = { condition, truth: at, n: values.length };
      if (at === null) return { ...shared, measures: [], note: `${truth} is no number here` };
      const own = errors === null ? null : pairedErrors(errors[condition]!, replicates);
      const kept =
        own === null
          ? null
          : own.map((error, i) => ({ error, value: values[i]! })).filter(({ error }) => error !== null);
      const found = orRefusal(() =>
        performanceOf({
          estimates: kept === null ? [...values] : kept.map(({ value }) => value),
          ...(kept !== null && { standardErrors: kept.map(({ error }) => error!) }),
          truth: at,
          level,
          null: estimate.null,
        }),
      );
      if (isRefused(found)) return { ...shared, measures: [], note: found.reason };
      return { ...shared, n: found.n, measures: measuresOf(found), note: null };
    }),
  };
}

/** The standard error of each estimate, by replicate; null where a trial has none. */
function pairedErrors(
  { values, replicates }: { readonly values: Float64Array; readonly replicates: Uint32Array },
  wanted: Uint32Array,
): readonly (number | null)[] {
  const known = new Map(Array.from(replicates, (replicate, i) => [replicate, values[i]!]));
  return Array.from(wanted, (replicate) => known.get(replicate) ?? null);
}

function measuresOf(found: EstimatorPerformance): readonly PerformanceMeasure[] {
  const plain = (name: MeasureName, measure: Performance | null): readonly PerformanceMeasure[] =>
    measure === null ? [] : [{ name, ...measure, interval: null }];
  const share = (name: MeasureName, measure: Performance | null): readonly PerformanceMeasure[] => {
    if (measure === null) return [];
    const successes = Math.round(measure.value * found.n);
    const interval = intervalOf(proportionInterval({ successes, n: found.n, level }));
    return [{ name, ...measure, interval }];
  };
  return [
    ...plain("bias", found.bias),
    ...plain("empirical se", found.empiricalError),
    ...plain("root mean squared error", found.rootMeanSquaredError),
    ...plain("model se", found.modelError),
    ...plain("relative error of model se, %", found.relativeModelError),
    ...share("coverage", found.coverage),
    ...share("bias-eliminated coverage", found.biasEliminatedCoverage),
    ...share("rejection", found.rejection),
  ];
}

/** The measures that some condition has, in their order. */
export function measureNamesOf(cells: readonly PerformanceCell[]): readonly MeasureName[] {
  const fullest = cells.reduce<PerformanceCell["measures"]>(
    (most, { measures }) => (measures.length > most.length ? measures : most),
    [],
  );
  return fullest.map(({ name }) => name);
}
