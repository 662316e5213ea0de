// The shapes of what the functions of the analysis door take: `docs/experiment.md` has the same in its table. A diagnostic prints
// `expected` as it stands here.
import type { CommonOptions, TestOptions } from "./analyses.ts";
import type { Json } from "./json.ts";
import { data, flag, listOf, number, oneOf, record, required, type Shape, text } from "./option-shapes.ts";

type Conditions = Readonly<Record<string, Json>>;
export type Common = CommonOptions<Conditions, string>;
export type Test = TestOptions<Conditions, string>;

const isText = (value: unknown): boolean => typeof value === "string";
const ordered = ([low, high]: readonly unknown[]): boolean =>
  typeof low === "number" && typeof high === "number" && Number.isFinite(high - low) && low < high;

export const metricName: Shape = text("the name of a metric");
export const factorName: Shape = text("the name of a factor");
export const baseline: Shape = data("a level of the factor that is compared");
export const factorNames: Shape = listOf('a list of factors, such as ["size"]', isText);
export const bound: Shape = required(number("a finite number"));
export const bounds: Shape = required({
  expected: "two finite numbers [low, high], the lower first",
  fits: (value) => Array.isArray(value) && value.length === 2 && ordered(value),
});

export const commonShapes = {
  name: text("text"),
  confidence: number("a number above 0.5 and below 1", (level) => level > 0.5 && level < 1),
  exploratory: flag(),
  where: record("an object of levels by factor, such as { size: 2 }"),
} satisfies Record<keyof Common, Shape>;

const corrections = [
  "none",
  "simultaneous",
  "bonferroni",
  "holm",
  "hochberg",
  "benjamini-hochberg",
  "benjamini-yekutieli",
] as const;
export const correction: Shape = oneOf(...corrections);

export const testShapes = {
  ...commonShapes,
  tests: oneOf("estimation", "classical"),
  alternative: oneOf("two-sided", "greater", "less"),
  correction,
  by: factorNames,
  block: factorName,
  cluster: factorName,
} satisfies Record<keyof Test, Shape>;

export const acrossOption: Shape = required(factorName);
export const margin: Shape = required(
  number("a number above 0, in the metric's units", (value) => value > 0 && Number.isFinite(value)),
);
export const normalise: Shape = {
  expected:
    "{ low, high }: the scores that count as 0 and as 1, the lower first, such as { low: 0, high: 200 }",
  fits: (value) =>
    typeof value === "object" &&
    value !== null &&
    Object.keys(value).every((key) => key === "low" || key === "high") &&
    ordered([Reflect.get(value, "low"), Reflect.get(value, "high")]),
};

export const curveShapes = {
  ...commonShapes,
  x: required(text("the name of a column of the series")),
  y: required(text("the name of a column of the series")),
  across: factorName,
  summary: oneOf("mean", "median", "interquartile-mean"),
  band: oneOf("interval", "standard-deviation"),
  impulseAt: number("a finite value of x"),
  after: {
    expected: '"last", "omit" or a finite number',
    fits: (value) =>
      value === "last" || value === "omit" || (typeof value === "number" && Number.isFinite(value)),
  },
} satisfies Record<string, Shape>;
