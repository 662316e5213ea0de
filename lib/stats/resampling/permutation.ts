// Permutation tests of a difference of means: exact where all arrangements can be counted, seeded Monte Carlo beyond.
// Independent samples by subsets (meeting in the middle, exact up to 44 values), pairs by sign flips.
import type { Alternative, TestResult } from "../estimate.ts";
import { momentsOf } from "../moments.ts";
import { assertCount, assertSample, refuse } from "../refusal.ts";
import { type CountedTails, signFlipTails, subsetTails } from "./permutation-count.ts";
import { resamplingRandom } from "./resampling-random.ts";

/** Options of permutationTest. */
export interface PermutationOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Flip the signs of x[i] - y[i] instead of exchanging values between samples. */
  readonly paired?: boolean;
  readonly alternative?: Alternative;
  /** "auto" (default) is exact up to 22 pairs or 30 values, Monte Carlo beyond; "exact" admits 40 pairs or 44 values. */
  readonly variant?: "auto" | "exact" | "monte-carlo";
  /** Two-sided p: P(|T - E T| >= |t - E T|) ("distance", default, as R's coin) or twice the smaller tail ("doubled", as SciPy). */
  readonly twoSided?: "distance" | "doubled";
  /** Monte Carlo permutations, default 10,000; the observed arrangement is counted as one more. */
  readonly resamples?: number;
  readonly seed?: number;
}

/** A permutation test; `statistic` is the observed difference of means. */
export interface PermutationTest extends TestResult {
  readonly symbol: "mean difference";
  /** The statistic standardised by its permutation distribution. */
  readonly z: number;
  /** Arrangements counted. */
  readonly permutations: number;
  /** Standard error of a Monte Carlo p value; absent for exact ones. */
  readonly standardError?: number;
}

/**
 * The permutation test of mean(x) - mean(y).
 * @throws StatisticsRefusal when no arrangement differs from another
 * Sources: Fisher (1935), Pitman (1937); Monte Carlo p with the observed arrangement added: Phipson & Smyth (2010).
 */
export function permutationTest(options: PermutationOptions): PermutationTest {
  const {
    x,
    y,
    paired = false,
    alternative = "two-sided",
    twoSided = "distance",
    variant = "auto",
  } = options;
  assertSample(x, { name: "sample x", least: 1 });
  assertSample(y, { name: "sample y", least: 1 });
  if (paired && x.length !== y.length)
    refuse(
      "unequal-lengths",
      `pairs need samples of one length; x has ${x.length} values and y has ${y.length}`,
    );
  const size = paired ? x.length : x.length + y.length;
  const exact = variant === "exact" || (variant === "auto" && size <= (paired ? 22 : 30));
  if (exact && size > (paired ? 40 : 44))
    refuse(
      "too-large",
      `an exact permutation test of ${size} ${paired ? "pairs" : "values"} is too large; use "monte-carlo"`,
    );
  const origin = x[0]!;
  const statistic = momentsOf(x, origin).offset - momentsOf(y, origin).offset;
  const spread = paired
    ? flipSpread(x, y)
    : momentsOf([...x, ...y], origin).sd * Math.sqrt(1 / x.length + 1 / y.length);
  if (spread === 0)
    refuse(
      "no-variation",
      `${paired ? "all paired differences are zero" : "all values are equal"}; every arrangement gives the same difference`,
    );
  const tails = exact
    ? paired
      ? signFlipTails(x.map((value, i) => value - y[i]!))
      : subsetTails({ x, y })
    : sampleTails(options);
  const p =
    alternative === "greater"
      ? tails.upper
      : alternative === "less"
        ? tails.lower
        : twoSided === "distance"
          ? tails.distance
          : Math.min(1, 2 * Math.min(tails.lower, tails.upper));
  return {
    method: `${paired ? "paired permutation test (sign flips)" : "permutation test of the difference of means"}, ${exact ? "exact" : `Monte Carlo, ${tails.count} permutations, seed ${options.seed ?? 1}`}`,
    symbol: "mean difference",
    statistic,
    df: [],
    p,
    alternative,
    n: [x.length, y.length],
    z: statistic / spread,
    permutations: tails.count,
    ...(!exact && { standardError: Math.sqrt((p * (1 - p)) / tails.count) }),
  };
}

/** sd of the mean difference over all sign patterns. */
function flipSpread(x: readonly number[], y: readonly number[]): number {
  return Math.hypot(...x.map((value, i) => value - y[i]!)) / x.length;
}

function sampleTails(options: PermutationOptions): CountedTails {
  const { x, y, paired = false, resamples = 10_000, seed = 1 } = options;
  assertCount(resamples, { name: "resamples", least: 100 });
  const random = resamplingRandom(seed);
  const values = paired
    ? Float64Array.from(x, (value, i) => value - y[i]!)
    : Float64Array.from([...x, ...y], (value) => value - x[0]!);
  const m = x.length;
  let total = 0;
  let scale = 0;
  for (const value of values) {
    total += value;
    scale += Math.abs(value);
  }
  const draw = paired ? signFlips : subsetSums;
  let observed = 0;
  for (let i = 0; i < m; i += 1) observed += values[i]!;
  const centre = paired ? 0 : (total * m) / values.length;
  // Sums of the same numbers in another order differ by rounding; they count as equal.
  const slack = 1e-12 * scale;
  const far = Math.abs(observed - centre) - slack;
  let lower = 1;
  let upper = 1;
  let distance = 1;
  const smaller = Math.min(m, values.length - m);
  for (let b = 0; b < resamples; b += 1) {
    // The smaller sample is drawn; its complement's sum follows from the total.
    const drawn = draw(values, { size: paired ? m : smaller, random });
    const sum = !paired && smaller < m ? total - drawn : drawn;
    if (sum <= observed + slack) lower += 1;
    if (sum >= observed - slack) upper += 1;
    if (Math.abs(sum - centre) >= far) distance += 1;
  }
  const count = resamples + 1;
  return { lower: lower / count, upper: upper / count, distance: distance / count, count };
}

interface Draw {
  readonly size: number;
  readonly random: { below(n: number): number };
}

// A partial Fisher-Yates shuffle: the first `size` places hold a random subset.
function subsetSums(values: Float64Array, { size, random }: Draw): number {
  const n = values.length;
  let sum = 0;
  for (let i = 0; i < size; i += 1) {
    const j = i + random.below(n - i);
    const value = values[j]!;
    values[j] = values[i]!;
    values[i] = value;
    sum += value;
  }
  return sum;
}

function signFlips(values: Float64Array, { size, random }: Draw): number {
  let sum = 0;
  for (let i = 0; i < size; i += 1) sum += random.below(2) === 0 ? values[i]! : -values[i]!;
  return sum;
}
