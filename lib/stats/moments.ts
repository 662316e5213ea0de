// Mean and standard deviation that survive a large offset, huge and tiny scales: the data are first moved to an origin
// (an exact subtraction for near values), sums are compensated, squares are scaled so that 1e150 does not overflow.

/** Mean and spread of a sample, relative to an origin. */
export interface Moments {
  readonly n: number;
  /** The origin that was subtracted from every value. */
  readonly origin: number;
  /** mean - origin, with all its digits even where mean itself has few left. */
  readonly offset: number;
  readonly mean: number;
  /** Standard deviation with divisor n - 1; 0 for n = 1. */
  readonly sd: number;
}

/** Compensated (Neumaier) sum. */
export function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  let lost = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return Number.isFinite(lost) ? sum + lost : sum;
}

/**
 * Weighted mean; the weights add up to 1. Under equal weights it is the sum over the number, so that whole numbers with one sum have one
 * mean to the last bit: ranks would take what rounding leaves of 1/3 of each for a difference.
 */
export function weightedMean(parts: readonly { readonly weight: number; readonly value: number }[]): number {
  const weight = parts[0]?.weight;
  if (parts.every((part) => part.weight === weight)) {
    const mean = sumOf(parts.map(({ value }) => value)) / parts.length;
    if (Number.isFinite(mean)) return mean;
  }
  return sumOf(parts.map((part) => part.weight * part.value));
}

/** Mean of a non-empty sample, summed with compensation. */
export function meanOf(values: ArrayLike<number>): number {
  return momentsOf(values).mean;
}

/** Moments about an origin (default: the first value). Two samples that are to be compared share one origin. */
export function momentsOf(values: ArrayLike<number>, origin: number = values[0]!): Moments {
  const found = momentsAbout(values, origin, 1);
  if (Number.isFinite(found.mean) && Number.isFinite(found.offset)) return found;
  // Differences or sums near the largest double overflow; a power of two takes nothing from the digits.
  const part = momentsAbout(values, origin, 2 ** -60);
  const back = 2 ** 60;
  return { ...part, origin, offset: part.offset * back, mean: part.mean * back, sd: part.sd * back };
}

function momentsAbout(values: ArrayLike<number>, about: number, scale: number): Moments {
  const n = values.length;
  const origin = about * scale;
  const moved = new Float64Array(n);
  for (let i = 0; i < n; i += 1) moved[i] = values[i]! * scale - origin;
  const offset = sumOf(moved) / n;
  return { n, origin, offset, mean: origin + offset, sd: spreadOf(moved, offset) };
}

/** sqrt(sum (v - centre)^2 / (n - 1)), scaled and with the first-order correction of the centre. */
function spreadOf(moved: Float64Array, centre: number): number {
  const n = moved.length;
  let scale = 0;
  for (let i = 0; i < n; i += 1) scale = Math.max(scale, Math.abs(moved[i]! - centre));
  if (scale === 0 || n < 2) return 0;
  let squares = 0;
  let lost = 0;
  let residual = 0;
  for (let i = 0; i < n; i += 1) {
    const e = (moved[i]! - centre) / scale;
    residual += e;
    const term = e * e - lost;
    const next = squares + term;
    lost = next - squares - term;
    squares = next;
  }
  return scale * Math.sqrt(Math.max(0, squares - (residual * residual) / n) / (n - 1));
}

/** Whether a standard error is only rounding noise beside the size of the data (R's "essentially constant"). */
export function isNoise(standardError: number, size: number): boolean {
  return standardError <= 10 * Number.EPSILON * Math.abs(size);
}

/** The power of two at or below a size; 1 for 0. Dividing by it takes nothing from the digits and keeps squares in range. */
export function unitOf(size: number): number {
  return size > 0 ? 2 ** Math.max(-1022, Math.floor(Math.log2(size))) : 1;
}
