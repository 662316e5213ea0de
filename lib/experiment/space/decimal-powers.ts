// Logarithms and powers of ten to fifty digits, in whole numbers: what levels at equal ratios are made of. Doubles are two or three
// units off in the last place where a decade should be, and overflow where the ratio of the ends does.
import type { Decimal } from "./exact-decimal.ts";

/** Fixed point: a value is a whole number of 2^-192, which is 57 decimals. */
const bits = 192n;
const one = 1n << bits;

/** Digits kept of a power of ten. */
const powerDigits = 50n;

/** Times that an argument is halved before its exponential is summed, and the sum squared after. */
const halvings = 10n;

/** The common logarithm of a decimal above 0, in units of 2^-192. Exact for powers of ten. */
export function log10Of({ digits, exponent }: Decimal): bigint {
  const places = String(digits).length - 1;
  const power = 10n ** BigInt(places);
  const mantissa = digits === power ? 0n : (ln((digits << bits) / power) << bits) / ln(10n << bits);
  return mantissa + (BigInt(exponent + places) << bits);
}

/** Ten to a power given in units of 2^-192. Exact for whole powers. */
export function powerOf10(power: bigint): Decimal {
  const whole = power >> bits;
  const fraction = power - (whole << bits);
  const digits = (exponential((fraction * ln(10n << bits)) >> bits) * 10n ** powerDigits) >> bits;
  return { digits, exponent: Number(whole - powerDigits) };
}

const logarithms = new Map<bigint, bigint>();

/** The natural logarithm of a value of at least 1: halved until it is below 2, then by the inverse hyperbolic tangent. */
function ln(value: bigint): bigint {
  const known = logarithms.get(value);
  if (known !== undefined) return known;
  let twos = 0n;
  let rest = value;
  for (; rest >= 2n * one; twos += 1n) rest >>= 1n;
  const result = twos * twiceArtanh(one / 3n) + twiceArtanh(((rest - one) << bits) / (rest + one));
  if (value === 10n << bits) logarithms.set(value, result);
  return result;
}

/** 2 (z + z^3/3 + z^5/5 + ...), which is ln((1 + z) / (1 - z)); z is at most 1/3. */
function twiceArtanh(z: bigint): bigint {
  const square = (z * z) >> bits;
  let sum = 0n;
  let term = z;
  for (let k = 1n; term !== 0n; k += 2n) {
    sum += term / k;
    term = (term * square) >> bits;
  }
  return 2n * sum;
}

/** e to a power from 0 to 3. */
function exponential(power: bigint): bigint {
  const small = power >> halvings;
  let sum = one;
  let term = one;
  for (let k = 1n; term !== 0n; k += 1n) {
    term = ((term * small) >> bits) / k;
    sum += term;
  }
  for (let k = 0n; k < halvings; k += 1n) sum = (sum * sum) >> bits;
  return sum;
}
