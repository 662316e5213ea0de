// The KPSS test. Its null hypothesis is "stationary" (around a level or a trend), the reverse of Dickey-Fuller's:
// a large p is no evidence against a steady series, a small one says that it still moves.
import { interpolate } from "../interpolate.ts";
import { momentsOf } from "../moments.ts";
import { assertSample, refuse } from "../refusal.ts";

/** A KPSS test. */
export interface Kpss {
  readonly method: string;
  readonly statistic: number;
  /** Interpolated in the published table and cut to [0.01, 0.1]: 0.01 means "at most", 0.1 "at least". */
  readonly p: number;
  readonly lags: number;
  readonly n: number;
}

/** Lags of the Bartlett window: a number, or a rule. */
export type KpssLags = number | "auto" | "short" | "long" | "legacy";

const LEVEL = [0.347, 0.463, 0.574, 0.739];
const TREND = [0.119, 0.146, 0.176, 0.216];
const P = [0.1, 0.05, 0.025, 0.01];

/**
 * The test of Kwiatkowski, Phillips, Schmidt & Shin (1992).
 * @param options.lags "auto" (default, Hobijn et al. 1998), "short" floor(4 (n/100)^(1/4)), "long" floor(12 (n/100)^(1/4)),
 *   "legacy" ceil(12 (n/100)^(1/4)), or a number below n
 * @throws StatisticsRefusal for a constant series or one that lies on its trend
 */
export function kpss(
  series: readonly number[],
  options: { around?: "level" | "trend"; lags?: KpssLags } = {},
): Kpss {
  const { around = "level" } = options;
  assertSample(series, { name: "the series", least: 4 });
  const n = series.length;
  const residuals = residualsOf(series, around);
  const size = series.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  if (!(squares > n * (1e-14 * size) ** 2))
    refuse("no-variation", `the series does not vary around its ${around}; the KPSS test needs variation`);
  const lags = lagsOf(residuals, options.lags ?? "auto");
  let longRun = squares;
  for (let lag = 1; lag <= lags; lag += 1)
    longRun += 2 * (1 - lag / (lags + 1)) * laggedProduct(residuals, lag);
  longRun /= n;
  if (!(longRun > 0))
    refuse("not-estimable", "the long-run variance is not positive at this number of lags; use fewer");
  let partial = 0;
  let sum = 0;
  for (const residual of residuals) {
    partial += residual;
    sum += partial * partial;
  }
  const statistic = sum / (n * n) / longRun;
  return {
    method: `KPSS test around a ${around}, ${lags} lags`,
    statistic,
    p: interpolate({ x: around === "level" ? LEVEL : TREND, y: P }, statistic),
    lags,
    n,
  };
}

function residualsOf(series: readonly number[], around: "level" | "trend"): number[] {
  const { origin, offset } = momentsOf(series);
  const centred = series.map((value) => value - origin - offset);
  if (around === "level") return centred;
  const n = series.length;
  const middle = (n - 1) / 2;
  const slope = centred.reduce((sum, value, t) => sum + value * (t - middle), 0) / ((n * (n * n - 1)) / 12);
  return centred.map((value, t) => value - slope * (t - middle));
}

function lagsOf(residuals: readonly number[], lags: KpssLags): number {
  const n = residuals.length;
  const root = (n / 100) ** 0.25;
  if (lags === "short") return Math.trunc(4 * root);
  if (lags === "long") return Math.trunc(12 * root);
  if (lags === "legacy") return Math.min(Math.ceil(12 * root), n - 1);
  if (lags === "auto") return Math.min(hobijnLags(residuals), n - 1);
  if (!Number.isInteger(lags) || lags < 0 || lags >= n)
    refuse("bad-option", `lags is ${lags}; it must be a whole number from 0 and below n = ${n}`);
  return lags;
}

// Hobijn, Franses & Ooms (1998), Bartlett window.
function hobijnLags(residuals: readonly number[]): number {
  const n = residuals.length;
  let s0 = residuals.reduce((sum, value) => sum + value * value, 0) / n;
  let s1 = 0;
  for (let lag = 1; lag <= Math.trunc(n ** (2 / 9)); lag += 1) {
    const product = laggedProduct(residuals, lag) / (n / 2);
    s0 += product;
    s1 += lag * product;
  }
  const ratio = s1 / s0;
  return Math.trunc(1.1447 * (ratio * ratio * n) ** (1 / 3));
}

function laggedProduct(values: readonly number[], lag: number): number {
  let sum = 0;
  for (let t = lag; t < values.length; t += 1) sum += values[t]! * values[t - lag]!;
  return sum;
}
