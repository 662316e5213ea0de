// Every p value of a report belongs to a declared family, or is named here as not corrected.
import type { AnalysisSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { CorrectedTests } from "../families.ts";
import type { Finding } from "../finding.ts";
import { listed } from "./listed.ts";
import { numberText } from "./number-text.ts";

export interface CountedFinding {
  readonly spec: AnalysisSpec;
  readonly finding: Finding;
  readonly corrected: CorrectedTests;
}

export function multiplicitySentences(all: readonly CountedFinding[]): readonly string[] {
  const tested = all.filter(({ corrected }) => corrected.tests.length > 0);
  const families = [...new Set(tested.flatMap(({ corrected }) => corrected.family ?? []))];
  const sentences: string[] = [];
  const alphas = [...new Set(tested.map(({ spec }) => Number((1 - spec.confidence).toPrecision(6))))];
  if (alphas.length > 0) sentences.push(`Error rates: ${listed(alphas.map((alpha) => numberText(alpha)))}.`);
  if (families.length > 0)
    sentences.push(
      `P values and the intervals beside them are corrected by ${listed(families)}${families.length > 1 ? "; families are not corrected for each other" : ""}.`,
    );
  const left = uncorrectedOf(all);
  if (left.length > 0) sentences.push(`Not corrected for multiplicity: ${listed(left)}.`);
  return sentences;
}

function uncorrectedOf(all: readonly CountedFinding[]): readonly string[] {
  const single: string[] = [];
  const several: string[] = [];
  for (const { spec, corrected } of all) {
    if (corrected.tests.length === 0 || corrected.family !== null) continue;
    // An analysis with `by` has several findings of one name, each with a family of one test when there is but one of them.
    const own = corrected.tests.length === 1 ? single : several;
    if (!own.includes(spec.name)) own.push(spec.name);
  }
  const findings = all.map(({ finding }) => finding);
  const overall = findings.filter(
    (finding) => "overall" in finding && finding.kind !== "effect" && finding.overall !== null,
  ).length;
  const gates = findings.filter(({ kind }) => kind === "gate").length;
  const hasChecks = findings.some(
    (finding) =>
      "comparisons" in finding &&
      (finding.assumptions.length > 0 || finding.comparisons.some(({ robustness }) => robustness.length > 0)),
  );
  return [
    ...several.map((name) => `the tests of "${name}", as declared`),
    ...(single.length === 0
      ? []
      : [
          `the single ${single.length === 1 ? "test" : "tests"} of ${listed(single.map((name) => `"${name}"`))}`,
        ]),
    ...(overall === 0
      ? []
      : [
          overall === 1
            ? "the test over all levels beside its pairs"
            : `the ${overall} tests over all levels beside their pairs`,
        ]),
    ...(gates === 0 ? [] : ["gates, which must all pass"]),
    ...(hasChecks ? ["checks of assumptions and what other methods say"] : []),
  ];
}
