// Cox's regression: how covariates multiply the hazard, by the partial likelihood; and whether they do so by the same factor all along.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate, TestResult } from "../estimate.ts";
import { positiveSolver } from "../linear-algebra.ts";
import { assertOpenUnit, isRefused, orRefusal, refuse } from "../refusal.ts";
import { type CoxData, type RiskTime, riskTimesOf, sumsAt } from "./partial-likelihood.ts";
import { assertSurvival, riskSteps } from "./survival-sample.ts";

export interface CoxOptions extends CoxData {
  /** How events at one time are treated; Efron's (1977) unless told, which comes closer to the exact likelihood. */
  readonly ties?: "efron" | "breslow";
  /** Default 0.95. */
  readonly level?: number;
}

/** One covariate's part. */
export interface CoxTerm {
  /** Logarithm of the hazard ratio for one unit more, and its standard error. */
  readonly coefficient: number;
  readonly standardError: number;
  readonly hazardRatio: Estimate;
  /** Wald's p, two-sided. */
  readonly p: number;
}

export interface Cox {
  readonly terms: readonly CoxTerm[];
  /** Log partial likelihood without and with the covariates. */
  readonly logLikelihood: readonly [without: number, withTerms: number];
  readonly likelihoodRatio: TestResult;
  readonly score: TestResult;
  readonly wald: TestResult;
  /** Whether hazards are proportional: of each term, and of all together (Grambsch and Therneau 1994), over 1 - Kaplan-Meier. */
  readonly proportionality: { readonly terms: readonly TestResult[]; readonly global: TestResult };
}

const stepsMax = 50;
const infinite = "a covariate separates those with the event from the others: its hazard ratio is infinite";

/**
 * Proportional hazards regression (Cox 1972).
 *
 * @throws StatisticsRefusal without an event, for a covariate that does not vary among those at risk, and where a covariate separates
 * those with the event from the rest, so that its hazard ratio is infinite.
 * @example cox({ time, event, covariates: arm.map((value) => [value]) }).terms[0]?.hazardRatio
 */
export function cox(options: CoxOptions): Cox {
  const { level = 0.95, ties = "efron", covariates, event } = options;
  assertSurvival(options, "the sample");
  assertOpenUnit(level, "level");
  const p = covariates[0]?.length ?? 0;
  if (covariates.length !== event.length || covariates.some((row) => row.length !== p) || p === 0)
    refuse("unequal-lengths", "every time needs the same covariates, at least one");
  if (!event.some(Boolean)) refuse("too-few", "there is no event; a hazard ratio needs some");
  const times = riskTimesOf(options, ties);
  const start = sumsAt(times, new Array<number>(p).fill(0));
  const { beta, sums } = maximum(times, start);
  const solve = positiveSolver(sums.information);
  const n = [event.length];
  const test = (method: string, statistic: number, df = p): TestResult => ({
    method,
    symbol: "chi2",
    statistic,
    df: [df],
    p: chiSquaredUpper(statistic, df),
    alternative: "two-sided",
    n,
  });
  return {
    terms: beta.map((coefficient, index) =>
      termOf({ coefficient, level, n: n[0]!, variance: solve(unit(p, index))[index]! }),
    ),
    logLikelihood: [start.logLikelihood, sums.logLikelihood],
    likelihoodRatio: test("likelihood ratio test", 2 * (sums.logLikelihood - start.logLikelihood)),
    score: test("score test", product(start.score, positiveSolver(start.information)(start.score))),
    wald: test(
      "Wald test",
      product(
        beta,
        sums.information.map((row) => product(row, beta)),
      ),
    ),
    proportionality: proportionalityOf({ options, times, beta, test }),
  };
}

type Sums = ReturnType<typeof sumsAt>;

/** Newton's method; a step that lowers the likelihood is halved. */
function maximum(
  times: readonly RiskTime[],
  start: Sums,
): { readonly beta: readonly number[]; readonly sums: Sums } {
  let beta: readonly number[] = start.score.map(() => 0);
  let sums = start;
  for (let step = 0; step < stepsMax; step += 1) {
    const solved = orRefusal(() => positiveSolver(sums.information)(sums.score));
    // A covariate that varies at the start and not at the end has run away.
    if (isRefused(solved))
      refuse(solved.code, step === 0 ? "a covariate does not vary among those at risk" : infinite);
    const direction = solved;
    let size = 1;
    let next = sums;
    let moved = beta;
    do {
      moved = beta.map((value, index) => value + size * direction[index]!);
      next = sumsAt(times, moved);
      size /= 2;
    } while (
      !(next.logLikelihood >= sums.logLikelihood - 1e-12 * Math.abs(sums.logLikelihood)) &&
      size > 1e-6
    );
    const change = Math.max(...moved.map((value, index) => Math.abs(value - beta[index]!)));
    beta = moved;
    sums = next;
    if (change < 1e-12 * (1 + Math.max(...beta.map(Math.abs)))) return { beta, sums };
    if (Math.max(...beta.map(Math.abs)) > 50) refuse("not-estimable", infinite);
  }
  return { beta, sums };
}

function termOf(of: {
  readonly coefficient: number;
  readonly variance: number;
  readonly level: number;
  readonly n: number;
}): CoxTerm {
  const { coefficient, variance, level, n } = of;
  const standardError = Math.sqrt(variance);
  const half = normalUpperQuantile((1 - level) / 2) * standardError;
  return {
    coefficient,
    standardError,
    hazardRatio: {
      value: Math.exp(coefficient),
      low: Math.exp(coefficient - half),
      high: Math.exp(coefficient + half),
      level,
      method: "hazard ratio, Wald interval of its logarithm",
      n,
    },
    p: 2 * normalUpper(Math.abs(coefficient) / standardError),
  };
}

/** Score tests of coefficients that change with g(t) = 1 - S(t-), the pooled Kaplan-Meier curve. */
function proportionalityOf(of: {
  readonly options: CoxOptions;
  readonly times: readonly RiskTime[];
  readonly beta: readonly number[];
  readonly test: (method: string, statistic: number, df?: number) => TestResult;
}): Cox["proportionality"] {
  const { options, times, beta, test } = of;
  const curve = riskSteps(options);
  const scaleAt = new Map<number, number>();
  let share = 1;
  for (const { time, atRisk, events } of curve) {
    scaleAt.set(time, 1 - share);
    share *= (atRisk - events) / atRisk;
  }
  const plain = sumsAt(times, beta);
  const once = sumsAt(times, beta, (time) => scaleAt.get(time)!);
  const twice = sumsAt(times, beta, (time) => scaleAt.get(time)! ** 2);
  const solve = positiveSolver(plain.information);
  const adjusted = once.information.map((row, i) => {
    const solved = solve(row);
    return once.information.map((other, j) => twice.information[i]![j]! - product(other, solved));
  });
  const method = "score test of proportional hazards over 1 - Kaplan-Meier";
  return {
    terms: beta.map((_, index) => test(method, once.score[index]! ** 2 / adjusted[index]![index]!, 1)),
    global: test(method, product(once.score, positiveSolver(adjusted)(once.score))),
  };
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * b[index]!, 0);
}

function unit(size: number, index: number): readonly number[] {
  return Array.from({ length: size }, (_, at) => Number(at === index));
}
