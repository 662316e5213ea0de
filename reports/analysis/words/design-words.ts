// Why this test: the rule that the design chose, in the words that stand under a finding and in the methods paragraph.
import type { Cell } from "../../design/cells.ts";
import type { LevelDesign } from "../../design/level-design.ts";
import { listed } from "./listed.ts";
import { numberText } from "./number-text.ts";

interface RuleSpec {
  readonly tests: "estimation" | "classical";
  readonly block: string | null;
  readonly cluster: string | null;
}

/** What one independent unit is. */
export function unitName(design: LevelDesign, spec: RuleSpec): string {
  if (design.basis === "regression") return "condition";
  switch (design.kind) {
    case "replicates":
      return "replicate";
    case "blocks":
    case "clusters":
      return blockOf(design, spec);
    case "cells":
      return "trial";
  }
}

/** One or two sentences; the same for every comparison of the same design. */
export function reasonOf(design: LevelDesign, spec: RuleSpec): string {
  const over = design.averagedOver.length === 0 ? "" : ` over ${listed(design.averagedOver)}`;
  const isClassical = spec.tests === "classical";
  const paired = isClassical ? pairedLadder : `by a paired t test.`;
  switch (design.kind) {
    case "replicates":
      return `Under common random numbers the replicate is the block: the metric is averaged${over} with equal weights within each replicate, and levels are compared over the replicates that both have ${paired}`;
    case "blocks":
      return `Levels are compared within ${blockOf(design, spec)}: each ${design.blockName === null ? "of its levels" : "of them"}, averaged${over} with equal weights, is one pair, tested ${paired}`;
    case "clusters":
      return `Trials of one ${spec.cluster ?? "cluster"} are not independent, so its mean is the unit, compared ${isClassical ? freeLadder : `by Welch's t test.`}`;
    case "cells":
      if (design.levels.some(({ cells }) => cells.length > 1))
        return `Trials are independent; levels are compared by Welch's t test stratified by the cells of ${listed(design.averagedOver)}, each with equal weight and a variance of its own.${isClassical ? noLadder : ""}`;
      return `Trials are independent; levels are compared ${isClassical ? freeLadder : `by Welch's t test, which assumes no equal variances.`}`;
  }
}

/** What stands for a trial of a metric that was cut off in some: nothing where none was. */
export function restrictedNotes(metric: string, cells: readonly Cell[]): readonly string[] {
  const times = cells.find((cell) => cell.times !== null)?.times ?? null;
  if (times === null) return [];
  return [
    `${metric} was cut off in some trials, so that its means are restricted means up to ${numberText(times.horizon)}: what stands for a trial is what it adds to that of its condition.`,
  ];
}

/** Why differences are adjusted by a regression, and how. */
export function adjustedReason(design: LevelDesign, spec: RuleSpec): string {
  const others = listed([
    ...design.covariates,
    ...design.averagedOver.filter((name) => !design.covariates.includes(name)),
  ]);
  return `The levels of ${design.factor} met unlike points of a sampled design, so their differences are adjusted: least squares of the means of conditions on ${design.factor} and, as straight lines and without interactions, ${others}; standard errors are HC3, which assumes no equal variances.${spec.tests === "classical" ? " The declared classical ladder has no form for this and was set aside." : ""}`;
}

/** Why blocks or clusters and replicates count together under common random numbers. */
export function crossedReason(design: LevelDesign, spec: RuleSpec): string {
  const group = blockOf(design, spec);
  const over =
    design.averagedOver.length === 0
      ? ""
      : ` The metric is averaged over ${listed(design.averagedOver)} with equal weights.`;
  const within =
    design.kind === "blocks"
      ? `Levels are compared within each ${group} and each replicate.`
      : `Each ${group} belongs to one level, and replicates are common to all.`;
  return `Under common random numbers trials share luck by replicate, and, as declared, by ${group}; neither alone is independent. ${within}${over} The error of a difference is that between levels of ${group} plus that between replicates less what both hold, and never below either; its degrees of freedom are Satterthwaite's.${spec.tests === "classical" ? " The declared classical ladder has no form for this and was set aside." : ""}`;
}

function blockOf(design: LevelDesign, spec: RuleSpec): string {
  return design.blockName ?? spec.block ?? spec.cluster ?? "block";
}

const noLadder = " The declared classical ladder has no form for several cells and was set aside.";
const freeLadder =
  "as the declared classical ladder says: by the Mann-Whitney U test unless Shapiro-Wilk tests find both levels normal, else by Student's or Welch's t test as Levene's test finds variances equal or not, each at 0.05; its steps are shown.";
const pairedLadder =
  "as the declared classical ladder says: by the Wilcoxon signed-rank test unless a Shapiro-Wilk test finds the differences normal at 0.05, else by a paired t test; its steps are shown.";
