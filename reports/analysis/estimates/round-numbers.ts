// Round numbers along an axis: multiples of 1, 2 or 5 times a power of ten, as many as fit, and none where doubles hardly tell its ends
// apart.

interface Ends {
  readonly low: number;
  readonly high: number;
}

/** The multiples of a round step that lie on an axis. */
export interface RoundNumbers {
  readonly values: readonly number[];
  readonly step: number;
  /** Decimals that the step takes. */
  readonly decimals: number;
}

/** Below this the next double is too far away for a step to be 1, 2 or 5 times a power of ten. */
const smallest = 1e-300;

/**
 * The smallest of 1, 2 and 5 times a power of ten that is not below `least`, up to rounding; null below 1e-300.
 *
 * @example roundStep(0.3)  // 0.5
 */
export function roundStep(least: number): number | null {
  if (!(least >= smallest)) return null;
  const power = 10 ** Math.floor(Math.log10(least));
  return (
    [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least * (1 - 1e-9)) ?? 10 * power
  );
}

/**
 * Round numbers from `low` to `high`, at most `steps` steps; null where doubles hardly tell the ends apart.
 *
 * @example roundNumbers({ low: 0, high: 1 }, 4)?.values  // [0, 0.5, 1]
 */
export function roundNumbers({ low, high }: Ends, steps: number): RoundNumbers | null {
  const step = roundStep((high - low) / steps);
  if (step === null || step < 1e-9 * Math.max(Math.abs(low), Math.abs(high))) return null;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    // Without what rounding leaves of 0.1 + 0.2, and without -0.
    Number(((first + i) * step + 0).toPrecision(12)),
  );
  return { values, step, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

/** 1, 2 and 5 times the powers of ten that lie from `low` to `high`; both are above 0. */
export function roundPowers({ low, high }: Ends): readonly number[] {
  const powers: number[] = [];
  const end = Math.ceil(Math.log10(Math.min(high, 1 / smallest)));
  for (let power = Math.floor(Math.log10(Math.max(low, smallest))); power <= end; power += 1)
    for (const factor of [1, 2, 5]) powers.push(Number((factor * 10 ** power).toPrecision(1)));
  return powers.filter((value) => value >= low && value <= high);
}
