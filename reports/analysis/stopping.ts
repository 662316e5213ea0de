// What adaptive replication came to, in sentences: the rule, why it stopped where it did, and what its intervals promise that the
// ordinary ones do not. The numbers are those that the run recorded; nothing is computed again.
import type { StoppingOutcome } from "../../runtime/record/stopping-outcome.ts";
import { numberText } from "./words/number-text.ts";

export interface StoppingSummary extends StoppingOutcome {
  /** The rule, how it ended, what the intervals mean. */
  readonly sentences: readonly string[];
}

export function stoppingSummaryOf(outcome: StoppingOutcome | undefined): StoppingSummary | null {
  if (outcome === undefined) return null;
  return { ...outcome, sentences: [ruleSentence(outcome), endSentence(outcome), meaningSentence(outcome)] };
}

function ruleSentence({ rule }: StoppingOutcome): string {
  return `The number of replicates was not fixed: replicates were added, from ${rule.min} to at most ${rule.max}, until ${goalText(rule)}.`;
}

function goalText({ goal, metric }: StoppingOutcome["rule"]): string {
  switch (goal.kind) {
    case "half-width":
      return `the mean of ${metric} in every condition was known to plus or minus ${numberText(goal.halfWidth)}`;
    case "decided":
      return `the mean of ${metric} in every condition was decided to lie above or below ${numberText(goal.value)}`;
    case "decided-between":
      return goal.baseline === null
        ? `every difference of ${metric} between levels of ${goal.across} was decided`
        : `every difference of ${metric} from ${goal.across} = ${levelText(goal.baseline.level)} was decided`;
  }
}

function endSentence({ reason, replicates, rule, intervals }: StoppingOutcome): string {
  const open = intervals.filter(({ isSettled }) => !isSettled).length;
  switch (reason) {
    case "met":
      return `That was so after ${replicates} complete replicates, and no more were counted.`;
    case "max":
      return `It was not so after the largest number of ${rule.max}: ${open} of ${intervals.length} ${intervals.length === 1 ? "interval is" : "intervals are"} still open.`;
    case "open":
      return `The run ended before that, after ${replicates} complete replicates: ${open} of ${intervals.length} ${intervals.length === 1 ? "interval is" : "intervals are"} still open. The same command goes on.`;
  }
}

function meaningSentence({ method, guarantee, level, rule, intervals }: StoppingOutcome): string {
  const share =
    intervals.length > 1 ? `, each at ${shareText(level)} (Bonferroni over ${intervals.length})` : "";
  const promise =
    guarantee === "non-asymptotic"
      ? "holds at every number of replicates, however often one looks"
      : "holds at all looks in the limit of many replicates (asymptotic), not exactly";
  return `The intervals of the rule are those of the ${method}${share}; their joint coverage of ${shareText(rule.confidence)} ${promise}. Only complete replicates 1 to k were looked at, in index order. Summaries by condition and gates have sequences of their own, each at its own confidence. Other intervals and all p values of this report take the number of replicates as fixed and promise nothing about looking.`;
}

/** What a finding whose intervals take the number of replicates as fixed has to say where the data decided it. */
export const fixedNumberNote =
  "The data decided how many replicates there are. The p values and intervals of this finding take that number as fixed, so they err more often than they say; those of the stopping rule hold.";

/** "95%", "98.75%", "99.9992%". */
export function shareText(share: number): string {
  return `${Number((100 * share).toPrecision(6))}%`;
}

function levelText(level: unknown): string {
  return typeof level === "string" ? level : JSON.stringify(level);
}
