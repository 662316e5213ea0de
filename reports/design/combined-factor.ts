// Several factors as one whose levels are their combinations, so that what compares the levels of a factor inside shared strata also compares
// the cells of a table. Nothing of it depends on the order in which the factors are named.
import type { FactorSummary, TrialTable } from "../../runtime/record/trial-table.ts";
import { levelText } from "./arm.ts";
import { DesignError } from "./level-design.ts";

/** One combination of the levels of the named factors, in their order. */
export interface Combination {
  /** The level of the combined factor. */
  readonly key: string;
  readonly levels: readonly string[];
}

export interface CombinedFactor {
  /** The table with the combined factor in the place of the named ones. */
  readonly table: TrialTable;
  readonly name: string;
  /** Levels of each named factor that some admitted condition has, in declared order. */
  readonly levels: readonly (readonly string[])[];
  /** Combinations that some admitted condition has. */
  readonly combinations: readonly Combination[];
  /** What is left of `where` for the other factors. */
  readonly where: Readonly<Record<string, unknown>>;
}

/** @throws DesignError when the table lacks one of the factors. */
export function combinedFactor(
  table: TrialTable,
  factors: readonly string[],
  where: Readonly<Record<string, unknown>>,
): CombinedFactor {
  const declared = table.experiment.factors;
  const named = factors.map((name) => {
    const found = declared.find((factor) => factor.name === name);
    if (found !== undefined) return found;
    const names = declared.map((factor) => factor.name).join(", ") || "none";
    throw new DesignError(`${name} is not a factor of ${table.experiment.name}; its factors are ${names}.`);
  });
  const name = factors.join(" and ");
  const fixed = named.filter((factor) => Object.hasOwn(where, factor.name));
  const combinations = new Map<string, Combination>();
  const conditions = table.conditions.map((condition) => {
    const isOutside =
      named.some((factor) => !Object.hasOwn(condition, factor.name)) ||
      fixed.some((factor) => levelText(condition[factor.name]) !== levelText(where[factor.name]));
    const levels = named.map((factor) => levelText(condition[factor.name]));
    const key = levels.join(", ");
    if (isOutside) return condition;
    combinations.set(key, { key, levels });
    return { ...condition, [name]: key };
  });
  const all = [...combinations.values()];
  const levels = named.map((factor, i) => {
    const met = new Set(all.map((one) => one.levels[i]!));
    return factor.levels.map(levelText).filter((level) => met.has(level));
  });
  const place = (one: Combination) => one.levels.map((level, i) => levels[i]!.indexOf(level));
  all.sort((a, b) => {
    const [x, y] = [place(a), place(b)];
    const at = x.findIndex((value, i) => value !== y[i]);
    return at === -1 ? 0 : x[at]! - y[at]!;
  });
  const combined: FactorSummary = {
    name,
    levels: all.map(({ key }) => key),
    branch: null,
    zippedWith: named.flatMap(({ zippedWith }) => zippedWith),
    sampled: null,
  };
  const others = declared.filter((factor) => !factors.includes(factor.name));
  return {
    table: { ...table, conditions, experiment: { ...table.experiment, factors: [combined, ...others] } },
    name,
    levels,
    combinations: all,
    where: Object.fromEntries(Object.entries(where).filter(([key]) => !factors.includes(key))),
  };
}
