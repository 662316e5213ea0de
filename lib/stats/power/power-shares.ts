// Power of the tests of two shares, by summing the probabilities of the counts that are rejected: exact, so that it holds what it says at
// small n, where the arcsine approximation does not.
import { normalLower, normalUpper, normalUpperQuantile } from "../distribution/normal.ts";
import { fisherTable, largestChance, tie } from "../proportions/exact-tests.ts";
import { logChoose } from "../proportions/two-by-two.ts";
import { assertCount, assertOpenUnit, refuse } from "../refusal.ts";

export interface SharesPower {
  /** True shares of the two levels, in [0, 1]. */
  readonly from: number;
  readonly to: number;
  /** Trials of each level, or pairs. */
  readonly n: number;
  /** Default 0.05. */
  readonly alpha?: number;
  /** Whether only the side on which `to` lies is tested. */
  readonly isOneSided?: boolean;
}

/** Boschloo's test is planned up to here, as it is made; Fisher's test beyond. */
const unconditionalMax = 200;
/** Beyond, the normal distribution with Fisher's continuity correction is as good. */
const fisherMax = 1000;

/**
 * Power of the exact test of two independent shares: Boschloo's up to 200 trials a level, Fisher's beyond.
 *
 * @throws StatisticsRefusal for shares outside [0, 1] and n below 1.
 * @example powerShares({ from: 0.2, to: 0.6, n: 24 }) // 0.83
 */
export function powerShares(options: SharesPower): number {
  const { from, to, n, alpha = 0.05, isOneSided = false } = options;
  assertShares(options);
  const tail = isOneSided ? alpha : alpha / 2;
  if (n > fisherMax) return normalPower(options, tail);
  const [low, high] = [Math.min(from, to), Math.max(from, to)];
  const chances = [low, high].map((share) => binomial(n, share));
  // By symmetry the second level is the larger one; the other side adds what chance gives it.
  const bounds = n > unconditionalMax ? fisherBounds(n, tail) : boschlooBounds(n, tail);
  let power = 0;
  for (let x = 0; x <= n; x += 1) {
    for (let y = bounds[x]!; y <= n; y += 1) power += chances[0]![x]! * chances[1]![y]!;
    if (!isOneSided) for (let y = bounds[x]!; y <= n; y += 1) power += chances[1]![x]! * chances[0]![y]!;
  }
  return Math.min(1, power);
}

/** The least successes of the larger group with which Boschloo's one-sided p is below `tail`, by the successes of the other; n + 1 for none. */
function boschlooBounds(n: number, tail: number): readonly number[] {
  const key = `${n}/${tail}`;
  const held = known.get(key);
  if (held !== undefined) return held;
  const groups = { first: { successes: 0, n }, second: { successes: 0, n } };
  const fisher = fisherTable(groups, "less");
  const values = new Set<number>();
  for (let x = 0; x <= n; x += 1)
    for (let y = x + 1; y <= n; y += 1) {
      const p = fisher(x, y);
      if (p < tail * 4) values.add(p);
    }
  const sorted = [...values].sort((a, b) => a - b);
  let [from, to] = [-1, sorted.length - 1];
  while (from < to) {
    const middle = Math.ceil((from + to) / 2);
    const limit = sorted[middle]! * (1 + tie);
    if (largestChance(groups, (x, y) => fisher(x, y) <= limit) < tail) from = middle;
    else to = middle - 1;
  }
  const limit = from < 0 ? -1 : sorted[from]! * (1 + tie);
  const bounds = boundsBy(n, (x, y) => fisher(x, y) <= limit);
  known.set(key, bounds);
  return bounds;
}

/** A search for the number of trials asks for the same ones again. */
const known = new Map<string, readonly number[]>();

/** As Fisher's two-sided test is with equal groups, whose distribution is symmetric. */
function fisherBounds(n: number, tail: number): readonly number[] {
  const fisher = fisherTable({ first: { successes: 0, n }, second: { successes: 0, n } }, "less");
  return boundsBy(n, (x, y) => fisher(x, y) < tail);
}

/** The rejected tables of a row are those from some count on. */
function boundsBy(n: number, isRejected: (x: number, y: number) => boolean): readonly number[] {
  return Array.from({ length: n + 1 }, (_, x) => {
    let [low, high] = [x, n + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (isRejected(x, middle)) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

function binomial(n: number, share: number): readonly number[] {
  if (share <= 0 || share >= 1) return Array.from({ length: n + 1 }, (_, x) => Number(x === share * n));
  return Array.from({ length: n + 1 }, (_, x) =>
    Math.exp(logChoose(n, x) + x * Math.log(share) + (n - x) * Math.log1p(-share)),
  );
}

/** Source: Casagrande, Pike and Smith, Biometrics 34 (1978) 483-486. */
function normalPower({ from, to, n }: SharesPower, tail: number): number {
  const pooled = (from + to) / 2;
  const own = Math.sqrt((from * (1 - from) + to * (1 - to)) / n);
  const reach = normalUpperQuantile(tail) * Math.sqrt((2 * pooled * (1 - pooled)) / n);
  const gap = Math.abs(to - from) - 1 / n;
  return own === 0 ? Number(gap > reach) : normalLower((gap - reach) / own);
}

/**
 * Power of the Cochran-Mantel-Haenszel test of equal shares over cells that all have them alike: n trials a level and cell.
 *
 * @example powerSharesOverCells({ from: 0.2, to: 0.4, n: 10, cells: 8 }) // 0.79
 */
export function powerSharesOverCells(options: SharesPower & { readonly cells: number }): number {
  const { from, to, n, cells, alpha = 0.05, isOneSided = false } = options;
  assertShares(options);
  assertCount(cells, { name: "the number of cells", least: 1 });
  const trials = n * cells;
  const pooled = (from + to) / 2;
  const own = Math.sqrt((from * (1 - from) + to * (1 - to)) / trials);
  const reach =
    normalUpperQuantile(isOneSided ? alpha : alpha / 2) * Math.sqrt((2 * pooled * (1 - pooled)) / trials);
  const gap = Math.abs(to - from);
  if (own === 0) return Number(gap > reach);
  return normalLower((gap - reach) / own) + (isOneSided ? 0 : normalUpper((gap + reach) / own));
}

/**
 * Power of McNemar's mid-p test over n pairs whose outcomes are correlated.
 *
 * @param options correlation of the two outcomes of a pair (phi); 0 for pairs that share nothing.
 * @throws StatisticsRefusal for a correlation that these shares cannot have.
 * @example powerPairedShares({ from: 0.2, to: 0.4, n: 90 }) // 0.83
 */
export function powerPairedShares(options: SharesPower & { readonly correlation?: number }): number {
  const { from, to, n, alpha = 0.05, isOneSided = false, correlation = 0 } = options;
  assertShares(options);
  const both = from * to + correlation * Math.sqrt(from * (1 - from) * to * (1 - to));
  const [down, up] = [from - both, to - both];
  if (down < -1e-12 || up < -1e-12 || both < -1e-12 || both + down + up > 1 + 1e-12)
    refuse(
      "bad-option",
      `outcomes with shares ${from} and ${to} cannot have a correlation of ${correlation}`,
    );
  const differing = Math.min(1, Math.max(0, down) + Math.max(0, up));
  if (differing === 0) return 0;
  const better = Math.max(down, up) / differing;
  const tail = isOneSided ? alpha : alpha / 2;
  let power = 0;
  for (const [pairs, chance] of binomial(n, differing).entries()) {
    if (chance < 1e-12) continue;
    const bound = midPBound(pairs, tail);
    for (let x = 0; x <= bound; x += 1) {
      // The fewer pairs lie on one side, or on the other.
      power += chance * at(pairs, x, 1 - better);
      if (!isOneSided) power += chance * at(pairs, x, better);
    }
  }
  return Math.min(1, power);
}

/** The most pairs on one side with which the one-sided mid-p is below `tail`; -1 for none. */
function midPBound(pairs: number, tail: number): number {
  let below = 0;
  for (let x = 0; x <= pairs; x += 1) {
    const chance = at(pairs, x, 0.5);
    if (below + chance / 2 >= tail) return x - 1;
    below += chance;
  }
  return pairs;
}

function at(n: number, x: number, share: number): number {
  if (share <= 0) return Number(x === 0);
  if (share >= 1) return Number(x === n);
  return Math.exp(logChoose(n, x) + x * Math.log(share) + (n - x) * Math.log1p(-share));
}

function assertShares({ from, to, n, alpha = 0.05 }: SharesPower): void {
  for (const share of [from, to])
    if (!(share >= 0 && share <= 1)) refuse("bad-option", `a share is ${share}; it must lie in [0, 1]`);
  assertCount(n, { name: "n", least: 1 });
  assertOpenUnit(alpha, "alpha");
}
