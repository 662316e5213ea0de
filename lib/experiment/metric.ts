// metric: what a trial measures, one value a trial. Its type is what the trial must return under that name; the rest tells the
// statistics what the number means.
import { type CallSite, callSiteOf } from "./call-site.ts";
import type { MetricSpec } from "./definition.ts";
import {
  flag,
  listOf,
  number as numberShape,
  oneOf,
  optionProblems,
  readOptions,
  required,
  type Shape,
  shownValue,
  text,
} from "./option-shapes.ts";
import { type DefinitionProblem, problemOf } from "./problem.ts";
import type { Simplify } from "./space/condition-space.ts";

declare const types: unique symbol;

/** A declared metric; T is what the trial returns for it. */
export interface Metric<T> {
  readonly kind: "labwright/metric";
  readonly spec: MetricSpec;
  readonly problems: readonly DefinitionProblem[];
  readonly site: CallSite | null;
  readonly [types]?: T;
}

export interface Metrics {
  readonly [name: string]: Metric<unknown>;
}

/** What a trial returns: a value for every metric. */
export type ValuesOf<M> = Simplify<{ readonly [K in keyof M]: M[K] extends Metric<infer T> ? T : never }>;

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

export interface CountOptions extends MetricOptions {
  /** The metric or parameter that the events were counted over, a number above 0 in every trial: "steps", "hours". One trial unless told. */
  readonly exposure?: string;
}

export interface EstimateOptions extends NumberOptions {
  /** What is estimated: a number, or the name of the parameter that holds it. */
  readonly truth: number | string;
  /** The metric that is the method's own standard error in the same trial; with it coverage and power are reported. */
  readonly standardError?: string;
  /** The value that a test of the estimate would reject; 0 unless told. */
  readonly null?: number;
}

type Value<T, O> = O extends { readonly optional: true } ? T | null : T;

/** A real number, finite. */
function number<const O extends NumberOptions = Record<never, never>>(options?: O): Metric<Value<number, O>> {
  return metricOf("number", options, callSiteOf(number));
}

/** A whole number between -(2^53-1) and 2^53-1. */
function integer<const O extends NumberOptions = Record<never, never>>(
  options?: O,
): Metric<Value<number, O>> {
  return metricOf("integer", options, callSiteOf(integer));
}

/**
 * How many events there were, from 0 up; analysed as a rate per trial, or per unit of `exposure`.
 *
 * @example metrics: { collisions: metric.count({ exposure: "steps" }), steps: metric.integer() }
 */
function count<const O extends CountOptions = Record<never, never>>(options?: O): Metric<Value<number, O>> {
  return metricOf("integer", options, callSiteOf(count), { isCount: true });
}

/**
 * What a method under study estimated in a simulated data set, whose truth is known: the report has its bias, error, coverage and power in each
 * condition, each with its Monte Carlo standard error. Otherwise a number like any other.
 *
 * @example metrics: { slope: metric.estimate({ truth: "effect", standardError: "se" }), se: metric.number() }
 */
function estimate<const O extends EstimateOptions>(options: O): Metric<Value<number, O>> {
  return metricOf("number", options, callSiteOf(estimate), { isEstimate: true });
}

/** Yes or no; analysed as a proportion. */
function boolean<const O extends MetricOptions = Record<never, never>>(
  options?: O,
): Metric<Value<boolean, O>> {
  return metricOf("boolean", options, callSiteOf(boolean));
}

/** One of a few names: `metric.category(["cooperate", "defect"])`. */
function category<const C extends readonly string[], const O extends MetricOptions = Record<never, never>>(
  categories: C,
  options?: O,
): Metric<Value<C[number], O>> {
  return metricOf("category", options, callSiteOf(category), { categories });
}

/** Declares a metric by its type: `metric.number({ unit: "share", range: [0, 1], direction: "maximize" })`. */
export const metric = { number, integer, count, estimate, boolean, category };

const shapes = {
  unit: text('text, such as "periods"'),
  description: text("text"),
  direction: oneOf("maximize", "minimize"),
  optional: flag(),
} satisfies Record<keyof MetricOptions, Shape>;

const rangeShape: Shape = {
  expected: "[low, high], the lower first",
  fits: (value) =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((end) => typeof end === "number") &&
    Number(value[0]) < Number(value[1]),
};

const truthShape: Shape = required({
  expected: 'a number, or the name of the parameter that holds the truth, such as truth: "effect"',
  fits: (value) => (typeof value === "string" && value !== "") || Number.isFinite(value),
});

const categoriesShape: Shape = listOf(
  'a list of at least two names, each once, such as ["a", "b"]',
  (name) => typeof name === "string",
);

const estimateShapes = {
  truth: truthShape,
  standardError: text('the name of a metric, such as "se"'),
  null: numberShape("a number"),
};

function metricOf<T>(
  type: MetricSpec["type"],
  given: unknown,
  site: CallSite | null,
  more: { readonly categories?: unknown; readonly isCount?: boolean; readonly isEstimate?: boolean } = {},
): Metric<T> {
  const { categories, isCount = false, isEstimate = false } = more;
  const hasRange = (type === "number" || type === "integer") && !isCount;
  const allowed: Readonly<Record<string, Shape>> = isCount
    ? { ...shapes, exposure: text('the name of a metric or parameter, such as "steps"') }
    : hasRange
      ? { ...shapes, range: rangeShape, ...(isEstimate && estimateShapes) }
      : shapes;
  const { options, misfits } = readOptions<Readonly<Record<string, unknown>>>(given ?? {}, allowed);
  // What was kept fits the shapes, which say what these types say.
  const { unit, description, direction, optional, range, exposure, ...known } =
    options as Partial<EstimateOptions> & CountOptions;
  const problems = [...optionProblems(misfits, { code: "bad-metric", subject: "metric" })];
  const names = type === "category" ? readCategories(categories) : null;
  if (names?.problem) problems.push(names.problem);
  const spec: MetricSpec = {
    type,
    unit: unit ?? null,
    range: isCount ? [0, null] : range === undefined ? null : [openEnd(range[0]), openEnd(range[1])],
    direction: direction ?? null,
    optional: optional ?? false,
    categories: names?.categories ?? null,
    description: description ?? null,
    ...(isCount && { count: { exposure: exposure ?? null } }),
    ...(isEstimate && {
      estimate: {
        truth: known.truth ?? 0,
        standardError: known.standardError ?? null,
        null: known.null ?? 0,
      },
    }),
  };
  return {
    kind: "labwright/metric",
    spec,
    problems: problems.map((problem) => ({ ...problem, site })),
    site,
  };
}

function readCategories(given: unknown): {
  readonly categories: readonly string[];
  readonly problem: DefinitionProblem | null;
} {
  const { expected, fits } = categoriesShape;
  const names: readonly string[] = fits(given) && Array.isArray(given) ? given : [];
  if (names.length >= 2 && new Set(names).size === names.length) return { categories: names, problem: null };
  const found = `categories ${shownValue(given)}`;
  const problem = problemOf({ code: "bad-metric", subject: "metric", found, expected });
  return { categories: names, problem };
}

function openEnd(bound: number): number | null {
  return Number.isFinite(bound) ? bound : null;
}
