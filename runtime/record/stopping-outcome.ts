// What adaptive replication came to: at how many complete replicates it stopped, why, and the interval of every mean or difference
// that it watched. Written into the run's manifest, so that a report needs no code and no second look at the data.
import type { StoppingRule } from "../../lib/experiment/definition.ts";

/** One confidence sequence at the last look. */
export interface WatchedInterval {
  /** "firms = 2, discount = 0.95", or "firms: 3 rather than 2". */
  readonly label: string;
  /** Replicates with a value, of those that count. */
  readonly n: number;
  /** Null before the sequence begins (without a declared range: fewer than 30 values, or no variation). */
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** Whether it alone meets the goal. */
  readonly isSettled: boolean;
}

export interface StoppingOutcome {
  readonly rule: StoppingRule;
  /** Complete replicates 1 to k that count as the run's results. */
  readonly replicates: number;
  /** "met": the goal was reached; "max": the largest number was; "open": the run ended before either. */
  readonly reason: "met" | "max" | "open";
  /** The sequence's name, as the statistics give it. */
  readonly method: string;
  readonly guarantee: "non-asymptotic" | "asymptotic";
  /** Coverage of each sequence, so that all of them hold together at all looks with the rule's confidence (Bonferroni). */
  readonly level: number;
  readonly intervals: readonly WatchedInterval[];
}
