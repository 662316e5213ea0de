// Two independent groups of trials that succeed or not: what every comparison of two proportions is given.
import { assertCount, assertOpenUnit, refuse } from "../refusal.ts";

/** Successes of the two groups. */
export interface TwoByTwo {
  readonly first: SuccessCount;
  readonly second: SuccessCount;
}

export interface SuccessCount {
  /** A whole number, 0 to n. */
  readonly successes: number;
  /** Trials, at least 1. */
  readonly n: number;
}

/** Refuses counts that are no counts, and more successes than trials. */
export function assertTwoByTwo({ first, second }: TwoByTwo, level = 0.95): void {
  for (const [name, { successes, n }] of Object.entries({ first, second })) {
    assertCount(n, { name: `n of the ${name} group`, least: 1 });
    assertCount(successes, { name: `the successes of the ${name} group`, least: 0 });
    if (successes > n)
      refuse(
        "bad-option",
        `the ${name} group has ${successes} successes in ${n} trials, more than there are trials`,
      );
  }
  assertOpenUnit(level, "level");
}

/** ln of the number of ways to choose k of n, for whole numbers; exact sums of logarithms up to n = 1e6. */
export function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

const factorials = [0];

/** ln n!. */
export function logFactorial(n: number): number {
  for (let next = factorials.length; next <= n; next += 1)
    factorials.push(factorials[next - 1]! + Math.log(next));
  return factorials[n]!;
}
