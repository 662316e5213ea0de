// The integral of a smooth function with one peak over the whole line, to full relative accuracy even when the peak is
// 1e-300. The trapezoidal rule converges exponentially for such integrands (Trefethen & Weideman 2014, section 5).

/** Terms further than this below the largest one (in log) do not reach the last bit of the sum. */
const FLOOR = 38;

/**
 * Natural logarithm of the integral over (-inf, inf) of exp(logF). logF must rise to one peak and fall from it.
 * @param options.guess a point near the peak; the grid walks uphill from there
 * @param options.spacing distance of the nodes: at most 0.6 of the narrowest feature of the integrand
 */
export function logIntegral(
  logF: (x: number) => number,
  options: { guess: number; spacing: number },
): number {
  const { guess, spacing } = options;
  const first = logF(guess);
  let largest = first;
  const logs = [first];
  for (const direction of [1, -1])
    for (let i = 1; i < 200_000; i += 1) {
      const value = logF(guess + direction * i * spacing);
      logs.push(value);
      if (value > largest) largest = value;
      else if (value < largest - FLOOR) break;
    }
  if (largest === Number.NEGATIVE_INFINITY) return largest;
  let sum = 0;
  for (const value of logs) sum += Math.exp(value - largest);
  return largest + Math.log(sum * spacing);
}
