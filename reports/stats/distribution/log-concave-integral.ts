// The integral of a smooth function with one peak over the whole line, to full relative accuracy even when the peak is
// 1e-300. The trapezoidal rule converges exponentially for such integrands (Trefethen & Weideman 2014, section 5).

/** Where the integrand lives, in log form. */
interface Peak {
  readonly at: number;
  readonly log: number;
}

/**
 * Integral over (-inf, inf) of exp(logF). logF must rise to one peak and fall from it.
 * @param options.guess a point in the neighbourhood of the peak; options.width its rough width
 * @param options.spacing distance of the nodes: at most 0.6 of the narrowest feature of the integrand
 * @returns the natural logarithm of the integral
 */
export function logIntegral(
  logF: (x: number) => number,
  options: { guess: number; width: number; spacing: number },
): number {
  const peak = peakOf(logF, options);
  if (peak.log === Number.NEGATIVE_INFINITY) return Number.NEGATIVE_INFINITY;
  const low = edgeOf(logF, { peak, step: -options.width });
  const high = edgeOf(logF, { peak, step: options.width });
  const nodes = Math.max(32, Math.ceil((high - low) / options.spacing));
  const h = (high - low) / nodes;
  let sum = 0;
  for (let i = 0; i <= nodes; i += 1) sum += Math.exp(logF(low + i * h) - peak.log);
  return peak.log + Math.log(sum * h);
}

function peakOf(logF: (x: number) => number, { guess, width }: { guess: number; width: number }): Peak {
  // Walk uphill with doubling steps, then narrow by golden section; a rough peak is enough.
  let step = width;
  let at = guess;
  let best = logF(at);
  if (best === Number.NEGATIVE_INFINITY) return { at, log: best };
  if (logF(at + step) < best) step = -step;
  for (let i = 0; i < 200; i += 1) {
    const next = logF(at + step);
    if (!(next > best)) break;
    at += step;
    best = next;
    step *= 1.6;
  }
  let low = at - Math.abs(step);
  let high = at + Math.abs(step);
  for (let i = 0; i < 60 && high - low > 0.05 * width; i += 1) {
    const left = low + 0.382 * (high - low);
    const right = high - 0.382 * (high - low);
    if (logF(left) > logF(right)) high = right;
    else low = left;
  }
  const middle = (low + high) / 2;
  const value = logF(middle);
  return value > best ? { at: middle, log: value } : { at, log: best };
}

/** The point on one side of the peak where the integrand has fallen to about e^-40 of it. */
function edgeOf(logF: (x: number) => number, { peak, step }: { peak: Peak; step: number }): number {
  let inside = peak.at;
  let outside = peak.at + step;
  for (let i = 0; i < 100 && logF(outside) > peak.log - 40; i += 1) {
    inside = outside;
    outside = peak.at + (outside - peak.at) * 1.6;
  }
  for (let i = 0; i < 20 && Math.abs(outside - inside) > 0.05 * Math.abs(outside - peak.at); i += 1) {
    const middle = (inside + outside) / 2;
    if (logF(middle) > peak.log - 40) inside = middle;
    else outside = middle;
  }
  return outside;
}
