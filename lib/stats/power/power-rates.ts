// Power of the exact test of two rates of events given their total, by summing the probabilities of the counts that are rejected.
import { normalLower, normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import { logGamma } from "../distribution/saddle-point.ts";
import { assertOpenUnit, refuse } from "../refusal.ts";

export interface RatesPower {
  /** True events per unit of exposure in the two levels, above 0 in one of them. */
  readonly from: number;
  readonly to: number;
  /** Trials of each level. */
  readonly n: number;
  /** Of each trial; default 1. */
  readonly exposure?: number;
  /** The variance of a count is mean + mean^2 / theta; Infinity (a Poisson variable) unless told. */
  readonly theta?: number;
  /** Default 0.05. */
  readonly alpha?: number;
  /** Whether only the side on which `to` lies is tested. */
  readonly isOneSided?: boolean;
}

/** Beyond so many expected events the normal distribution is as good. */
const exactMax = 400;

/**
 * Power of the exact conditional test of two rates.
 *
 * @throws StatisticsRefusal for rates below 0 or both 0.
 * @example powerRates({ from: 2, to: 3, n: 32 }) // 0.69
 */
export function powerRates(options: RatesPower): number {
  const {
    from,
    to,
    n,
    exposure = 1,
    theta = Number.POSITIVE_INFINITY,
    alpha = 0.05,
    isOneSided = false,
  } = options;
  if (!(from >= 0 && to >= 0 && from + to > 0))
    refuse("bad-option", `the rates are ${from} and ${to}; they must be at least 0, and one above it`);
  if (!(n > 0 && exposure > 0 && theta > 0)) refuse("bad-option", "n, exposure and theta must be above 0");
  assertOpenUnit(alpha, "alpha");
  const tail = isOneSided ? alpha : alpha / 2;
  const [low, high] = [Math.min(from, to) * n * exposure, Math.max(from, to) * n * exposure];
  const size = n * theta;
  if (low + high > exactMax) return normalPower({ low, high, size, tail, isOneSided });
  const [few, many] = [distributionOf(low, size), distributionOf(high, size)] as const;
  let power = 0;
  for (let total = 0; total < few.length + many.length - 1; total += 1) {
    const bound = boundOf(total, size, tail);
    for (let x = 0; x <= bound; x += 1) {
      power += (few[x] ?? 0) * (many[total - x] ?? 0);
      if (!isOneSided) power += (many[x] ?? 0) * (few[total - x] ?? 0);
    }
  }
  return Math.min(1, power);
}

/** Probabilities of a total of negative binomial (or Poisson) counts, up to where next to nothing is left. */
function distributionOf(mean: number, size: number): readonly number[] {
  const chances: number[] = [];
  let sum = 0;
  for (let x = 0; x < 20 * (mean + 20) && sum < 1 - 1e-10; x += 1) {
    const log = Number.isFinite(size)
      ? logGamma(size + x) -
        logGamma(size) -
        logGamma(x + 1) -
        size * Math.log1p(mean / size) +
        (x === 0 ? 0 : x * Math.log(mean / (size + mean)))
      : (x === 0 ? 0 : x * Math.log(mean)) - mean - logGamma(x + 1);
    chances.push(Math.exp(log));
    sum += Math.exp(log);
  }
  return chances;
}

/** The most events of one level, of all, with which the lower tail given the total is below `tail`; -1 for none. */
function boundOf(total: number, size: number, tail: number): number {
  const ways = logGamma(total + 1);
  let below = 0;
  for (let x = 0; x <= total; x += 1) {
    const log = Number.isFinite(size)
      ? logGamma(size + x) +
        logGamma(size + total - x) -
        2 * logGamma(size) +
        logGamma(2 * size) -
        logGamma(2 * size + total)
      : total * Math.log(0.5);
    below += Math.exp(ways - logGamma(x + 1) - logGamma(total - x + 1) + log);
    if (below >= tail) return x - 1;
  }
  return total;
}

function normalPower(of: {
  readonly low: number;
  readonly high: number;
  readonly size: number;
  readonly tail: number;
  readonly isOneSided: boolean;
}): number {
  const { low, high, size, tail, isOneSided } = of;
  const varianceOf = (mean: number): number => mean + (Number.isFinite(size) ? mean ** 2 / size : 0);
  const pooled = (low + high) / 2;
  const reach = normalUpperQuantile(tail) * Math.sqrt(2 * varianceOf(pooled));
  const own = Math.sqrt(varianceOf(low) + varianceOf(high));
  // Given the total the difference moves by 2, of which half is the continuity correction.
  const gap = high - low - 1;
  return normalLower((gap - reach) / own) + (isOneSided ? 0 : normalUpper((gap + reach) / own));
}
