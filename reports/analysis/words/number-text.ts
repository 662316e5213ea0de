// Numbers as a reader sees them: as many decimals as the uncertainty deserves, a true minus sign, and a p value that is never 0.
// Files for machines (csv, json, parquet) do not pass through here; they keep full precision.

/** Decimals that leave two significant digits of `uncertainty`; 0 to 12. A zero or missing uncertainty gives null. */
export function decimalsFor(uncertainty: number | null): number | null {
  if (uncertainty === null || !Number.isFinite(uncertainty) || uncertainty <= 0) return null;
  const digits = 1 - Math.floor(Math.log10(uncertainty));
  return Math.min(12, Math.max(0, digits));
}

/**
 * A number for reading. With `decimals` exactly so many; without, four significant digits, integers whole to 10^15.
 *
 * @example numberText(-0.61234, 2)  // "−0.61"
 * @example numberText(1234567)  // "1,234,567"
 */
export function numberText(value: number | null, decimals: number | null = null): string {
  if (value === null) return "–";
  if (!Number.isFinite(value))
    throw new RangeError(`numberText was handed ${value}; say it in words instead.`);
  const size = Math.abs(value);
  const isVast = size >= 1e15 || (size > 0 && size < 1e-6 && (decimals === null || decimals > 9));
  if (isVast) return value.toExponential(2).replace("e", " × 10^").replace("+", "").replaceAll("-", "−");
  const text =
    decimals !== null
      ? size.toFixed(decimals)
      : Number.isInteger(value)
        ? size.toFixed(0)
        : significant(size);
  const [whole = "", fraction] = text.split(".");
  const grouped = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  const isNegative = value < 0 && /[1-9]/.test(text);
  return `${isNegative ? "−" : ""}${grouped}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** With a sign even when positive: "+0.61". */
export function signedText(value: number, decimals: number | null = null): string {
  const text = numberText(value, decimals);
  return value > 0 && !text.startsWith("−") ? `+${text}` : text;
}

/** "[0.57, 0.65]"; on the side where a one-sided interval has no end "[0.57, ∞)". */
export function intervalText(
  interval: { readonly low: number; readonly high: number; readonly openEnd?: "low" | "high" },
  decimals: number | null = null,
): string {
  const digits = decimals ?? decimalsFor((interval.high - interval.low) / 2);
  const low = interval.openEnd === "low" ? "(−∞" : `[${numberText(interval.low, digits)}`;
  const high = interval.openEnd === "high" ? "∞)" : `${numberText(interval.high, digits)}]`;
  return `${low}, ${high}`;
}

/**
 * "p = 0.031", "p = 0.00012", "p < 1e-15": three decimals above 0.001, two significant digits below, never 0.
 *
 * @param p in [0, 1].
 */
export function pText(p: number): string {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`A p value lies in [0, 1], not at ${p}.`);
  if (p < 1e-15) return "p < 1e-15";
  if (p < 1e-4) return `p = ${p.toExponential(1)}`;
  if (p < 0.001) return `p = ${p.toPrecision(2)}`;
  return p > 0.9995 ? "p > 0.999" : `p = ${p.toFixed(3)}`;
}

function significant(size: number): string {
  const text = size.toPrecision(4);
  return text.includes("e")
    ? Number(text).toFixed(0)
    : text.includes(".")
      ? text.replace(/\.?0+$/, "")
      : text;
}
