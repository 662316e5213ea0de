// The shape of a power plan: what a number of replicates would find, under a stated spread.

export interface PowerPlan {
  readonly metric: string;
  /** Pooled standard deviation within conditions, in the metric's units: the assumption behind the curves. */
  readonly sd: number;
  /** Smallest number of values in a condition that has any. */
  readonly n: number;
  /** Difference that n values in each of two independent conditions find with 80% power, two-sided at 0.05, in the metric's units. */
  readonly detectable: number;
  readonly curves: readonly {
    /** Difference in standard deviations. */
    readonly d: number;
    /** The same in the metric's units. */
    readonly difference: number;
    readonly points: readonly { readonly n: number; readonly power: number }[];
  }[];
}
