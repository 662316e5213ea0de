// The conditions of a table arranged for a regression on one or several factors: a column for each slope, what is taken out beside them, and
// the strata inside which slopes are the same. Like level-design.ts it is chosen by the design, not by the data.
import type { RelatedFactor } from "../../lib/experiment/analysis-spec.ts";
import type { FactorSummary, TrialTable } from "../../runtime/record/trial-table.ts";
import { coordinatesOf, levelText } from "./arm.ts";
import { type Cell, cellsOf } from "./cells.ts";
import { togetherWords } from "./design-notes.ts";
import { DesignError } from "./level-design.ts";

/** One slope: of a numeric factor, or of a level against the first. */
export interface RelatedColumn {
  readonly factor: string;
  /** "alpha", "log10 beta", "kind = y rather than x". */
  readonly label: string;
  readonly isNumeric: boolean;
}

export interface RegressionCell {
  readonly cell: Cell;
  /** One number a column: those asked for, then those taken out. */
  readonly columns: readonly number[];
  readonly stratum: string;
}

export interface RegressionDesign {
  /** What was asked for. */
  readonly columns: readonly RelatedColumn[];
  /** Sampled numbers that are taken out as straight lines: "log10 beta". */
  readonly adjusted: readonly RelatedColumn[];
  /** Factors whose combinations have heights of their own. */
  readonly strata: readonly string[];
  /** Whether some column was sampled from a range, so that a condition is one draw of it. */
  readonly isSampled: boolean;
  /** Those with a value. */
  readonly cells: readonly RegressionCell[];
  readonly notes: readonly string[];
}

/** @throws DesignError when a factor is not there, has one level, or has a level without a logarithm. */
export function regressionDesignOf(
  table: TrialTable,
  of: {
    readonly metric: string;
    readonly factors: readonly RelatedFactor[];
    readonly where: Readonly<Record<string, unknown>>;
  },
): RegressionDesign {
  const declared = table.experiment.factors;
  const wanted = Object.entries(of.where).map(([name, level]) => [name, levelText(level)] as const);
  const admitted = cellsOf(table, of.metric)
    .map((cell) => ({ cell, at: coordinatesOf(table, cell.condition) }))
    .filter(
      ({ cell, at }) =>
        cell.values.length > 0 &&
        of.factors.every(({ name }) => at[name] !== undefined) &&
        wanted.every(([name, level]) => at[name] === level),
    );
  const conditions = admitted.map(({ cell }) => table.conditions[cell.condition]!);
  const focus = of.factors.map(({ name, scale }) => {
    const factor = declared.find((one) => one.name === name);
    if (factor !== undefined) return { factor, ...columnsOf(factor, scale, conditions) };
    const names = declared.map((one) => one.name).join(", ") || "none";
    throw new DesignError(`${name} is not a factor of ${table.experiment.name}; its factors are ${names}.`);
  });
  const others = declared.filter(
    (factor) =>
      !of.factors.some(({ name }) => name === factor.name) &&
      !Object.hasOwn(of.where, factor.name) &&
      new Set(admitted.map(({ at }) => at[factor.name])).size > 1,
  );
  const isTogether = (factor: FactorSummary) =>
    focus.some((one) => one.factor.zippedWith.includes(factor.name));
  const isLine = (factor: FactorSummary) =>
    factor.sampled !== null && admitted.every(({ at }) => at[factor.name] !== undefined);
  const apart = others.filter((factor) => !isTogether(factor));
  const lines = apart
    .filter(isLine)
    .map((factor) => ({ factor, ...columnsOf(factor, factor.sampled ?? "linear", conditions) }));
  const strata = apart.filter((factor) => !isLine(factor)).map(({ name }) => name);
  const all = [...focus, ...lines];
  return {
    columns: focus.flatMap(({ columns }) => columns),
    adjusted: lines.flatMap(({ columns }) => columns),
    strata,
    isSampled: all.some(({ factor }) => factor.sampled !== null),
    cells: admitted.map(({ cell, at }, i) => ({
      cell,
      columns: all.flatMap(({ values }) => values.map((column) => column[i]!)),
      stratum: strata.map((name) => at[name] ?? "").join("\u0000"),
    })),
    notes: others.filter(isTogether).length === 0 ? [] : togetherNotes(of.factors, others.filter(isTogether)),
  };
}

function togetherNotes(
  factors: readonly RelatedFactor[],
  others: readonly FactorSummary[],
): readonly string[] {
  return togetherWords(
    factors.map(({ name }) => name).join(" and "),
    others.map(({ name }) => name),
  );
}

interface Columns {
  readonly columns: readonly RelatedColumn[];
  /** values[j][i]: of condition i. */
  readonly values: readonly (readonly number[])[];
}

function columnsOf(
  factor: FactorSummary,
  scale: RelatedFactor["scale"],
  conditions: readonly Readonly<Record<string, unknown>>[],
): Columns {
  const { name } = factor;
  const met = new Set(conditions.map((condition) => levelText(condition[name])));
  const levels = factor.levels.filter((level) => met.has(levelText(level)));
  if (levels.length < 2)
    throw new DesignError(
      levels.length === 0
        ? `no condition with ${name} has a value`
        : `${name} has only the level ${levelText(levels[0])} in the results, so nothing can be related to it`,
    );
  if (levels.every((level) => typeof level === "number")) {
    if (scale === "log") assertLogarithms(name, levels);
    const numbers = conditions.map((condition) => Number(condition[name]));
    return {
      columns: [{ factor: name, label: scale === "log" ? `log10 ${name}` : name, isNumeric: true }],
      values: [scale === "log" ? numbers.map(Math.log10) : numbers],
    };
  }
  const texts = levels.map(levelText);
  const own = conditions.map((condition) => levelText(condition[name]));
  return {
    columns: texts.slice(1).map((level) => ({
      factor: name,
      label: `${name} = ${level} rather than ${texts[0]}`,
      isNumeric: false,
    })),
    values: texts.slice(1).map((level) => own.map((one) => Number(one === level))),
  };
}

/** @throws DesignError naming the levels at or below 0. */
function assertLogarithms(factor: string, levels: readonly number[]): void {
  const without = levels.filter((level) => !(level > 0));
  if (without.length === 0) return;
  const isOne = without.length === 1;
  throw new DesignError(
    `${factor} has the ${isOne ? "level" : "levels"} ${without.slice(0, 5).join(" and ")}, which ${isOne ? "has" : "have"} no logarithm; say scale: "linear", or leave ${isOne ? "it" : "them"} out of the design`,
  );
}
