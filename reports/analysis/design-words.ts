// Why this test: the rule that the design chose, in the words that stand under a finding and in the methods paragraph.
import type { LevelDesign } from "../table/level-design.ts";

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
  const ladder =
    spec.tests === "classical" && !(design.kind === "cells" && design.strata > 1)
      ? " As declared, the classical ladder chose among t, Welch and rank tests by Shapiro-Wilk and Levene tests at 0.05; its steps are shown."
      : " The rule was fixed before the data were seen.";
  switch (design.kind) {
    case "replicates":
      return `Under common random numbers the replicate is the block: the metric is averaged${over} with equal weights within each replicate, and levels are compared over the replicates complete in both by a paired t test.${ladder}`;
    case "blocks":
      return `Levels are compared within ${spec.block ?? spec.cluster ?? "block"}: each of its levels, averaged${over} with equal weights, is one pair of a paired t test.${ladder}`;
    case "clusters":
      return `Trials of one ${spec.cluster ?? "cluster"} are not independent, so its mean is the unit, compared by Welch's t test.${ladder}`;
    case "cells":
      return design.strata > 1
        ? `Trials are independent; levels are compared by Welch's t test stratified by the cells of ${listed(design.averagedOver)}, each with equal weight and a variance of its own.${ladder}`
        : `Trials are independent; levels are compared by Welch's t test, which assumes no equal variances.${ladder}`;
  }
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
