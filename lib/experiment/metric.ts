// metric: what a trial measures, one value a trial. Its type is what the trial must return under that name; the rest tells the
// statistics what the number means.
import { type CallSite, callSiteOf } from "./call-site.ts";
import type { MetricSpec } from "./definition.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";

declare const types: unique symbol;

/** A declared metric; T is what the trial returns for it. */
export interface Metric<T> {
  readonly kind: "labwright/metric";
  readonly spec: MetricSpec;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
  readonly [types]?: T;
}

export interface MetricOptions {
  /** In words, for axes and sentences: "periods", "share of the gap to monopoly". */
  readonly unit?: string;
  /** One sentence for the report. */
  readonly description?: string;
  /** Which way is better. */
  readonly direction?: "maximize" | "minimize";
  /** True: null is a proper value of this metric. Otherwise a trial that returns null, NaN or nothing for it has failed. */
  readonly optional?: boolean;
}

export interface NumberOptions extends MetricOptions {
  /** Smallest and largest possible value; `Infinity` leaves an end open. Values outside fail the trial. */
  readonly range?: readonly [low: number, high: number];
}

type Value<T, O> = O extends { readonly optional: true } ? T | null : T;

/** A real number, finite. */
function number<const O extends NumberOptions = Record<never, never>>(options?: O): Metric<Value<number, O>> {
  return metricOf("number", options ?? {}, callSiteOf(number));
}

/** A whole number between -(2^53-1) and 2^53-1. */
function integer<const O extends NumberOptions = Record<never, never>>(
  options?: O,
): Metric<Value<number, O>> {
  return metricOf("integer", options ?? {}, callSiteOf(integer));
}

/** Yes or no; analysed as a proportion. */
function boolean<const O extends MetricOptions = Record<never, never>>(
  options?: O,
): Metric<Value<boolean, O>> {
  return metricOf("boolean", options ?? {}, callSiteOf(boolean));
}

/** One of a few names: `metric.category(["cooperate", "defect"])`. */
function category<const C extends readonly string[], const O extends MetricOptions = Record<never, never>>(
  categories: C,
  options?: O,
): Metric<Value<C[number], O>> {
  return metricOf("category", { ...options, categories }, callSiteOf(category));
}

/** Declares a metric by its type: `metric.number({ unit: "share", range: [0, 1], direction: "maximize" })`. */
export const metric = { number, integer, boolean, category };

interface AnyOptions extends NumberOptions {
  readonly categories?: readonly string[];
}

function metricOf<T>(type: MetricSpec["type"], options: AnyOptions, site: CallSite | null): Metric<T> {
  const { unit, description, direction, optional, range, categories } = options;
  const problem = (found: string, expected: string): DefinitionProblem =>
    problemOf({ code: "bad-metric", subject: "metric", found, expected, site });
  const problems: DefinitionProblem[] = [];
  if (range !== undefined && !(range.length === 2 && range[0] < range[1])) {
    problems.push(problem(`range [${range.join(", ")}]`, "[low, high], the lower first"));
  }
  if (direction !== undefined && direction !== "maximize" && direction !== "minimize") {
    problems.push(problem(`direction ${JSON.stringify(direction)}`, '"maximize" or "minimize"'));
  }
  if (categories !== undefined && new Set(categories).size !== categories.length) {
    problems.push(problem(`categories ${JSON.stringify(categories)}`, "each name once"));
  }
  if (categories !== undefined && categories.length < 2) {
    problems.push(problem(`categories ${JSON.stringify(categories)}`, "at least two names"));
  }
  const spec: MetricSpec = {
    type,
    unit: unit ?? null,
    range: range === undefined ? null : [openEnd(range[0]), openEnd(range[1])],
    direction: direction ?? null,
    optional: optional ?? false,
    categories: categories ?? null,
    description: description ?? null,
  };
  return { kind: "labwright/metric", spec, problems, site };
}

function openEnd(bound: number): number | null {
  return Number.isFinite(bound) ? bound : null;
}
