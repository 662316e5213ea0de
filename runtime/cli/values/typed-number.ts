// A number as typed. A double holds 17 digits: a number that would be changed by becoming one is not taken for it.

/** Decimal notation without leading zeros: 7, -0.5, .5, 1e-3, +2. */
const numberForm = /^[+-]?(?:(?:0|[1-9]\d*)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

export type TypedNumber =
  | { readonly kind: "number"; readonly value: number }
  /** Not written as a number. */
  | { readonly kind: "none" }
  /** `kept` is what a double would make of it. */
  | { readonly kind: "loses"; readonly kept: number };

/** @example typedNumber("0.5") // { kind: "number", value: 0.5 } */
export function typedNumber(text: string): TypedNumber {
  if (!numberForm.test(text)) return { kind: "none" };
  const value = Number(text);
  if (!Number.isFinite(value) || shortest(text) !== shortest(String(value)))
    return { kind: "loses", kept: value };
  return { kind: "number", value: value === 0 ? 0 : value };
}

/** Numbers of a JSON text that a double would change, as they stand there. */
export function losingNumbers(json: string): readonly string[] {
  return [...json.matchAll(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g)]
    .map(([part]) => part)
    .filter((part) => !part.startsWith('"') && typedNumber(part).kind === "loses");
}

/** Sign, digits and exponent, the same for all ways to write one number. */
function shortest(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().split("e");
  const [, sign = "", whole = "", fraction = ""] = /^([+-]?)(\d*)\.?(\d*)$/.exec(mantissa) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  if (kept === "") return "0";
  const power = Number(exponent) - fraction.length + (digits.length - kept.length);
  return `${sign === "-" ? "-" : ""}${kept}e${power}`;
}
