// Why this test: the rule that the design chose, in the words that stand under a finding and in the methods paragraph.
import type { LevelDesign } from "../../design/level-design.ts";

interface RuleSpec {
  readonly tests: "estimation" | "classical";
  readonly block: string | null;
  readonly cluster: string | null;
}

/** What one independent unit is. */
export function unitName(design: LevelDesign, spec: RuleSpec): string {
  switch (design.kind) {
    case "replicates":
      return "replicate";
    case "blocks":
    case "clusters":
      return spec.block ?? spec.cluster ?? "block";
    case "cells":
      return "trial";
  }
}

/** One or two sentences; the same for every comparison of the same design. */
export function reasonOf(design: LevelDesign, spec: RuleSpec): string {
  const over = design.averagedOver.length === 0 ? "" : ` over ${listed(design.averagedOver)}`;
  const isClassical = spec.tests === "classical";
  const paired = isClassical ? pairedLadder : `by a paired t test.${fixedRule}`;
  switch (design.kind) {
    case "replicates":
      return `Under common random numbers the replicate is the block: the metric is averaged${over} with equal weights within each replicate, and levels are compared over the replicates that both have ${paired}`;
    case "blocks":
      return `Levels are compared within ${spec.block ?? spec.cluster ?? "block"}: each of its levels, averaged${over} with equal weights, is one pair, tested ${paired}`;
    case "clusters":
      return `Trials of one ${spec.cluster ?? "cluster"} are not independent, so its mean is the unit, compared ${isClassical ? freeLadder : `by Welch's t test.${fixedRule}`}`;
    case "cells":
      if (design.strata > 1)
        return `Trials are independent; levels are compared by Welch's t test stratified by the cells of ${listed(design.averagedOver)}, each with equal weight and a variance of its own.${fixedRule}${isClassical ? noLadder : ""}`;
      return `Trials are independent; levels are compared ${isClassical ? freeLadder : `by Welch's t test, which assumes no equal variances.${fixedRule}`}`;
  }
}

const fixedRule = " The rule was fixed before the data were seen.";
const noLadder = " The declared classical ladder has no form for several cells and was set aside.";
const freeLadder =
  "as the declared classical ladder says: by the Mann-Whitney U test unless Shapiro-Wilk tests find both levels normal, else by Student's or Welch's t test as Levene's test finds variances equal or not, each at 0.05; its steps are shown.";
const pairedLadder =
  "as the declared classical ladder says: by the Wilcoxon signed-rank test unless a Shapiro-Wilk test finds the differences normal at 0.05, else by a paired t test; its steps are shown.";

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
