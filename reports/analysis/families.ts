// Corrects p values over declared families: all tests of all analyses that name the same family, significant or not, with intervals
// that hold together under the same correction. Findings are written afterwards, because verdicts and sentences quote the adjusted p.
import type { AnalysisSpec, Correction } from "../../lib/experiment/analysis-spec.ts";
import { adjustP } from "../../lib/stats/adjust-p.ts";
import type { Interval } from "./interval.ts";

const names: Readonly<Record<Correction, string>> = {
  none: "no correction",
  bonferroni: "Bonferroni",
  holm: "Holm",
  hochberg: "Hochberg",
  "benjamini-hochberg": "Benjamini-Hochberg",
  "benjamini-yekutieli": "Benjamini-Yekutieli",
};

/** One test as its family sees it. */
export interface FamilyTest {
  /** Before correction. */
  readonly p: number;
  /** The interval that goes with the test at another confidence; null where the method gives none. */
  readonly intervalAt: ((confidence: number) => Interval) | null;
}

export interface CorrectedTest {
  /** A p below it is found whatever the other tests of the family say: the declared error divided by the tests where they are corrected. */
  readonly alpha: number;
  /** Null where nothing is corrected. */
  readonly pAdjusted: number | null;
  readonly adjustedInterval: Interval | null;
}

export interface CorrectedTests {
  /** "Holm over the 3 tests of the family main"; null where nothing is corrected. */
  readonly family: string | null;
  /** One a test, in the order of the tests. */
  readonly tests: readonly CorrectedTest[];
}

export interface SpecifiedTests {
  readonly spec: AnalysisSpec;
  readonly tests: readonly FamilyTest[];
}

/** The corrected tests of each analysis, in the order given; a family of one test is left as it is. */
export function correctedTests(all: readonly SpecifiedTests[]): readonly CorrectedTests[] {
  const families = new Map<string, FamilyTest[]>();
  for (const { spec, tests } of all) {
    const family = families.get(spec.family.name) ?? [];
    families.set(spec.family.name, family);
    family.push(...tests);
  }
  const used = new Map<string, number>();
  const adjusted = new Map<string, readonly number[]>();
  return all.map(({ spec, tests }): CorrectedTests => {
    const { name, correction } = spec.family;
    const family = families.get(name)!;
    const start = used.get(name) ?? 0;
    used.set(name, start + tests.length);
    if (correction === "none" || family.length < 2)
      return {
        family: null,
        tests: tests.map(() => ({ alpha: 1 - spec.confidence, pAdjusted: null, adjustedInterval: null })),
      };
    const p =
      adjusted.get(name) ??
      adjustP(
        family.map((one) => one.p),
        correction,
      );
    adjusted.set(name, p);
    return {
      family: `${names[correction]} over the ${family.length} tests of the family "${name}"`,
      tests: tests.map(({ intervalAt }, i) => ({
        alpha: (1 - spec.confidence) / family.length,
        pAdjusted: p[start + i]!,
        adjustedInterval:
          correction === "bonferroni" && intervalAt !== null
            ? intervalAt(1 - (1 - spec.confidence) / family.length)
            : null,
      })),
    };
  });
}
