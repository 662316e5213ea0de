// Whether a price series has settled: constant, in an exact cycle, stationary, or still moving. The two tests of its last
// stretch have opposite nulls, so they can agree on either answer or leave it open.

import { assertCount, assertOpenUnit, assertSample, isRefused, orRefusal } from "../refusal.ts";
import { type DickeyFuller, dickeyFuller } from "./dickey-fuller.ts";
import { type Kpss, kpss } from "./kpss.ts";

/** What the end of the series does. */
export type Settling = "constant" | "cycle" | "stationary" | "moving" | "undecided";

/** The verdict with the evidence for it. */
export interface PriceConvergence {
  readonly verdict: Settling;
  /** One sentence that says why. */
  readonly reason: string;
  /** Length of the exact cycle; 1 for a constant end. */
  readonly period?: number;
  /** Index at which the constant end or the cycle begins. */
  readonly since?: number;
  readonly dickeyFuller?: DickeyFuller;
  readonly kpss?: Kpss;
  /** Number of values at the end that were judged. */
  readonly window: number;
}

/** Options of priceConvergence. */
export interface PriceConvergenceOptions {
  /** Values at the end to judge; default the last half, at least 30. */
  readonly window?: number;
  /** Longest exact cycle looked for; default 20. */
  readonly maxPeriod?: number;
  /** Two prices closer than this are the same; default 0 (exact, for prices on a grid). */
  readonly tolerance?: number;
  /** Level of both tests; default 0.05. */
  readonly alpha?: number;
}

/**
 * Judges the end of a price series. A cycle must repeat at least three times within the window. Otherwise "stationary"
 * needs both: the augmented Dickey-Fuller test rejects a unit root and KPSS does not reject a level; "moving" needs the
 * opposite of both; anything else is "undecided".
 */
export function priceConvergence(
  series: readonly number[],
  options: PriceConvergenceOptions = {},
): PriceConvergence {
  const { maxPeriod = 20, tolerance = 0, alpha = 0.05 } = options;
  assertSample(series, { name: "the series", least: 10 });
  assertOpenUnit(alpha, "alpha");
  const window = options.window ?? Math.min(series.length, Math.max(30, Math.ceil(series.length / 2)));
  assertCount(window, { name: "window", least: 10 });
  const tail = series.slice(-window);
  for (let period = 1; period <= Math.min(maxPeriod, Math.floor(tail.length / 3)); period += 1) {
    if (!tail.every((value, i) => i < period || Math.abs(value - tail[i - period]!) <= tolerance)) continue;
    let since = series.length - tail.length;
    while (since > 0 && Math.abs(series[since - 1]! - series[since - 1 + period]!) <= tolerance) since -= 1;
    const verdict = period === 1 ? "constant" : "cycle";
    const reason =
      period === 1
        ? `the last ${series.length - since} values are equal`
        : `the last ${series.length - since} values repeat a cycle of ${period}`;
    return { verdict, reason, period, since, window: tail.length };
  }
  const unitRoot = orRefusal(() => dickeyFuller(tail));
  const level = orRefusal(() => kpss(tail));
  if (isRefused(unitRoot) || isRefused(level)) {
    const refusal = isRefused(unitRoot) ? unitRoot : level;
    return { verdict: "undecided", reason: isRefused(refusal) ? refusal.reason : "", window: tail.length };
  }
  const returns = unitRoot.p < alpha;
  // The table of KPSS ends at 0.1: a p of 0.1 there means "0.1 or more".
  const steady = level.p >= Math.min(alpha, 0.1);
  const verdict = returns && steady ? "stationary" : !returns && !steady ? "moving" : "undecided";
  const tests = `Dickey-Fuller p = ${unitRoot.p.toPrecision(2)} (null: unit root), KPSS p ${level.p >= 0.1 ? ">=" : level.p <= 0.01 ? "<=" : "="} ${level.p.toPrecision(2)} (null: level)`;
  const reason =
    verdict === "stationary"
      ? `both tests speak for a steady level: ${tests}`
      : verdict === "moving"
        ? `both tests speak against a steady level: ${tests}`
        : `the tests do not agree: ${tests}`;
  return { verdict, reason, dickeyFuller: unitRoot, kpss: level, window: tail.length };
}
