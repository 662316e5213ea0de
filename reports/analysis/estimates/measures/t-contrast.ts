// A difference with a standard error and degrees of freedom as a contrast: interval and tests by Student's t at whatever level is asked.
import type { Alternative, Estimate, TestResult } from "../../../../lib/stats/estimate.ts";
import { tBounds, tProbability } from "../../../../lib/stats/interval-of.ts";
import type { Contrast } from "./measure.ts";

export interface TContrast {
  readonly value: number;
  readonly standardError: number;
  readonly df: number;
  /** Of the test, in full: "least squares over conditions, HC3 errors". */
  readonly method: string;
  /** Number of units in each sample. */
  readonly n: readonly number[];
}

export function tContrast(
  of: TContrast,
  asked: { readonly level: number; readonly side: Alternative },
): Contrast {
  const { value, standardError, df, n } = of;
  const intervalAt = (level: number): Estimate => ({
    value,
    ...tBounds({ value, standardError, df, level, alternative: "two-sided" }),
    level,
    method: `t interval, ${of.method}`,
    n: Math.min(...n),
    standardError,
  });
  const testAgainst = (difference: number, alternative: Alternative): TestResult => {
    const statistic = (value - difference) / standardError;
    const method = `${of.method}${alternative === "two-sided" ? "" : `, one-sided (${alternative})`}`;
    return {
      method,
      symbol: "t",
      statistic,
      df: [df],
      p: tProbability(statistic, { df, alternative }),
      alternative,
      n,
    };
  };
  return {
    estimate: intervalAt(asked.level),
    test: testAgainst(0, asked.side),
    twoSidedP: testAgainst(0, "two-sided").p,
    intervalAt,
    testAgainst,
  };
}
