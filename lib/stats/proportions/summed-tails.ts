// The distribution of a sum of independent whole numbers, each times a step of its own, as exact tests over strata and pairs need it.

/** One part: its probabilities at low, low + 1, ..., by how much a unit of it moves the sum, and what was seen. */
export interface SumPart {
  readonly step: number;
  readonly low: number;
  readonly chances: readonly number[];
  readonly seen: number;
}

export interface SumTails {
  /** P(sum <= seen). */
  readonly lower: number;
  /** P(sum >= seen). */
  readonly upper: number;
  /** P(sum = seen). */
  readonly at: number;
}

/** Steps are told apart down to this share of the largest. */
const resolution = 1e-9;

/** Null where the sum takes more than `supportMax` values. */
export function summedTails(parts: readonly SumPart[], supportMax: number): SumTails | null {
  const unit = parts.reduce((most, { step }) => Math.max(most, Math.abs(step)), 0) * resolution;
  if (unit === 0) return { lower: 1, upper: 1, at: 1 };
  let sums = new Map<number, number>([[0, 1]]);
  let seen = 0;
  // Steps such as 1/3 are off by half a unit for each whole number.
  let slack = 0;
  for (const part of parts) {
    const whole = Math.round(part.step / unit);
    seen += whole * part.seen;
    slack += part.low + part.chances.length;
    const next = new Map<number, number>();
    for (const [index, chance] of part.chances.entries()) {
      const move = whole * (part.low + index);
      for (const [sum, p] of sums) next.set(sum + move, (next.get(sum + move) ?? 0) + p * chance);
    }
    if (next.size > supportMax) return null;
    sums = next;
  }
  let [below, at, above] = [0, 0, 0];
  for (const [sum, p] of sums) {
    if (sum < seen - slack) below += p;
    else if (sum > seen + slack) above += p;
    else at += p;
  }
  return { lower: Math.min(1, below + at), upper: Math.min(1, above + at), at };
}
