// The door for statistics of the author's own: a function over finished trials that returns numbers to print.
// It runs when results are at hand; what it returns is stored, so that a report needs no code later.
import type { Json } from "./json.ts";

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
  /** A table to print: rows of one shape. */
  readonly table?: readonly Readonly<Record<string, Json>>[];
}

/** A custom analysis that returned nothing: it threw, ran out of time, or ended its process. `failure` says so in words. */
export interface CustomFailure {
  readonly failure: string;
}

/** What became of a custom analysis. */
export type CustomOutcome = CustomResult | CustomFailure;

/** A custom analysis with its types erased, as the definition keeps it. */
export type CustomAnalysis = (rows: readonly CustomRow[]) => CustomResult;
