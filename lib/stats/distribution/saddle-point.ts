// Loader's saddle-point pieces: the error of Stirling's formula and the binomial deviance. Densities built from them
// keep full relative accuracy where a difference of log-gammas would lose all digits (a, b up to 1e15).
// Source: C. Loader, "Fast and accurate computation of binomial probabilities" (2000).

const HALF_LOG_2PI = 0.9189385332046727;

/** ln Gamma(a+1) - [(a + 1/2) ln a - a + ln(2 pi)/2], for a > 0; absolute error below 1e-15. */
export function stirlingError(a: number): number {
  let shift = 0;
  let x = a;
  // S(a) = S(a+1) + (a + 1/2) ln(1 + 1/a) - 1, used upwards until the series holds.
  while (x < 15) {
    shift += (x + 0.5) * Math.log1p(1 / x) - 1;
    x += 1;
  }
  const s = 1 / (x * x);
  const series =
    (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360))))) / x;
  return shift + series;
}

/** x ln(x/m) + m - x without cancellation near x = m; x >= 0, m > 0. */
export function deviance(x: number, m: number): number {
  if (x === 0) return m;
  const difference = x - m;
  if (Math.abs(difference) < 0.1 * (x + m)) {
    const v = difference / (x + m);
    let sum = difference * v;
    let term = 2 * x * v;
    for (let j = 1; j < 1000; j += 1) {
      term *= v * v;
      const next = sum + term / (2 * j + 1);
      if (next === sum) return next;
      sum = next;
    }
    return sum;
  }
  return x * Math.log(x / m) - difference;
}

/** ln Gamma(x) for x > 0; absolute error about 1e-15 times max(1, |value|). */
export function logGamma(x: number): number {
  return stirlingError(x) + (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI;
}

/** Poisson probability of j events at mean m, for real j >= 0. */
export function poissonMass(j: number, m: number): number {
  if (m === 0) return j === 0 ? 1 : 0;
  if (j === 0) return Math.exp(-m);
  return Math.exp(-stirlingError(j) - deviance(j, m)) / Math.sqrt(2 * Math.PI * j);
}

/** x^a y^b / B(a, b) with y = 1 - x given apart, so that neither end is rounded away. */
export function betaPower(options: { a: number; b: number; x: number; y: number }): number {
  return options.x <= 0 || options.y <= 0 ? 0 : Math.exp(logBetaPower(options));
}

/** ln of betaPower, for values below the smallest double. */
export function logBetaPower(options: { a: number; b: number; x: number; y: number }): number {
  const { a, b, x, y } = options;
  const n = a + b;
  const exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y);
  return 0.5 * Math.log(((a / n) * b) / (2 * Math.PI)) + exponent;
}
