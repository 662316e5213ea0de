// Effect sizes from order alone: Cliff's delta, the rank-biserial correlation (both for pairs and for independent
// samples), and the common-language effect P(X > Y) + P(X = Y)/2.
import { normalUpperQuantile } from "../distribution/normal.ts";
import type { Estimate } from "../estimate.ts";
import { assertOpenUnit, assertSample, refuse } from "../refusal.ts";
import { rank } from "./ranks.ts";

/** Two samples and the level of the interval (default 0.95). */
export interface OrdinalEffectOptions {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly level?: number;
}

/**
 * Cliff's delta: P(X > Y) - P(X < Y), in [-1, 1]; equal to the rank-biserial correlation of independent samples.
 * Interval: Fisher's z with sd sqrt((m + n + 1)/(3 m n)), as in R's effectsize. At -1 or 1 it has no width.
 */
export function cliffsDelta(options: OrdinalEffectOptions): Estimate {
  const { x, y, level = 0.95 } = options;
  assertSample(x, { name: "sample x", least: 1 });
  assertSample(y, { name: "sample y", least: 1 });
  assertOpenUnit(level, "level");
  const m = x.length;
  const n = y.length;
  const { ranks } = rank([...x, ...y]);
  let sum = 0;
  for (let i = 0; i < m; i += 1) sum += ranks[i]!;
  const u = sum - (m * (m + 1)) / 2;
  const value = (2 * u - m * n) / (m * n);
  return {
    value,
    ...fisherInterval(value, { level, deviation: Math.sqrt((m + n + 1) / (3 * m * n)) }),
    level,
    method: "Cliff's delta with Fisher z interval",
    n: m + n,
  };
}

/** Common-language effect (probability of superiority): P(X > Y) + P(X = Y)/2, from Cliff's delta. */
export function probabilityOfSuperiority(options: OrdinalEffectOptions): Estimate {
  const delta = cliffsDelta(options);
  const onUnit = (value: number) => (value + 1) / 2;
  return {
    ...delta,
    value: onUnit(delta.value),
    low: onUnit(delta.low),
    high: onUnit(delta.high),
    method: "probability of superiority with Fisher z interval",
  };
}

/**
 * The matched-pairs rank-biserial correlation (Kerby 2014): favourable minus unfavourable share of the signed ranks.
 * Pairs without difference are dropped. Interval as in R's effectsize.
 */
export function rankBiserialPaired(options: OrdinalEffectOptions): Estimate {
  const { x, y, level = 0.95 } = options;
  if (x.length !== y.length)
    refuse(
      "unequal-lengths",
      `pairs need samples of one length; x has ${x.length} values and y has ${y.length}`,
    );
  assertSample(x, { name: "sample x", least: 1 });
  assertSample(y, { name: "sample y", least: 1 });
  assertOpenUnit(level, "level");
  const differences = x.map((value, i) => value - y[i]!).filter((difference) => difference !== 0);
  const n = differences.length;
  if (n === 0) refuse("no-variation", "all paired differences are zero; there is nothing to rank");
  const { ranks } = rank(differences.map(Math.abs));
  const all = (n * (n + 1)) / 2;
  // Ranks are halves of integers: their sum is exact, so that a balance is 0 and nothing exceeds 1.
  let signed = 0;
  differences.forEach((difference, i) => {
    signed += Math.sign(difference) * ranks[i]!;
  });
  const value = signed / all;
  const deviation = Math.sqrt((2 * n ** 3 + 3 * n ** 2 + n) / 6) / all;
  return {
    value,
    ...fisherInterval(value, { level, deviation }),
    level,
    method: "matched-pairs rank-biserial correlation with Fisher z interval",
    n: x.length,
  };
}

function fisherInterval(
  value: number,
  options: { level: number; deviation: number },
): { low: number; high: number } {
  if (Math.abs(value) >= 1) return { low: value, high: value };
  const reach = normalUpperQuantile((1 - options.level) / 2) * options.deviation;
  return { low: Math.tanh(Math.atanh(value) - reach), high: Math.tanh(Math.atanh(value) + reach) };
}
