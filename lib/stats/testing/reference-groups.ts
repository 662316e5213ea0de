// How the reference cases of several samples, factorial designs and p-value families are computed with this package.
import { type Adjustment, adjustP } from "../adjust-p.ts";
import { noncentralFLower } from "../distribution/noncentral-f.ts";
import { cohensF, type VarianceShare, varianceShare } from "../effect-size/variance-explained.ts";
import type { TestResult } from "../estimate.ts";
import { levene } from "../levene.ts";
import { anova, brownForsytheAnova, welchAnova } from "../means/anova.ts";
import { factorialAnova } from "../means/factorial-anova.ts";
import type { FactorialData } from "../means/factorial-design.ts";
import { dunn, gamesHowell, type PairwiseDifference, pairwiseWelch, tukeyHsd } from "../means/pairwise.ts";
import { friedman, kruskalWallis } from "../ranks/rank-anova.ts";
import { bartlett, fligner } from "../variance-tests.ts";
import type { Answer, CaseContext } from "./reference-case.ts";

const adjustments: Readonly<Record<string, Adjustment>> = {
  none: "none",
  bonferroni: "bonferroni",
  holm: "holm",
  "holm-sidak": "holm-sidak",
  hochberg: "hochberg",
  "simes-hochberg": "hochberg",
  hommel: "hommel",
  BH: "benjamini-hochberg",
  fdr_bh: "benjamini-hochberg",
  BY: "benjamini-yekutieli",
  fdr_by: "benjamini-yekutieli",
};

function adjustmentOf(context: CaseContext, name: string): Adjustment {
  const found = adjustments[String(context.param(name))];
  if (found === undefined) throw new Error(`unknown adjustment ${String(context.param(name))}`);
  return found;
}

function test(compute: (groups: readonly (readonly number[])[], context: CaseContext) => TestResult): Answer {
  return (context) => {
    const { statistic, p, df } = compute(context.rows(), context);
    return {
      statistic,
      F: statistic,
      H: statistic,
      p,
      df: df.length === 1 ? df[0] : df,
      df1: df[0],
      df2: df[1],
    };
  };
}

function oneWay(context: CaseContext): unknown {
  const result = anova(context.rows());
  const { between, within } = result.sumOfSquares;
  const row = rowOf(context);
  return {
    statistic: result.statistic,
    F: result.statistic,
    p: result.p,
    df: result.df,
    df1: result.df[0],
    df2: result.df[1],
    ss: [between, within],
    ms: [result.meanSquare.between, result.meanSquare.within],
    ssb: between,
    ssw: within,
    eta2: between / (between + within),
    // The reference leaves omega squared uncut below 0; reports cut it.
    omega2: (between - row.df * result.meanSquare.within) / (between + within + result.meanSquare.within),
  };
}

function rowOf(context: CaseContext) {
  const { sumOfSquares, df, n } = anova(context.rows());
  return {
    sumOfSquares: sumOfSquares.between,
    df: df[0]!,
    residualSumOfSquares: sumOfSquares.within,
    residualDf: df[1]!,
    totalSumOfSquares: sumOfSquares.between + sumOfSquares.within,
    n: n.reduce((sum, size) => sum + size, 0),
  };
}

// P(F <= f) at the noncentrality of an end, with f the F that belongs to the estimate: what the interval solves for.
function tailOf(value: number, df: { df1: number; df2: number }): (end: number) => number {
  const f = value / df.df1 / ((1 - value) / df.df2);
  return (end) => noncentralFLower(f, { ...df, ncp: (end * df.df2) / (1 - end) });
}

const sidesOf = (context: CaseContext) =>
  context.param("alternative") === "greater" ? "greater" : "two-sided";

function share(kind: VarianceShare): Answer {
  return (context) => {
    const { value, low, high } = varianceShare({
      kind,
      row: rowOf(context),
      level: context.number("level"),
      alternative: sidesOf(context),
      basis: "estimate",
    });
    const { df, residualDf } = rowOf(context);
    return { estimate: value, low, high, tailAt: tailOf(value, { df1: df, df2: residualDf }) };
  };
}

function typeOf(context: CaseContext): 1 | 2 | 3 {
  const type = context.number("type");
  if (type === 1 || type === 2 || type === 3) return type;
  throw new Error(`unknown type of sums of squares ${type}`);
}

async function factorial(context: CaseContext): Promise<unknown> {
  const result = factorialAnova({ ...(context.data() as FactorialData), type: typeOf(context) });
  const residual = { ss: result.residual.sumOfSquares, df: result.residual.df };
  return {
    ...Object.fromEntries(
      result.rows.map((row) => [row.term, { ss: row.sumOfSquares, df: row.df, F: row.f, p: row.p }]),
    ),
    Residuals: residual,
    Residual: residual,
  };
}

function partial(kind: VarianceShare): Answer {
  return (context) => {
    const result = factorialAnova({ ...(context.data() as FactorialData), type: typeOf(context) });
    return Object.fromEntries(
      result.rows.map((row) => {
        const { value, low, high } = varianceShare({
          kind,
          row,
          level: context.number("level"),
          alternative: sidesOf(context),
          basis: "estimate",
        });
        const tailAt = tailOf(value, { df1: row.df, df2: row.residualDf });
        return [row.term, { estimate: value, low, high, tailAt }];
      }),
    );
  };
}

// Reference pairs are "g02-g01", "2-1" or { i, j } with group i minus group j.
function pairs(compute: (context: CaseContext) => readonly PairwiseDifference[]): Answer {
  return (context) => {
    const found = compute(context);
    return (context.case.expected as readonly Record<string, unknown>[]).map((row) => {
      const [second, first] =
        typeof row.pair === "string"
          ? row.pair.split("-").map((name) => Number(name.replace(/^g0*/, "")) - 1)
          : [Number(row.i), Number(row.j)];
      const direct = found.find((pair) => pair.first === first && pair.second === second);
      const pair = direct ?? found.find((other) => other.first === second && other.second === first)!;
      const sign = direct === undefined ? -1 : 1;
      return {
        diff: sign * pair.difference,
        low: sign > 0 ? pair.low : -pair.high,
        high: sign > 0 ? pair.high : -pair.low,
        p: pair.adjustedP,
        p_rounded: Number(pair.adjustedP.toPrecision(3)),
        se: pair.standardError,
        q: pair.statistic,
        t: pair.statistic / Math.SQRT2,
        df: pair.df,
      };
    });
  };
}

function welchPairs(context: CaseContext): unknown {
  const groups = context.rows();
  const found = pairwiseWelch(groups, { adjustment: adjustmentOf(context, "adjust") });
  const p = groups
    .slice(1)
    .map((_, row) =>
      groups
        .slice(0, -1)
        .map(
          (__, column) => found.find((pair) => pair.first === column && pair.second === row + 1)?.adjustedP,
        ),
    );
  return { p };
}

/** Methods of several samples, by the name that a reference file gives them. */
export const groupMethods: Readonly<Record<string, Answer>> = {
  anova_oneway: oneWay,
  anova_welch: test(welchAnova),
  anova_brown_forsythe_F: test(brownForsytheAnova),
  anova_factorial: factorial,
  bartlett: test(bartlett),
  fligner: test((groups, context) =>
    fligner(groups, { ties: /^(R|scipy)/i.test(context.case.source) ? "doubles" : "rounding" }),
  ),
  levene: test((groups, context) =>
    levene(groups, { center: context.param("center") as "mean" | "median" | "trimmed" }),
  ),
  kruskal_wallis: test(kruskalWallis),
  friedman: test(friedman),
  friedman_coin: test(friedman),
  kendalls_w: (context) => ({ estimate: friedman(context.rows()).effectSize }),
  rank_epsilon_squared: (context) => ({ estimate: kruskalWallis(context.rows()).effectSize }),
  tukey_hsd: pairs((context) => tukeyHsd(context.rows(), { level: context.number("level", 0.95) })),
  games_howell(context) {
    const found = gamesHowell(context.rows(), { level: context.number("level", 0.95) });
    const [first] = context.case.expected as readonly object[];
    // One file lists pairs from 0 with the second minus the first.
    return first !== undefined && "ci" in first
      ? found.map((pair) => ({
          ...pair,
          // On the scale of the studentized range, a root of 2 smaller.
          se: pair.standardError * Math.SQRT2,
          p: pair.adjustedP,
          ci: [pair.low, pair.high],
        }))
      : pairs(() => found)(context);
  },
  pairwise_welch: welchPairs,
  dunn: (context) =>
    dunn(context.rows(), { adjustment: adjustmentOf(context, "adjust") }).map((pair) => ({
      z: pair.statistic,
      p: pair.p,
      p_adj: pair.adjustedP,
    })),
  eta_squared: share("eta-squared"),
  omega_squared: share("omega-squared"),
  epsilon_squared: share("epsilon-squared"),
  cohens_f: (context) => {
    const { value, low, high } = cohensF({
      row: rowOf(context),
      level: context.number("level"),
      alternative: sidesOf(context),
      basis: "estimate",
    });
    const { df, residualDf } = rowOf(context);
    const tail = tailOf(value ** 2 / (1 + value ** 2), { df1: df, df2: residualDf });
    return { estimate: value, low, high, tailAt: (end: number) => tail(end ** 2 / (1 + end ** 2)) };
  },
  partial_eta_squared: partial("eta-squared"),
  partial_omega_squared: partial("omega-squared"),
  partial_epsilon_squared: partial("epsilon-squared"),
  p_adjust: (context) => adjustP(context.sample(), adjustmentOf(context, "method")),
};
