// Whether what a trial returned is a value for every declared metric, and its stored form. A value that cannot stand is a failure
// in words, never a silent NaN.
import type { MetricSpec } from "../../../../lib/experiment/definition.ts";
import { metricCodeOf } from "../../../record/metric-coding.ts";

export type MetricSpecs = Readonly<Record<string, MetricSpec>>;

/** The metrics of an experiment in column order. */
export interface MetricCheck {
  readonly names: readonly string[];
  readonly specs: readonly MetricSpec[];
}

export function metricCheckOf(specs: MetricSpecs): MetricCheck {
  return { names: Object.keys(specs), specs: Object.values(specs) };
}

export const whole = { isPartial: false } as const;
export const partial = { isPartial: true } as const;

/**
 * Writes the stored doubles of `returned` to `codes`, one a metric, NaN where missing. Returns null, or what is wrong in words.
 * With `isPartial` (a censored trial) a metric may be absent.
 */
export function checkMetrics(
  check: MetricCheck,
  returned: unknown,
  codes: Float64Array,
  options: { readonly isPartial: boolean },
): string | null {
  if (typeof returned !== "object" || returned === null || Array.isArray(returned))
    return `the trial returned ${nameOf(returned)}; expected an object with ${listOf(check.names)}`;
  const { names, specs } = check;
  let present = 0;
  for (let column = 0; column < names.length; column++) {
    const name = names[column]!;
    // A symbol-free read of a plain object; what is there is checked next.
    const value = (returned as Readonly<Record<string, unknown>>)[name];
    if (value !== undefined) present += 1;
    const spec = specs[column]!;
    if (
      spec.type === "number" &&
      typeof value === "number" &&
      Number.isFinite(value) &&
      spec.range === null
    ) {
      codes[column] = value;
      continue;
    }
    if (value === undefined && options.isPartial) {
      codes[column] = Number.NaN;
      continue;
    }
    const problem = checkMetric(name, spec, value, codes, column);
    if (problem !== null) return problem;
  }
  let keys = 0;
  for (const _ in returned) keys += 1;
  return present < keys ? undeclaredIn(returned, names) : null;
}

function checkMetric(
  name: string,
  spec: MetricSpec,
  value: unknown,
  codes: Float64Array,
  column: number,
): string | null {
  if (value === null || value === undefined || (typeof value === "number" && !Number.isFinite(value))) {
    codes[column] = Number.NaN;
    if (spec.optional) return null;
    const found = value === undefined ? "is missing" : `is ${String(value)}`;
    return `metric \`${name}\` ${found}; expected ${expectedOf(spec)} (declare it optional if it may be missing)`;
  }
  if (!isOfType(spec, value)) return `metric \`${name}\` is ${nameOf(value)}; expected ${expectedOf(spec)}`;
  if (typeof value === "number" && spec.range !== null) {
    const [low, high] = spec.range;
    if ((low !== null && value < low) || (high !== null && value > high))
      return `metric \`${name}\` is ${value}; expected ${expectedOf(spec)}`;
  }
  // `isOfType` has just established that the value is one the coding knows.
  codes[column] = metricCodeOf(value as number | boolean | string, spec);
  return null;
}

function isOfType(spec: MetricSpec, value: unknown): boolean {
  switch (spec.type) {
    case "number":
      return typeof value === "number";
    case "integer":
      return Number.isSafeInteger(value);
    case "boolean":
      return typeof value === "boolean";
    case "category":
      return typeof value === "string" && (spec.categories ?? []).includes(value);
  }
}

function expectedOf(spec: MetricSpec): string {
  if (spec.type === "category")
    return `one of ${(spec.categories ?? []).map((each) => `"${each}"`).join(", ")}`;
  if (spec.type === "boolean") return "true or false";
  const noun = spec.type === "integer" ? "a whole number" : "a finite number";
  const [low, high] = spec.range ?? [null, null];
  if (low !== null && high !== null) return `${noun} from ${low} to ${high}`;
  if (low !== null) return `${noun} of at least ${low}`;
  return high === null ? noun : `${noun} of at most ${high}`;
}

function undeclaredIn(returned: object, names: readonly string[]): string | null {
  const extra = Object.keys(returned).find(
    (key) => !names.includes(key) && Reflect.get(returned, key) !== undefined,
  );
  return extra === undefined
    ? null
    : `the trial returned \`${extra}\`, which is not a declared metric; the metrics are ${listOf(names)}`;
}

const listOf = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(", ");

/** What a value is, in words. */
export function nameOf(value: unknown): string {
  if (typeof value === "string")
    return `the text "${value.length > 40 ? `${value.slice(0, 40)}...` : value}"`;
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function";
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
