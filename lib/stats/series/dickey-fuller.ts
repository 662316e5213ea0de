// The augmented Dickey-Fuller test of a unit root. The null hypothesis is "not stationary": a small p speaks for a level
// (or trend) that the series returns to.
import { normalLower } from "../distribution/normal.ts";
import { interpolate } from "../interpolate.ts";
import { leastSquares } from "../least-squares.ts";
import { assertSample, refuse } from "../refusal.ts";

/** The deterministic part under the alternative. */
export type UnitRootTrend = "none" | "constant" | "trend";

/** An augmented Dickey-Fuller test. */
export interface DickeyFuller {
  readonly method: string;
  /** The t ratio of the lagged level. */
  readonly statistic: number;
  /** MacKinnon's (1994) approximate p value; exactly 0 or 1 outside the range of his surface. */
  readonly p: number;
  /** p from the table of Banerjee et al. (1993), cut to [0.01, 0.99]; only with a trend. */
  readonly tableP?: number;
  readonly lags: number;
  /** Observations in the regression. */
  readonly n: number;
  /** Critical values at 1, 5 and 10% for this size (Fuller 1976; Hamilton 1994, table B.6). */
  readonly criticalValues: readonly [number, number, number];
}

/** Options of dickeyFuller. */
export interface DickeyFullerOptions {
  /** Default "constant". */
  readonly trend?: UnitRootTrend;
  /** Lagged differences: a number, or chosen up to maxLags by "aic" (default) or "bic". */
  readonly lags?: number | "aic" | "bic";
  /** Default ceil(12 (n/100)^(1/4)), cut to leave enough observations. */
  readonly maxLags?: number;
}

/**
 * The augmented Dickey-Fuller test (Dickey & Fuller 1979; Said & Dickey 1984).
 * @param series at least 8 equally spaced finite values that vary
 * @throws StatisticsRefusal for a constant series, a perfect fit, or too few values for the lags
 */
export function dickeyFuller(series: readonly number[], options: DickeyFullerOptions = {}): DickeyFuller {
  const { trend = "constant", lags = "aic" } = options;
  assertSample(series, { name: "the series", least: 8 });
  if (series.every((value) => value === series[0]))
    refuse("no-variation", `the series is constant at ${series[0]}; a unit-root test needs variation`);
  const count = { none: 0, constant: 1, trend: 2 }[trend];
  const used =
    typeof lags === "number" ? lags : chooseLags(series, { trend, count, criterion: lags, options });
  if (!Number.isInteger(used) || used < 0)
    refuse("bad-option", `lags is ${used}; it must be a whole number from 0`);
  const fit = regress(series, { trend, lags: used, start: used });
  const statistic = fit.coefficients[0]! / fit.standardErrors[0]!;
  const n = series.length - 1 - used;
  return {
    method: `augmented Dickey-Fuller test, ${trend === "none" ? "no constant" : trend === "constant" ? "constant" : "constant and trend"}, ${used} lags`,
    statistic,
    p: mackinnonP(statistic, trend),
    ...(trend === "trend" && { tableP: banerjeeP(statistic, series.length - 1) }),
    lags: used,
    n,
    criticalValues: criticalValues(trend, series.length - 1),
  };
}

/** Regression of the difference on the lagged level, deterministic terms and lagged differences, from row `start`. */
function regress(series: readonly number[], options: { trend: UnitRootTrend; lags: number; start: number }) {
  const { trend, lags, start } = options;
  const differences = series.slice(1).map((value, i) => value - series[i]!);
  const rows = differences.length - start;
  const index = Array.from({ length: Math.max(0, rows) }, (_, i) => i + start);
  const level = index.map((t) => series[t]! - (trend === "none" ? 0 : series[start]!));
  const columns = [level];
  if (trend !== "none") columns.push(index.map(() => 1));
  if (trend === "trend") columns.push(index.map((t) => (t - start - (rows - 1) / 2) / rows));
  for (let lag = 1; lag <= lags; lag += 1) columns.push(index.map((t) => differences[t - lag]!));
  const y = index.map((t) => differences[t]!);
  const fit = leastSquares(columns, y);
  const total = y.reduce((sum, value) => sum + value * value, 0);
  if (!(fit.residualSumOfSquares > 1e-22 * total))
    refuse("no-variation", "the series follows its own lags without error; a unit-root test needs noise");
  return fit;
}

function chooseLags(
  series: readonly number[],
  context: { trend: UnitRootTrend; count: number; criterion: "aic" | "bic"; options: DickeyFullerOptions },
): number {
  const { trend, count, criterion, options } = context;
  const n = series.length;
  const room = Math.floor(n / 2) - count - 1;
  const wanted = options.maxLags ?? Math.ceil(12 * (n / 100) ** 0.25);
  const most = options.maxLags === undefined ? Math.min(room, wanted) : wanted;
  if (most < 0 || most > room)
    refuse("too-few", `n = ${n} allows at most ${Math.max(0, room)} lags; ${wanted} were asked for`);
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let lag = 0; lag <= most; lag += 1) {
    // Every candidate is fitted to the same rows, so that the criteria can be compared.
    const fit = regress(series, { trend, lags: lag, start: most });
    const rows = n - 1 - most;
    const parameters = 1 + count + lag;
    const penalty = criterion === "aic" ? 2 : Math.log(rows);
    const value = rows * Math.log(fit.residualSumOfSquares / rows) + penalty * parameters;
    if (value < least) {
      least = value;
      best = lag;
    }
  }
  return best;
}

// MacKinnon (1994), table for one series: bounds, the split between the two polynomials, and their coefficients.
const SURFACE = {
  none: {
    max: Number.POSITIVE_INFINITY,
    min: -19.04,
    star: -1.04,
    small: [0.6344, 1.2378, 0.032496],
    large: [0.4797, 0.93557, -0.06999, 0.033066],
  },
  constant: {
    max: 2.74,
    min: -18.83,
    star: -1.61,
    small: [2.1659, 1.4412, 0.038269],
    large: [1.7339, 0.93202, -0.12745, -0.010368],
  },
  trend: {
    max: 0.7,
    min: -16.18,
    star: -2.89,
    small: [3.2512, 1.6047, 0.049588],
    large: [2.5261, 0.61654, -0.37956, -0.060285],
  },
} as const;

function mackinnonP(statistic: number, trend: UnitRootTrend): number {
  const surface = SURFACE[trend];
  if (statistic > surface.max) return 1;
  if (statistic < surface.min) return 0;
  const coefficients: readonly number[] = statistic <= surface.star ? surface.small : surface.large;
  return normalLower(coefficients.reduceRight((sum, coefficient) => sum * statistic + coefficient, 0));
}

// Banerjee, Dolado, Galbraith & Hendry (1993), table 4.2, constant and trend.
const SIZES = [25, 50, 100, 250, 500, 100_000];
const TABLE_P = [0.01, 0.025, 0.05, 0.1, 0.9, 0.95, 0.975, 0.99];
const BANERJEE = [
  [-4.38, -4.15, -4.04, -3.99, -3.98, -3.96],
  [-3.95, -3.8, -3.73, -3.69, -3.68, -3.66],
  [-3.6, -3.5, -3.45, -3.43, -3.42, -3.41],
  [-3.24, -3.18, -3.15, -3.13, -3.13, -3.12],
  [-1.14, -1.19, -1.22, -1.23, -1.24, -1.25],
  [-0.8, -0.87, -0.9, -0.92, -0.93, -0.94],
  [-0.5, -0.58, -0.62, -0.64, -0.65, -0.66],
  [-0.15, -0.24, -0.28, -0.31, -0.32, -0.33],
];

function banerjeeP(statistic: number, n: number): number {
  return interpolate(
    { x: BANERJEE.map((row) => interpolate({ x: SIZES, y: row }, n)), y: TABLE_P },
    statistic,
  );
}

const CRITICAL: Record<UnitRootTrend, readonly (readonly [number, number, number])[]> = {
  none: [
    [-2.66, -1.95, -1.6],
    [-2.62, -1.95, -1.61],
    [-2.6, -1.95, -1.61],
    [-2.58, -1.95, -1.62],
    [-2.58, -1.95, -1.62],
    [-2.58, -1.95, -1.62],
  ],
  constant: [
    [-3.75, -3, -2.63],
    [-3.58, -2.93, -2.6],
    [-3.51, -2.89, -2.58],
    [-3.46, -2.88, -2.57],
    [-3.44, -2.87, -2.57],
    [-3.43, -2.86, -2.57],
  ],
  trend: [
    [-4.38, -3.6, -3.24],
    [-4.15, -3.5, -3.18],
    [-4.04, -3.45, -3.15],
    [-3.99, -3.43, -3.13],
    [-3.98, -3.42, -3.13],
    [-3.96, -3.41, -3.12],
  ],
};

function criticalValues(trend: UnitRootTrend, n: number): readonly [number, number, number] {
  const row = n < 25 ? 0 : n < 50 ? 1 : n < 100 ? 2 : n < 250 ? 3 : n < 500 ? 4 : 5;
  return CRITICAL[trend][row]!;
}
