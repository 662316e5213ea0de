// Numbers as the decimals people write, with as many digits as a question needs. A double is taken for its shortest text: 0.1 is one
// tenth and not the binary fraction next to it. Levels that rules make are computed here and become doubles once, at the end.

/** `digits` times ten to `exponent`, exactly. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** Significant digits that a computed value has at least: far more than any double, so that what looks like a short decimal is one. */
const precision = 40;

/** The shortest decimal that reads back as `value`, a finite number. */
export function decimalOf(value: number): Decimal {
  const [mantissa = "0", exponent = "0"] = String(value).split("e");
  const [whole = "0", fraction = ""] = mantissa.split(".");
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length };
}

/** The nearest double. */
export function doubleOf({ digits, exponent }: Decimal): number {
  return digits === 0n ? 0 : Number(`${digits}e${exponent}`);
}

/** `start + (stop - start) * position / steps`, to at least 40 digits. */
export function between(ends: readonly [Decimal, Decimal], position: number, steps: number): Decimal {
  const exponent = Math.min(ends[0].exponent, ends[1].exponent);
  const [start, stop] = ends.map((end) => shifted(end, exponent)) as [bigint, bigint];
  const numerator = start * BigInt(steps - position) + stop * BigInt(position);
  const added = precision + String(steps).length;
  return {
    digits: (numerator * 10n ** BigInt(added)) / BigInt(steps),
    exponent: exponent - added,
  };
}

/** `start + step * position`, exactly. */
export function stepped(start: Decimal, step: Decimal, position: number): Decimal {
  const exponent = Math.min(start.exponent, step.exponent);
  return { digits: shifted(start, exponent) + shifted(step, exponent) * BigInt(position), exponent };
}

function shifted({ digits, exponent }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}

/** The decimal with at most `decimals` digits after the point that `value` is, within what was computed of it; null when it is none. */
export function asShort(value: Decimal, decimals: number): Decimal | null {
  const dropped = -decimals - value.exponent;
  if (dropped <= 0) return value;
  const short = dividedToNearest(value.digits, 10n ** BigInt(dropped));
  const error = magnitude(value.digits - short * 10n ** BigInt(dropped));
  const isSame = error * 10n ** BigInt(precision - 10) <= magnitude(value.digits);
  return isSame ? { digits: short, exponent: -decimals } : null;
}

/** The nearest decimal of `count` significant digits. */
export function toSignificant(value: Decimal, count: number): Decimal {
  const dropped = String(magnitude(value.digits)).length - count;
  if (dropped <= 0) return value;
  return {
    digits: dividedToNearest(value.digits, 10n ** BigInt(dropped)),
    exponent: value.exponent + dropped,
  };
}

function dividedToNearest(dividend: bigint, divisor: bigint): bigint {
  const rounded = (2n * magnitude(dividend) + divisor) / (2n * divisor);
  return dividend < 0n ? -rounded : rounded;
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}
