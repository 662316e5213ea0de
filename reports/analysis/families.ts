// Corrects p values over declared families: all comparisons of all findings that name the same family, significant or not.
// The sentences are written afterwards, because they quote the adjusted p.
import type { AnalysisSpec, Correction } from "../../lib/experiment/analysis-spec.ts";
import { adjustP } from "../../lib/stats/adjust-p.ts";
import type { ComparisonFinding, Finding } from "./finding.ts";

const names: Readonly<Record<Correction, string>> = {
  none: "no correction",
  bonferroni: "Bonferroni",
  holm: "Holm",
  hochberg: "Hochberg",
  "benjamini-hochberg": "Benjamini-Hochberg",
  "benjamini-yekutieli": "Benjamini-Yekutieli",
};

export interface SpecifiedFinding {
  readonly spec: AnalysisSpec;
  readonly finding: Finding;
}

/** The same findings in the same order, with adjusted p values where a family holds more than one test. */
export function withAdjustedP(all: readonly SpecifiedFinding[]): readonly Finding[] {
  const adjusted = new Map<string, readonly number[]>();
  const raw = new Map<string, number[]>();
  for (const { spec, finding } of all) {
    const own = raw.get(spec.family.name) ?? [];
    raw.set(spec.family.name, own);
    own.push(...pValuesOf(finding));
  }
  for (const { spec } of all) {
    const { name, correction } = spec.family;
    if (correction !== "none") adjusted.set(name, adjustP(raw.get(name)!, correction));
  }
  const used = new Map<string, number>();
  return all.map(({ spec, finding }) => {
    const { name, correction } = spec.family;
    const start = used.get(name) ?? 0;
    used.set(name, start + pValuesOf(finding).length);
    const family = adjusted.get(name);
    if (!isComparison(finding) || family === undefined || family.length < 2) return finding;
    let next = start;
    const comparisons = finding.comparisons.map((comparison) =>
      comparison.test === null ? comparison : { ...comparison, pAdjusted: family[next++]! },
    );
    return {
      ...finding,
      comparisons,
      family: `${names[correction]} over the ${family.length} comparisons of the family "${name}"`,
    };
  });
}

function pValuesOf(finding: Finding): readonly number[] {
  if (!isComparison(finding)) return [];
  return finding.comparisons.flatMap(({ test }) => (test === null ? [] : [test.p]));
}

function isComparison(finding: Finding): finding is ComparisonFinding {
  return finding.kind === "compare" || finding.kind === "equivalent" || finding.kind === "effect";
}
