// The kind `custom`: what the author's function returned when the results were at hand, or why it returned nothing. The function
// itself is not stored.
import type { CustomSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { CustomResult, CustomTable } from "../../../lib/experiment/custom-analysis.ts";
import { levelText } from "../../design/arm.ts";
import type { CorrectedTests } from "../families.ts";
import type { CustomFinding, FoundTable } from "../finding.ts";
import { intervalText, numberText, pText } from "../words/number-text.ts";
import {
  type AnalysisKind,
  type Answer,
  findingIdOf,
  plainKind,
  unansweredFindingOf,
  untested,
} from "./kind.ts";

export const customKind: AnalysisKind<CustomSpec> = {
  ...plainKind,
  answer(spec, { customs }) {
    const outcome = customs[spec.name];
    if (outcome === undefined)
      return [
        untested(
          unansweredFindingOf(spec, {
            why: "its function was not run when this report was made, and no stored result was handed in",
            fault: null,
          }),
        ),
      ];
    if ("failure" in outcome)
      return [
        untested(unansweredFindingOf(spec, { why: `its function failed: ${outcome.failure}`, fault: null })),
      ];
    // What a chart's function returned is never stored under the name of a custom analysis.
    return [customAnswerOf(spec, outcome as CustomResult)];
  },
};

function customAnswerOf(spec: CustomSpec, result: CustomResult): Answer<CustomFinding> {
  const { pValue } = result;
  const p = pValue !== undefined && pValue >= 0 && pValue <= 1 ? pValue : null;
  return {
    tests: p === null ? [] : [{ p }],
    conclude: (corrected) => customFindingOf({ spec, result, p, corrected }),
  };
}

function customFindingOf(input: {
  readonly spec: CustomSpec;
  readonly result: CustomResult;
  readonly p: number | null;
  readonly corrected: CorrectedTests;
}): CustomFinding {
  const { spec, result, p, corrected } = input;
  const pAdjusted = corrected.tests[0]?.pAdjusted ?? null;
  const estimate = finite(result.estimate);
  const [low, high] = result.interval ?? [];
  const interval =
    low !== undefined && high !== undefined && Number.isFinite(low) && Number.isFinite(high)
      ? { low, high, level: spec.confidence, method: "as the author's function gave it" }
      : null;
  const numbers = [
    estimate === null ? "" : numberText(estimate),
    interval === null ? "" : intervalText(interval),
    p === null ? "" : pAdjusted === null ? pText(p) : `adjusted ${pText(pAdjusted)}`,
  ].filter((part) => part !== "");
  const plain = numbers.length === 0 ? [] : [`${spec.name}: ${numbers.join(", ")}.`];
  return {
    kind: "custom",
    id: findingIdOf(spec.name),
    title: spec.name,
    estimate,
    interval,
    p,
    pAdjusted,
    family: corrected.family,
    tables: (result.tables ?? []).map((table, i) => foundTable(table, titleOf(spec, result, i))),
    sentences: result.sentence === undefined ? plain : [result.sentence],
    reason: "",
    notes:
      estimate === null && result.estimate !== undefined
        ? ["The author's function gave an estimate that is not a finite number."]
        : [],
    isConfirmatory: !spec.exploratory,
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}

/** Of several tables without a title each has its number. */
function titleOf({ name }: CustomSpec, { tables = [] }: CustomResult, index: number): string {
  return tables[index]!.title ?? (tables.length === 1 ? name : `${name} (${index + 1})`);
}

function foundTable({ columns, rows }: CustomTable, title: string): FoundTable {
  const shown =
    columns?.map(({ name, type, unit, decimals = null }) => ({
      name,
      head: unit === undefined ? name : `${name} (${unit})`,
      isNumber: type === "number",
      decimals,
    })) ??
    [...new Set(rows.flatMap((row) => Object.keys(row)))].map((name) => ({
      name,
      head: name,
      isNumber: rows.every((row) => typeof (row[name] ?? 0) === "number"),
      decimals: null,
    }));
  return {
    title,
    columns: shown,
    rows: rows.map((row) =>
      shown.map(({ name }) => {
        const value = row[name] ?? null;
        return typeof value === "number" ? finite(value) : value === null ? null : levelText(value);
      }),
    ),
  };
}
