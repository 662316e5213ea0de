// The door for statistics and charts of the author's own: functions over finished trials that return numbers and tables to print, or a
// chart to draw. They run when results are at hand; what they return is stored, so that a report needs no code later.
import type { Json } from "./json.ts";
import type { VegaLiteSpec } from "./vega-lite-spec.ts";

/** One trial as a custom analysis sees it. Metrics are null where the trial has no measurement. */
export interface CustomRow<C = Readonly<Record<string, unknown>>, V = Readonly<Record<string, unknown>>> {
  readonly parameters: C;
  /** 0-based. */
  readonly replicate: number;
  readonly outcome: "measured" | "failed" | "refused" | "censored" | "cancelled" | "budget-stopped";
  /** Null unless the outcome is "measured". */
  readonly metrics: V | null;
}

/** What a custom analysis reports; every part may be left out. */
export interface CustomResult {
  readonly estimate?: number;
  readonly interval?: readonly [low: number, high: number];
  readonly pValue?: number;
  /** One sentence for the page. */
  readonly sentence?: string;
  /** Tables to print, in this order. */
  readonly tables?: readonly CustomTable[];
}

/** A table of the author's own. */
export interface CustomTable {
  /** Stands above the table; the name of the analysis unless told. */
  readonly title?: string;
  /** What the columns hold, in their order; every key of the rows, as numbers where all are numbers, unless told. */
  readonly columns?: readonly CustomColumn[];
  readonly rows: readonly Readonly<Record<string, Json>>[];
}

export interface CustomColumn {
  /** The key of the rows. */
  readonly name: string;
  /** Numbers are set right and may be null; anything else is text. */
  readonly type: "number" | "text";
  /** Stands behind the name in the head. */
  readonly unit?: string;
  /** Digits after the point, 0 to 12; four significant digits unless told. */
  readonly decimals?: number;
}

/** A custom analysis that returned nothing: it threw, ran out of time, or ended its process. `failure` says so in words. */
export interface CustomFailure {
  readonly failure: string;
}

/** The chart of a chart analysis, with the rows that it draws. */
export interface CustomChart {
  readonly spec: VegaLiteSpec;
}

/** What became of a custom analysis or a chart. */
export type CustomOutcome = CustomResult | CustomChart | CustomFailure;

/** A custom analysis or a chart with its types erased, as the definition keeps it. */
export type CustomAnalysis = (rows: readonly CustomRow[]) => CustomResult | VegaLiteSpec;
