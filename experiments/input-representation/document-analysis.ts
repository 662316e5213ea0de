// The analysis of the study's document, step by step and nothing else: descriptions, Shapiro-Wilk, Levene, t or Welch or
// Mann-Whitney for each pair, Bonferroni, one-way analysis of variance with eta squared, Cohen's d with its conventional labels.
import {
  adjustP,
  anova,
  cohensD,
  describe,
  levene,
  mannWhitney,
  shapiroWilk,
  student,
  type TestResult,
  welch,
} from "labwright/stats";

/** Results of the runs by group: at least three finite numbers each. */
export type Groups = Readonly<Record<string, readonly number[]>>;

export interface GroupSummary {
  readonly n: number;
  readonly mean: number;
  readonly sd: number;
  readonly se: number;
  /** 95% t interval of the mean. */
  readonly interval: readonly [low: number, high: number];
  readonly min: number;
  readonly max: number;
  readonly median: number;
  readonly normality: TestResult;
}

export interface PairSummary {
  readonly first: string;
  readonly second: string;
  /** Levene's test, centred at the means. */
  readonly equalVariances: TestResult;
  /** The test that the ladder chose, of the first group against the second. */
  readonly test: TestResult;
  readonly pBonferroni: number;
  /** First minus second, in pooled standard deviations. */
  readonly cohensD: number;
  readonly size: "negligible" | "small" | "medium" | "large";
}

export interface DocumentAnalysis {
  readonly groups: Readonly<Record<string, GroupSummary>>;
  readonly pairs: readonly PairSummary[];
  readonly anova: TestResult;
  readonly etaSquared: number;
}

/** Every assumption is tested at this level; a pair differs when p is below it divided by the number of pairs. */
export const alpha = 0.05;

/**
 * Analyses two or more groups.
 *
 * @throws StatisticsRefusal when a group has too few values for Shapiro-Wilk (3), or does not vary
 * @example
 * analyseAsDocument({ boolean: [0.61, 0.64, 0.66], embedding: [0.68, 0.71, 0.69] }).pairs[0].test.p
 */
export function analyseAsDocument(groups: Groups): DocumentAnalysis {
  const names = Object.keys(groups);
  const summaries = Object.fromEntries(names.map((name) => [name, summaryOf(groups[name]!)]));
  const pairs = names.flatMap((first, at) =>
    names.slice(at + 1).map((second) => {
      const x = groups[first]!;
      const y = groups[second]!;
      const equalVariances = levene([x, y], { center: "mean" });
      const isNormal = [first, second].every((name) => summaries[name]!.normality.p > alpha);
      const test = isNormal ? (equalVariances.p > alpha ? student : welch)({ x, y }) : mannWhitney({ x, y });
      const d = cohensD({ x, y }).value;
      return { first, second, equalVariances, test, cohensD: d, size: sizeOf(d) };
    }),
  );
  const adjusted = adjustP(
    pairs.map(({ test }) => test.p),
    "bonferroni",
  );
  const overall = anova(Object.values(groups));
  const { between, within } = overall.sumOfSquares;
  return {
    groups: summaries,
    pairs: pairs.map((pair, at) => ({ ...pair, pBonferroni: adjusted[at]! })),
    anova: overall,
    etaSquared: between / (between + within),
  };
}

function summaryOf(values: readonly number[]): GroupSummary {
  const { n, mean, sd, standardError, interval, min, max, median } = describe(values);
  const normality = shapiroWilk(values);
  if (sd === undefined || standardError === undefined || interval === undefined)
    throw new Error(`${n} values that passed Shapiro-Wilk have a standard deviation`);
  return {
    n,
    mean,
    sd,
    se: standardError,
    interval: [interval.low, interval.high],
    min,
    max,
    median,
    normality,
  };
}

/** The document's table of Cohen's (1988) conventions. */
function sizeOf(d: number): PairSummary["size"] {
  const size = Math.abs(d);
  return size < 0.2 ? "negligible" : size < 0.5 ? "small" : size <= 0.8 ? "medium" : "large";
}
