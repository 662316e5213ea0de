// The rows of a stopping rule: its own intervals, which hold at the stop, where those that take the number of replicates as fixed promise
// nothing. So where a rule decided how much was run, the page leads with these.
import type { StoppingSummary } from "../../analysis/stopping.ts";
import { shareText } from "../../analysis/stopping.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { emptyRow, type FindingRow, type RowGroup } from "./finding-row.ts";

export function stoppingGroup(stopping: StoppingSummary): RowGroup {
  const { rule, level, intervals } = stopping;
  const { goal, metric } = rule;
  return {
    anchor: "stopping",
    title: `${metric}: the stopping rule`,
    findings: [],
    note: `${goal.kind === "decided-between" ? "difference of means" : "mean"}, ${shareText(level)} confidence sequences, which hold at every number of replicates; together ${shareText(rule.confidence)} (Bonferroni over ${numberText(intervals.length)})`,
    scale: { reference: referenceOf(goal), margin: null, isLog: false },
    parts: [{ head: null, rows: intervals.map((one) => rowOf(one, { goal, level })) }],
  };
}

type Goal = StoppingSummary["rule"]["goal"];

function referenceOf(goal: Goal): number | null {
  switch (goal.kind) {
    case "decided-between":
      return 0;
    case "decided":
      return goal.value;
    case "half-width":
      return null;
  }
}

function rowOf(
  { label, n, mean, low, high, isSettled }: StoppingSummary["intervals"][number],
  { goal, level }: { readonly goal: Goal; readonly level: number },
): FindingRow {
  return {
    ...emptyRow,
    label,
    estimate: mean,
    interval: low === null || high === null ? null : { low, high, level },
    state: goal.kind === "half-width" ? "described" : isSettled ? "decided" : "open",
    verdict: verdictOf({ mean, isSettled }, goal),
    n: numberText(n),
  };
}

function verdictOf(
  { mean, isSettled }: { readonly mean: number | null; readonly isSettled: boolean },
  goal: Goal,
): string {
  switch (goal.kind) {
    case "half-width":
      return isSettled
        ? `known to ±${numberText(goal.halfWidth)}`
        : `not yet known to ±${numberText(goal.halfWidth)}`;
    case "decided":
      return isSettled && mean !== null ? (mean > goal.value ? "above" : "below") : "inconclusive";
    case "decided-between":
      return isSettled && mean !== null ? (mean > 0 ? "higher" : "lower") : "inconclusive";
  }
}

/** The word and the sentence of a page that leads with the rule. */
export function stoppingWords({ rule, intervals, replicates, reason }: StoppingSummary): {
  readonly word: string;
  readonly sentence: string;
} {
  const { goal, metric } = rule;
  const settled = intervals.filter(({ isSettled }) => isSettled).length;
  const count = `${numberText(settled)} of ${numberText(intervals.length)}`;
  const after = `after ${numberText(replicates)} replicates`;
  const word =
    settled === 0
      ? "Inconclusive."
      : reason !== "met"
        ? "Partly decided."
        : goal.kind === "half-width"
          ? "Estimated."
          : "Decided.";
  switch (goal.kind) {
    case "half-width":
      return {
        word,
        sentence: `The mean of ${metric} is known to ±${numberText(goal.halfWidth)} in ${count} conditions, ${after}.`,
      };
    case "decided":
      return {
        word,
        sentence: `The mean of ${metric} is decided to lie above or below ${numberText(goal.value)} in ${count} conditions, ${after}.`,
      };
    case "decided-between":
      return {
        word,
        sentence: `${count} differences of ${metric} across ${goal.across} are decided, ${after}.`,
      };
  }
}
