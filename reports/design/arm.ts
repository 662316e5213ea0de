// Conditions and levels as text: how a report names an arm. A level keeps one spelling everywhere, so text can be its key.
import type { FactorSummary, TrialTable } from "../../runtime/record/trial-table.ts";

/** A level as text: text as it is, everything else as JSON. */
export function levelText(level: unknown): string {
  if (typeof level === "string") return level === "" ? '""' : level;
  return JSON.stringify(level) ?? String(level);
}

function factorsOf(table: TrialTable): readonly FactorSummary[] {
  return table.experiment.factors;
}

/** Levels as text by factor; a factor that the condition does not have (another branch) is absent. */
export function coordinatesOf(table: TrialTable, condition: number): Readonly<Record<string, string>> {
  const held = known.get(table) ?? [];
  known.set(table, held);
  held[condition] ??= namedLevels(table, condition);
  return held[condition];
}

/** Tables do not change, and every analysis asks for the same conditions: each is put into words once. */
const known = new WeakMap<TrialTable, Readonly<Record<string, string>>[]>();

function namedLevels(table: TrialTable, condition: number): Readonly<Record<string, string>> {
  const parameters = table.conditions[condition]!;
  return Object.fromEntries(
    factorsOf(table)
      .filter((factor) => Object.hasOwn(parameters, factor.name))
      .map((factor) => [factor.name, levelText(parameters[factor.name])]),
  );
}
