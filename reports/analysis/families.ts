// Corrects p values over declared families: all tests of all analyses that name the same family, significant or not. With each adjusted
// p goes the error rate at which the test's own interval holds together with the others, so that interval, effect size and p agree.
import type { AnalysisSpec, Correction } from "../../lib/experiment/analysis-spec.ts";
import { adjustP } from "../../lib/stats/adjust-p.ts";
import type { JointTest } from "../../lib/stats/simultaneous/joint-contrasts.ts";

/** One test as its family sees it. */
export interface FamilyTest {
  /** Before correction. */
  readonly p: number;
}

/** The tests of one analysis, and how they are judged together where there is a method for that. */
export interface AnalysisTests {
  readonly spec: AnalysisSpec;
  readonly tests: readonly FamilyTest[];
  readonly joint: { readonly method: string; readonly tests: readonly JointTest[] } | null;
}

export interface CorrectedTest {
  /** Null where nothing is corrected. */
  readonly pAdjusted: number | null;
  /**
   * The error rate of the test's own interval: that of the analysis where nothing is corrected, else the one at which it holds together
   * with the others. Null where the correction says on which side of the null value the truth lies, and no more (Holm, Hochberg).
   */
  readonly error: number | null;
  /** The error rate at which the test alone would be rejected whatever the others say: what a study is planned by. */
  readonly firstError: number;
}

export interface CorrectedTests {
  /** "Holm over the 3 tests of the family "main""; null where nothing is corrected. */
  readonly family: string | null;
  /** One a test, in the order of the tests. */
  readonly tests: readonly CorrectedTest[];
}

const names: Readonly<Record<Correction, string>> = {
  none: "no correction",
  simultaneous: "Bonferroni",
  bonferroni: "Bonferroni",
  holm: "Holm",
  hochberg: "Hochberg",
  "benjamini-hochberg": "Benjamini-Hochberg",
  "benjamini-yekutieli": "Benjamini-Yekutieli",
};

/** The corrected tests of each analysis, in the order given; a family of one test is left as it is. */
export function correctedTests(all: readonly AnalysisTests[]): readonly CorrectedTests[] {
  const families = new Map<string, AnalysisTests[]>();
  for (const one of all) {
    const family = families.get(one.spec.family.name) ?? [];
    families.set(one.spec.family.name, family);
    family.push(one);
  }
  const corrected = new Map<AnalysisTests, CorrectedTests>();
  for (const family of families.values()) {
    const results = correctedFamily(family);
    for (const [i, one] of family.entries()) corrected.set(one, results[i]!);
  }
  return all.map((one) => corrected.get(one)!);
}

function correctedFamily(family: readonly AnalysisTests[]): readonly CorrectedTests[] {
  const { name, correction } = family[0]!.spec.family;
  const count = family.reduce((sum, { tests }) => sum + tests.length, 0);
  if (correction === "none" || count < 2) return family.map(uncorrected);
  const over = `over the ${count} tests of the family "${name}"`;
  if (correction === "simultaneous") {
    const label = `${singleStepName(family)} ${over}`;
    return family.map((one) => ({ family: label, tests: singleStep(one, count) }));
  }
  const adjusted = adjustP(
    family.flatMap(({ tests }) => tests.map(({ p }) => p)),
    correction,
  );
  const label = `${names[correction]} ${over}`;
  const alphas = family.flatMap(({ spec, tests }) => tests.map(() => 1 - spec.confidence));
  const rejected = adjusted.filter((p, i) => p < alphas[i]!).length;
  let next = 0;
  return family.map(({ spec, tests }) => ({
    family: label,
    tests: tests.map((): CorrectedTest => {
      const pAdjusted = adjusted[next++]!;
      const alpha = 1 - spec.confidence;
      const share = errorShare(correction, { count, rejected, isRejected: pAdjusted < alpha });
      return { pAdjusted, error: share === null ? null : alpha * share, firstError: alpha / count };
    }),
  }));
}

function uncorrected({ spec, tests }: AnalysisTests): CorrectedTests {
  const alpha = 1 - spec.confidence;
  return { family: null, tests: tests.map(() => ({ pAdjusted: null, error: alpha, firstError: alpha })) };
}

/** One analysis by its own joint method at its share of the family's error, or test by test by Bonferroni. */
function singleStep({ spec, tests, joint }: AnalysisTests, count: number): readonly CorrectedTest[] {
  const share = (1 - spec.confidence) / count;
  if (joint === null)
    return tests.map(({ p }) => ({ pAdjusted: Math.min(1, count * p), error: share, firstError: share }));
  return joint.tests.map(({ p, pointwiseError }) => {
    const error = pointwiseError(share * tests.length);
    return { pAdjusted: Math.min(1, (p * count) / tests.length), error, firstError: error };
  });
}

function singleStepName(family: readonly AnalysisTests[]): string {
  const held = family.filter(({ tests }) => tests.length > 0);
  const methods = [...new Set(held.map(({ joint }) => joint?.method ?? null))];
  const [only] = methods;
  if (held.length === 1 && only !== undefined && only !== null) return only;
  const within = methods.filter((method) => method !== null);
  return within.length === 0 ? "Bonferroni" : `Bonferroni, within an analysis ${within.join(" or ")},`;
}

/**
 * The share of alpha at which a test's own interval goes with its adjusted p. Holm and Hochberg: the remaining hypotheses at alpha over
 * their number; of rejected ones only the side is known unless all are rejected (Strassburger and Bretz, Statistics in Medicine 27
 * (2008) 4914-4927; Guilbaud, Biometrical Journal 54 (2012) 317-342). False discovery rate: R alpha / m for R rejections (Benjamini and
 * Yekutieli, JASA 100 (2005) 71-81), under the correction for dependence divided by 1 + 1/2 + ... + 1/m.
 */
function errorShare(
  correction: Exclude<Correction, "none" | "simultaneous">,
  of: { readonly count: number; readonly rejected: number; readonly isRejected: boolean },
): number | null {
  const { count, rejected, isRejected } = of;
  switch (correction) {
    case "bonferroni":
      return 1 / count;
    case "holm":
    case "hochberg":
      if (rejected === count) return 1 / count;
      return isRejected ? null : 1 / (count - rejected);
    case "benjamini-hochberg":
      return Math.max(1, rejected) / count;
    case "benjamini-yekutieli": {
      const harmonic = Array.from({ length: count }, (_, i) => 1 / (i + 1)).reduce((sum, part) => sum + part);
      return Math.max(1, rejected) / count / harmonic;
    }
  }
}
