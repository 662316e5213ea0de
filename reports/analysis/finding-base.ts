// What all findings have in common, and how their tests were corrected.

export interface FindingBase {
  /** Unique in an experiment: "compare-profitgain-discount". */
  readonly id: string;
  /** "profitGain across discount". */
  readonly title: string;
  /** The answers, one sentence each, with numbers. */
  readonly sentences: readonly string[];
  /** Which test and why: the rule that chose it, fixed before the data. Empty when nothing could be computed. */
  readonly reason: string;
  /** What limits this finding: degenerate data, missing outcomes. */
  readonly notes: readonly string[];
  /** True when the analysis was declared in the registered or built definition, false when it was added afterwards. */
  readonly isConfirmatory: boolean;
}

/** How the tests of a finding were corrected. */
export interface Corrected {
  /** How the p values were adjusted: "Holm over the 3 comparisons of family main"; null where nothing is adjusted. */
  readonly family: string | null;
  /** Of the finding's own single test (overall, interaction, slope); null where it is not adjusted or each comparison has its own. */
  readonly pAdjusted: number | null;
}
