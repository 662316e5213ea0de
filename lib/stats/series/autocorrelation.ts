// Autocorrelation of a series, the Ljung-Box test of its first lags, and the number of independent values it is worth.
import { chiSquaredUpper } from "../distribution/chi-squared.ts";
import { momentsOf } from "../moments.ts";
import { assertCount, assertSample, refuse } from "../refusal.ts";

/**
 * Sample autocorrelations at lags 0..maxLag (divisor n at every lag, as R's acf).
 * @throws StatisticsRefusal for a constant series
 */
export function autocorrelation(series: readonly number[], maxLag: number): number[] {
  assertSample(series, { name: "the series", least: 2 });
  assertCount(maxLag, { name: "maxLag", least: 0 });
  if (maxLag >= series.length) refuse("too-few", `lag ${maxLag} needs more than ${series.length} values`);
  const { origin, offset, sd } = momentsOf(series);
  if (sd === 0) refuse("no-variation", `the series is constant at ${series[0]}; it has no autocorrelation`);
  const centred = Float64Array.from(series, (value) => (value - origin - offset) / sd);
  const products = Array.from({ length: maxLag + 1 }, (_, lag) => {
    let sum = 0;
    for (let t = lag; t < centred.length; t += 1) sum += centred[t]! * centred[t - lag]!;
    return sum;
  });
  return products.map((product) => product / products[0]!);
}

/** The Ljung-Box test (1978) that the first `lags` autocorrelations are zero; `fitted` parameters are taken off its df. */
export function ljungBox(
  series: readonly number[],
  options: { lags: number; fitted?: number },
): { method: string; statistic: number; df: number; p: number } {
  const { lags, fitted = 0 } = options;
  const r = autocorrelation(series, lags);
  const n = series.length;
  const df = lags - fitted;
  if (df < 1)
    refuse("bad-option", `${lags} lags less ${fitted} fitted parameters leave no degrees of freedom`);
  let sum = 0;
  for (let lag = 1; lag <= lags; lag += 1) sum += r[lag]! ** 2 / (n - lag);
  const statistic = n * (n + 2) * sum;
  return { method: `Ljung-Box test, ${lags} lags`, statistic, df, p: chiSquaredUpper(statistic, df) };
}

/**
 * How many independent values a stationary series is worth for its mean: n / (1 + 2 sum r), the sum cut by Geyer's
 * (1992) initial positive sequence. Rounds of one run are such a series; they are not replicates.
 */
export function effectiveSampleSize(series: readonly number[]): number {
  const n = series.length;
  const r = autocorrelation(series, Math.max(0, n - 1));
  let sum = 0;
  for (let lag = 1; lag + 1 < n; lag += 2) {
    const pair = r[lag]! + r[lag + 1]!;
    if (pair <= 0) break;
    sum += pair;
  }
  return Math.min(n, n / (1 + 2 * sum));
}
