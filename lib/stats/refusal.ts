// The one way a statistic says no: a StatisticsRefusal is thrown, in words a report can print as they stand.
// Callers that want a value instead of a throw wrap the call in orRefusal().

/** Why a statistic was not computed. `code` is for programs, `message` for readers. */
export type RefusalCode =
  | "too-few"
  | "non-finite"
  | "no-variation"
  | "unequal-lengths"
  | "bad-option"
  | "unbalanced"
  | "empty-cell"
  | "not-estimable"
  | "too-large";

/**
 * Thrown by every function of `labwright/stats` whose input has no honest answer (n < 2, zero variance, all tied,
 * a value that is not finite, an option out of range). Nothing returns NaN instead.
 *
 * @example
 * try { welch({ x: [1, 1], y: [1, 1] }); } catch (error) {
 *   if (error instanceof StatisticsRefusal) console.log(error.message);
 * }
 */
export class StatisticsRefusal extends Error {
  override readonly name = "StatisticsRefusal";
  readonly code: RefusalCode;
  constructor(code: RefusalCode, message: string) {
    super(message);
    this.code = code;
  }
}

/** A refusal as a plain record, for a report. */
export interface Refused {
  readonly kind: "refused";
  readonly code: RefusalCode;
  readonly reason: string;
}

/** Throws a refusal with the given words. */
export function refuse(code: RefusalCode, message: string): never {
  throw new StatisticsRefusal(code, message);
}

/** Runs a statistic and gives its value, or the refusal as a record; any other error passes through. */
export function orRefusal<T>(compute: () => T): T | Refused {
  try {
    return compute();
  } catch (error) {
    if (error instanceof StatisticsRefusal)
      return { kind: "refused", code: error.code, reason: error.message };
    throw error;
  }
}

/** Whether the outcome of orRefusal() is a refusal. */
export function isRefused(value: unknown): value is Refused {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "refused";
}

/** Refuses samples that are too short or hold a value that is not a finite number. */
export function assertSample(values: ArrayLike<number>, options: { name: string; least: number }): void {
  if (values.length < options.least)
    refuse(
      "too-few",
      `${options.name} has n = ${values.length}; at least ${options.least} ${options.least === 1 ? "value is" : "values are"} needed`,
    );
  for (let i = 0; i < values.length; i += 1)
    if (!Number.isFinite(values[i]))
      refuse("non-finite", `${options.name} holds ${values[i]} at position ${i}; every value must be finite`);
}

/** Refuses a probability-like option outside the open interval (0, 1). */
export function assertOpenUnit(value: number, name: string): void {
  if (!(value > 0 && value < 1))
    refuse("bad-option", `${name} is ${value}; it must lie between 0 and 1, both excluded`);
}

/** Refuses a count that is not a whole number of at least `least`. */
export function assertCount(value: number, options: { name: string; least: number }): void {
  if (!Number.isInteger(value) || value < options.least)
    refuse(
      "bad-option",
      `${options.name} is ${value}; it must be a whole number of at least ${options.least}`,
    );
}
