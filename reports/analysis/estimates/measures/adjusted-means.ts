// The measure of levels that met unlike points of a sampled design: least squares of the conditions' means on the level and what else was
// sampled, so that a difference is one at the same point. A condition is one unit: its trials share how far the line misses it.
import { fUpper } from "../../../../lib/stats/distribution/f.ts";
import type { TestResult } from "../../../../lib/stats/estimate.ts";
import { positiveSolver } from "../../../../lib/stats/linear-algebra.ts";
import { meanOf } from "../../../../lib/stats/moments.ts";
import { isRefused, orRefusal, refuse } from "../../../../lib/stats/refusal.ts";
import {
  type MultipleRegression,
  multipleRegression,
} from "../../../../lib/stats/regression/multiple-regression.ts";
import type { LevelDesign } from "../../../design/level-design.ts";
import type { MetricSummary } from "../../analysis.ts";
import { intervalOf } from "../../interval.ts";
import { adjustedReason } from "../../words/design-words.ts";
import { detectableOf } from "./detectable.ts";
import type { Difference, Measure, Overall, PairInput } from "./measure.ts";
import { tContrast } from "./t-contrast.ts";

const method = "least squares over conditions, HC3 errors";

export function adjustedMeansMeasure(metric: MetricSummary, design: LevelDesign): Measure {
  const rows = rowsOf(design);
  return {
    estimand: {
      name: "adjusted difference of means",
      unit: metric.unit,
      levelName: "adjusted mean",
      scale: "difference",
      reference: 0,
    },
    levelEstimate({ level }, { confidence, unitsMax = 100 }) {
      const own = rows.filter((row) => row.level === level);
      const nothing = { level, n: own.length, tally: null, units: [], unitIds: [] };
      const fit = orRefusal(() => fitFrom(rows, level, confidence));
      if (isRefused(fit)) return { ...nothing, mean: null, sd: null, interval: null };
      const adjusted = rows.flatMap((row, i) =>
        row.level === level ? [{ id: row.id, value: fit.intercept.value + fit.residuals[i]! }] : [],
      );
      const shown = adjusted.slice(0, unitsMax);
      return {
        level,
        n: own.length,
        tally: null,
        mean: fit.intercept.value,
        sd: fit.residualSd,
        interval: intervalOf({ ...fit.intercept, method: `t interval, ${method}` }),
        units: shown.map(({ value }) => value),
        unitIds: shown.map(({ id }) => id),
      };
    },
    difference: (input) => differenceOf(rows, input),
    joint: () => null,
    overall: ({ confidence }) => overallOf(rows, confidence),
    reason: (rule) => adjustedReason(design, rule),
  };
}

/** One condition: the mean of its trials, and the columns that are taken out. */
interface Row {
  readonly id: string;
  readonly level: string;
  readonly y: number;
  readonly columns: readonly number[];
}

/** Sampled numbers as they are, listed factors as an indicator for each level but the first; all about their means. */
function rowsOf({ levels }: LevelDesign): readonly Row[] {
  const cells = levels.flatMap(({ level, cells: own }) =>
    own.map((held) => ({ ...held, level, listed: held.stratum.split("\u0000") })),
  );
  const known = (cells[0]?.listed ?? []).map((_, j) => [...new Set(cells.map(({ listed }) => listed[j]!))]);
  const raw = cells.map(({ covariates, listed }) => [
    ...covariates,
    ...known.flatMap((names, j) => names.slice(1).map((name) => (listed[j] === name ? 1 : 0))),
  ]);
  const means = (raw[0] ?? []).map((_, j) => meanOf(raw.map((row) => row[j]!)));
  return cells.map(({ cell, level }, i) => ({
    id: String(cell.condition),
    level,
    y: meanOf(cell.values),
    columns: raw[i]!.map((value, j) => value - means[j]!),
  }));
}

/** The intercept is the mean of the level at average surroundings, the first slopes are differences of the others from it. */
function fitFrom(rows: readonly Row[], level: string, confidence: number): MultipleRegression {
  const others = othersOf(rows, level);
  const coefficients = 1 + others.length + (rows[0]?.columns.length ?? 0);
  if (rows.length <= coefficients)
    refuse(
      "too-few",
      `${rows.length} conditions cannot estimate ${coefficients} coefficients and their error`,
    );
  return multipleRegression({
    y: rows.map(({ y }) => y),
    columns: [
      ...others.map((other) => rows.map((row) => (row.level === other ? 1 : 0))),
      ...(rows[0]?.columns ?? []).map((_, j) => rows.map(({ columns }) => columns[j]!)),
    ],
    level: confidence,
  });
}

function othersOf(rows: readonly Row[], level: string): readonly string[] {
  return [...new Set(rows.map((row) => row.level))].filter((other) => other !== level);
}

function differenceOf(rows: readonly Row[], { x, y, rule, side }: PairInput): Difference {
  const own = (level: string) => rows.filter((row) => row.level === level).map((row) => row.y);
  const values = { x: own(x.level), y: own(y.level) };
  const found = orRefusal(() => {
    const fit = fitFrom(rows, y.level, rule.confidence);
    const term = fit.slopes[othersOf(rows, y.level).indexOf(x.level)]!;
    const of = { ...term, df: fit.df, method, n: [values.x.length, values.y.length] };
    return tContrast(of, { level: rule.confidence, side });
  });
  return {
    isPaired: false,
    ...values,
    chosen: found,
    measuresAt: () => [],
    detectableAt: (tail) => (isRefused(found) ? null : detectableOf(found, tail)),
    alternatives: [],
    assumptions: [],
  };
}

/**
 * All levels alike: Wald's F of the differences from the first with their HC3 covariance, on k - 1 and n - p degrees of freedom. A
 * covariance is half of what the variances of two differences exceed that of the difference between them.
 */
function overallOf(rows: readonly Row[], confidence: number): Overall {
  const [base, ...others] = [...new Set(rows.map(({ level }) => level))];
  if (base === undefined || others.length === 0) return { test: null, effect: null, note: null };
  const test = orRefusal((): TestResult => {
    const fit = fitFrom(rows, base, confidence);
    const variance = fit.slopes.slice(0, others.length).map(({ standardError }) => standardError ** 2);
    const between = others.map((level) => {
      const from = fitFrom(rows, level, confidence);
      const names = othersOf(rows, level);
      return others.map((other) =>
        other === level ? 0 : from.slopes[names.indexOf(other)]!.standardError ** 2,
      );
    });
    const covariance = others.map((_, i) =>
      others.map((_, j) => (i === j ? variance[i]! : (variance[i]! + variance[j]! - between[i]![j]!) / 2)),
    );
    const values = others.map((_, i) => fit.slopes[i]!.value);
    const solved = positiveSolver(covariance)(values);
    const df = [others.length, fit.df] as const;
    const statistic = values.reduce((sum, value, i) => sum + value * solved[i]!, 0) / df[0];
    return {
      method: `F test of equal adjusted means, ${method}`,
      symbol: "F",
      statistic,
      df,
      p: fUpper(statistic, { df1: df[0], df2: df[1] }),
      alternative: "two-sided",
      n: [rows.length],
    };
  });
  return isRefused(test)
    ? { test: null, effect: null, note: test.reason }
    : { test, effect: null, note: null };
}
