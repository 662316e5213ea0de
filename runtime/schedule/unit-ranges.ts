// Unit numbers as ascending pairs of first and count: a lease of ten thousand neighbours is two numbers.
// These functions never list the units of a long range unless asked to.

/** Pairs of first unit and count, ascending, not touching. */
export type UnitRanges = readonly (readonly [first: number, count: number])[];

/** How many units the ranges hold. */
export function countOf(ranges: UnitRanges): number {
  let count = 0;
  for (const range of ranges) count += range[1];
  return count;
}

/** The units themselves, ascending. */
export function* unitsOf(ranges: UnitRanges): Generator<number> {
  for (const [first, count] of ranges) for (let i = 0; i < count; i++) yield first + i;
}

/** The range that a unit lies in. */
export function rangeOf(ranges: UnitRanges, unit: number): UnitRanges[number] | undefined {
  return ranges.find(([first, count]) => unit >= first && unit < first + count);
}

/** The first `count` units, and the rest. */
export function splitAt(ranges: UnitRanges, count: number): readonly [UnitRanges, UnitRanges] {
  const head: [number, number][] = [];
  const tail: [number, number][] = [];
  let left = count;
  for (const [first, size] of ranges) {
    const taken = Math.min(size, left);
    if (taken > 0) head.push([first, taken]);
    if (taken < size) tail.push([first + taken, size - taken]);
    left -= taken;
  }
  return [head, tail];
}
