// The words of an interaction: what was tested how and why, whether it is shown, and the first difference of effects that is.
import type { InteractionSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { UnitKind } from "../../design/level-design.ts";
import type { MetricSummary } from "../analysis.ts";
import type { ContrastMethod } from "../estimates/interaction-test.ts";
import type { InteractionFinding } from "../finding.ts";
import { listed } from "./listed.ts";
import { decimalsFor, intervalText, pText, signedText } from "./number-text.ts";
import { effectText, testText } from "./sentence.ts";

type Asked = Pick<InteractionSpec, "factors" | "metric">;

export function untestedInteraction({ factors, metric }: Asked, why: string): string {
  return `Whether the effect of ${factors.at(-1)} on ${metric} depends on ${listed(factors.slice(0, -1))} cannot be tested: ${why}.`;
}

/** What the joint test says, then the first named contrast that is shown. */
export function interactionSentences(
  of: Pick<InteractionFinding, "test" | "effect" | "pAdjusted" | "contrasts">,
  spec: Pick<InteractionSpec, "factors" | "metric" | "confidence">,
  { unit }: MetricSummary,
): readonly string[] {
  const { test, effect, pAdjusted, contrasts } = of;
  if (test === null) return [];
  const { factors, metric, confidence } = spec;
  const others = factors.slice(0, -1);
  const together = others.length > 1 ? `${listed(others)} together` : listed(others);
  const claim = `the effect of ${factors.at(-1)} on ${metric} depends on ${together}`;
  const adjusted = pAdjusted === null ? "" : `, adjusted ${pText(pAdjusted)}`;
  const words = `${testText(test)}${adjusted}${effect === null ? "" : `, ${effectText(effect)}`}`;
  const isFound = (pAdjusted ?? test.p) < 1 - confidence;
  const first = contrasts.find(({ verdict }) => verdict === "different");
  const joint = isFound
    ? `T${claim.slice(1)}: ${words}.`
    : `That ${claim} is not shown: ${words}. Inconclusive, not absent.`;
  if (first === undefined) return [joint];
  const interval = first.adjustedInterval ?? first.interval;
  const decimals = decimalsFor((interval.high - interval.low) / 2);
  const size = `${signedText(first.difference, decimals)} ${intervalText(interval, decimals)}${unit === null || unit === metric ? "" : ` ${unit}`}`;
  return [joint, `${first.label}: ${metric} changes by ${size} more, adjusted ${pText(first.pAdjusted)}.`];
}

/** Which test and why. */
export function interactionReason(
  spec: Pick<InteractionSpec, "block" | "cluster" | "alternative" | "tests" | "factors">,
  kind: UnitKind,
  method: ContrastMethod,
): string {
  const unit = kind === "replicates" ? "replicate" : (spec.block ?? spec.cluster ?? "block");
  const order =
    spec.factors.length > 2 ? `The interaction of all ${spec.factors.length} factors is tested. ` : "";
  const side =
    spec.alternative === "two-sided"
      ? ""
      : " A joint test has no side, so the declared alternative was set aside.";
  const contrasts =
    " Named contrasts are differences of effects from the first levels; their intervals and p values are corrected among themselves by Bonferroni, and one is shown only where the joint test is.";
  return `${order}${methodWords(unit, kind, method)}${contrasts}${side}`;
}

function methodWords(unit: string, kind: UnitKind, method: ContrastMethod): string {
  const within = `Interaction contrasts are formed within each ${unit} (the block) and tested jointly`;
  switch (method) {
    case "hotelling":
      return `${within} by Hotelling's T squared, which assumes no sphericity.`;
    case "repeated-measures":
      return `${within} by repeated-measures analysis of variance with Greenhouse and Geisser's correction: there are fewer than ten blocks more than contrasts, too few for Hotelling's T squared; the correction errs on the side of caution where blocks are few.`;
    case "flips":
      return `${within} by flipping the signs of whole blocks, which has an answer where shares do not vary.`;
    case "shares":
      return "Interaction contrasts of the shares of cells are tested jointly by Wald's test with Price and Bonett's adjustment, on the scale of differences of shares.";
    case "cells":
      return kind === "clusters"
        ? `Trials of one ${unit} are not independent, so its mean is the unit; interaction contrasts of the means, each combination with a variance of its own, are tested jointly (Welch-James with Johansen's degrees of freedom).`
        : "Interaction contrasts of the cell means, each cell with a variance of its own, are tested jointly (Welch-James with Johansen's degrees of freedom).";
  }
}
