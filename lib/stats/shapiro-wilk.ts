// The Shapiro-Wilk test of normality, n = 3 to 5000. Source: P. Royston, algorithm AS R94, Applied Statistics 44 (1995),
// with the tail of the normal taken as a tail.
import { normalQuantile, normalUpper } from "./distribution/normal.ts";
import type { TestResult } from "./estimate.ts";
import { sortedOf } from "./quantile.ts";
import { assertSample, refuse } from "./refusal.ts";

const C1 = [0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056];
const C2 = [0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633];
const C3 = [0.544, -0.39978, 0.025054, -6.714e-4];
const C4 = [1.3822, -0.77857, 0.062767, -0.0020322];
const C5 = [-1.5861, -0.31082, -0.083751, 0.0038915];
const C6 = [-0.4803, -0.082676, 0.0030302];
const G = [-2.273, 0.459];

/**
 * The Shapiro-Wilk W test that a sample comes from a normal distribution.
 * @param values 3 to 5000 finite numbers, not all equal
 * @example shapiroWilk([2.1, 3.4, 2.9, 4.0, 3.3]).p
 */
export function shapiroWilk(values: readonly number[]): TestResult {
  assertSample(values, { name: "the sample", least: 3 });
  const n = values.length;
  if (n > 5000) refuse("too-large", `the sample has n = ${n}; Royston's approximation holds up to 5000`);
  const sorted = sortedOf(values);
  const range = sorted[n - 1]! - sorted[0]!;
  if (range === 0)
    refuse(
      "no-variation",
      `the sample does not vary (every value is ${sorted[0]}); its shape cannot be tested`,
    );
  const { w, complement } = statisticOf(sorted, range);
  return {
    method: "Shapiro-Wilk test of normality (Royston 1995)",
    symbol: "W",
    statistic: w,
    df: [],
    p: pOf(complement, n),
    alternative: "two-sided",
    n: [n],
  };
}

/** W and 1 - W, the latter computed directly as AS R94 does to keep its digits. */
function statisticOf(sorted: Float64Array, range: number): { w: number; complement: number } {
  const n = sorted.length;
  const a = weightsOf(n);
  const origin = sorted[(n - 1) >> 1]!;
  // A subnormal range has no finite inverse; such data are all but constant.
  const scale = Math.min(1 / range, Number.MAX_VALUE);
  let total = 0;
  for (let i = 0; i < n; i += 1) total += sorted[i]! - origin;
  const mean = total / n;
  let ssx = 0;
  for (let i = 0; i < n; i += 1) {
    const wx = (sorted[i]! - origin - mean) * scale;
    ssx += wx * wx;
  }
  // The weights are antisymmetric, so each pair of order statistics enters as its distance.
  let ssa = 0;
  let sax = 0;
  for (let i = 1; i < a.length; i += 1) {
    ssa += 2 * a[i]! * a[i]!;
    sax += a[i]! * (sorted[n - i]! - sorted[i - 1]!) * scale;
  }
  const root = Math.sqrt(ssa * ssx);
  const complement = ((root - sax) * (root + sax)) / (ssa * ssx);
  return { w: 1 - complement, complement };
}

// Weights depend on n alone, and a table tests many samples of one size: the last ones are kept.
let lastWeights: { readonly n: number; readonly weights: Float64Array } | undefined;

function weightsOf(n: number): Float64Array {
  if (lastWeights?.n !== n) lastWeights = { n, weights: computeWeights(n) };
  return lastWeights.weights;
}

/** Antisymmetric weights a[1..n/2]; index 0 is unused. */
function computeWeights(n: number): Float64Array {
  const half = Math.floor(n / 2);
  const a = new Float64Array(half + 1);
  if (n === 3) {
    a[1] = Math.SQRT1_2;
    return a;
  }
  const m = new Float64Array(half + 1);
  let sum = 0;
  for (let i = 1; i <= half; i += 1) {
    m[i] = normalQuantile((i - 0.375) / (n + 0.25));
    sum += m[i]! ** 2;
  }
  sum *= 2;
  const root = Math.sqrt(sum);
  const r = 1 / Math.sqrt(n);
  const a1 = polynomial(C1, r) - m[1]! / root;
  let first: number;
  let factor: number;
  if (n > 5) {
    first = 3;
    const a2 = -m[2]! / root + polynomial(C2, r);
    factor = Math.sqrt((sum - 2 * m[1]! ** 2 - 2 * m[2]! ** 2) / (1 - 2 * a1 ** 2 - 2 * a2 ** 2));
    a[2] = a2;
  } else {
    first = 2;
    factor = Math.sqrt((sum - 2 * m[1]! ** 2) / (1 - 2 * a1 ** 2));
  }
  a[1] = a1;
  for (let i = first; i <= half; i += 1) a[i] = -m[i]! / factor;
  return a;
}

function pOf(complement: number, n: number): number {
  if (n === 3) {
    // Exact for three values: P = 6/pi (asin sqrt(W) - asin sqrt(3/4)), and W is at least 3/4.
    const p = (6 / Math.PI) * (Math.asin(Math.sqrt(1 - complement)) - Math.asin(Math.sqrt(0.75)));
    return Math.min(1, Math.max(0, p));
  }
  let y = Math.log(complement);
  const logN = Math.log(n);
  let mean: number;
  let deviation: number;
  if (n <= 11) {
    const gamma = polynomial(G, n);
    // Beyond this W the approximation has no tail left; AS R94 gives a tiny p there.
    if (y >= gamma) return 1e-99;
    y = -Math.log(gamma - y);
    mean = polynomial(C3, n);
    deviation = Math.exp(polynomial(C4, n));
  } else {
    mean = polynomial(C5, logN);
    deviation = Math.exp(polynomial(C6, logN));
  }
  return normalUpper((y - mean) / deviation);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i -= 1) value = value * x + coefficients[i]!;
  return value;
}
