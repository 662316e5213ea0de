// Checks that names in analyses and stopping rules are names of the experiment: metrics, factors, levels, series, columns.
// The types say the same in the editor; these checks hold for what types cannot see.
import type { MetricSpec } from "./definition.ts";
import { type DefinitionProblem, type DefinitionProblemCode, problemOf } from "./problem.ts";
import { levelKeyOf } from "./space/level-source.ts";
import type { Factor } from "./space/space.ts";

/** What the experiment has, by name. */
export interface KnownNames {
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  readonly primary: string | null;
  readonly factors: readonly Factor[];
  /** Columns of each series; null where the schema is no object. */
  readonly series: Readonly<Record<string, readonly string[] | null>>;
}

export type Problems = readonly DefinitionProblem[];

const sound: Problems = [];

/** A metric that has a mean. */
export function checkMeasure(known: KnownNames, metric: string): Problems {
  const measures = Object.entries(known.metrics).filter(([, { type }]) => type !== "category");
  if (measures.some(([name]) => name === metric)) return sound;
  const isCategory = known.metrics[metric] !== undefined;
  return unknown("unknown-metric", metric, {
    expected: isCategory ? "a number, integer or boolean metric; a category has no mean" : null,
    candidates: measures.map(([name]) => name),
  });
}

export function checkFactor(known: KnownNames, factor: string): Problems {
  if (known.factors.some(({ name }) => name === factor)) return sound;
  return unknown("unknown-factor", factor, { candidates: known.factors.map(({ name }) => name) });
}

/** A level of a factor; for a sampled range any number within. An unknown factor is not reported again. */
export function checkLevel(known: KnownNames, name: string, level: unknown): Problems {
  const factor = known.factors.find((one) => one.name === name);
  if (factor === undefined) return sound;
  if (factor.levels === null) {
    const { range } = factor;
    const within =
      range !== null &&
      "low" in range &&
      typeof level === "number" &&
      level >= range.low &&
      level <= range.high;
    if (within) return sound;
    const expected = range !== null && "low" in range ? `a number from ${range.low} to ${range.high}` : null;
    return unknown("unknown-level", JSON.stringify(level), { subject: `factor "${name}"`, expected });
  }
  if (factor.levels.some((one) => levelKeyOf(one) === levelKeyOf(level))) return sound;
  const candidates = factor.levels.slice(0, 50).map((one) => JSON.stringify(one));
  return unknown("unknown-level", JSON.stringify(level), { subject: `factor "${name}"`, candidates });
}

export function checkNumericFactor(known: KnownNames, name: string): Problems {
  const factor = known.factors.find((one) => one.name === name);
  if (factor === undefined || factor.levels === null) return checkFactor(known, name);
  if (factor.levels.every((level) => typeof level === "number")) return sound;
  return unknown("unknown-factor", name, {
    expected: "a factor whose levels are numbers",
    candidates: known.factors
      .filter(({ levels }) => levels === null || levels.every((level) => typeof level === "number"))
      .map((one) => one.name),
  });
}

export function checkSeries(known: KnownNames, series: string, columns: readonly string[]): Problems {
  const has = known.series[series];
  if (has === undefined) return unknown("unknown-series", series, { candidates: Object.keys(known.series) });
  if (has === null) return sound;
  return columns
    .filter((column) => !has.includes(column))
    .flatMap((column) =>
      unknown("unknown-column", column, { subject: `series "${series}"`, candidates: has }),
    );
}

/** Factors and levels of `where`. */
export function checkWhere(known: KnownNames, where: Readonly<Record<string, unknown>>): Problems {
  return Object.entries(where).flatMap(([name, level]) => [
    ...checkFactor(known, name),
    ...checkLevel(known, name, level),
  ]);
}

function unknown(
  code: DefinitionProblemCode,
  found: string,
  parts: Partial<DefinitionProblem>,
): readonly DefinitionProblem[] {
  return [problemOf({ subject: "analysis", ...parts, code, found })];
}
