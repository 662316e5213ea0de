// An interval of the mean of values in a declared range, which holds at any n for any distribution in the range: betting against each
// candidate mean.
import type { Estimate } from "./estimate.ts";
import { meanOf } from "./moments.ts";
import { assertOpenUnit, assertSample, refuse } from "./refusal.ts";

/** The share of what could be lost on one value that is staked at most. */
const truncation = 0.75;

/**
 * The mean of values in [least, most] with an interval by betting: a candidate mean is out once a gambler who bets that the mean lies on
 * its other side has multiplied the stake by 2/alpha. Bets are decided by the values before; the order of the values counts.
 *
 * Source: Waudby-Smith and Ramdas, JRSS B 86 (2024) 1-27, section 4.2: the capital process with predictable plug-in bets for a fixed n,
 * each side at alpha/2 by itself.
 *
 * @param values at least one number, all in the range, in an order that was fixed before they were seen
 * @throws StatisticsRefusal when a value lies outside the range
 * @example boundedMeanInterval([0, 0, 0, 0, 0], { range: [0, 1] }).high
 */
export function boundedMeanInterval(
  values: ArrayLike<number>,
  options: { readonly range: readonly [number, number]; readonly level?: number },
): Estimate {
  const { range, level = 0.95 } = options;
  assertSample(values, { name: "the sample", least: 1 });
  assertOpenUnit(level, "level");
  const [least, most] = range;
  if (!(least < most && Number.isFinite(most - least)))
    refuse(
      "bad-option",
      `the range is [${least}, ${most}]; it must be finite, its low end below its high end`,
    );
  const unit = Float64Array.from(values, (value, i) => {
    if (value < least || value > most)
      refuse("bad-option", `value ${value} at position ${i} lies outside the range [${least}, ${most}]`);
    return (value - least) / (most - least);
  });
  const goal = Math.log(2 / (1 - level));
  const bets = betsOf(unit, goal);
  const mirrored = unit.map((value) => 1 - value);
  const mean = meanOf(values);
  return {
    value: mean,
    low: Math.min(mean, least + (most - least) * lowerEnd(unit, { bets, goal })),
    high: Math.max(mean, most - (most - least) * lowerEnd(mirrored, { bets, goal })),
    level,
    method: `betting interval for values in [${least}, ${most}]`,
    n: values.length,
  };
}

/** sqrt(2 log(2/alpha) / (n variance of the values before)), with half a value of prior at 1/2 and variance 1/4. */
function betsOf(unit: Float64Array, goal: number): Float64Array {
  const n = unit.length;
  let sum = 0;
  let squares = 0;
  let variance = 0.25;
  return unit.map((value, i) => {
    const bet = Math.sqrt((2 * goal) / (n * variance));
    sum += value;
    const mean = (0.5 + sum) / (i + 2);
    squares += (value - mean) ** 2;
    variance = (0.25 + squares) / (i + 2);
    return bet;
  });
}

/** The smallest mean that betting on a larger one does not rule out; the capital falls as the candidate rises. */
function lowerEnd(unit: Float64Array, of: { readonly bets: Float64Array; readonly goal: number }): number {
  let out = 0;
  let inside = 1;
  for (let step = 0; step < 50; step += 1) {
    const candidate = (out + inside) / 2;
    if (isRuledOut(candidate, unit, of)) out = candidate;
    else inside = candidate;
  }
  return out;
}

function isRuledOut(
  candidate: number,
  unit: Float64Array,
  { bets, goal }: { readonly bets: Float64Array; readonly goal: number },
): boolean {
  let capital = 0;
  for (let i = 0; i < unit.length; i += 1) {
    capital += Math.log1p(Math.min(bets[i]!, truncation / candidate) * (unit[i]! - candidate));
    if (capital >= goal) return true;
  }
  return false;
}
