// The kind `custom`: what the author's function returned when the results were at hand, or why it returned nothing. The function
// itself is not stored.
import type { CustomSpec } from "../../../lib/experiment/analysis-spec.ts";
import type { CustomResult } from "../../../lib/experiment/custom-analysis.ts";
import { levelText } from "../../design/arm.ts";
import type { CustomFinding } from "../finding.ts";
import { intervalText, numberText, pText } from "../words/number-text.ts";
import { type AnalysisKind, findingIdOf, plainKind, unansweredFindingOf } from "./kind.ts";

export const customKind: AnalysisKind<CustomSpec> = {
  ...plainKind,
  answer(spec, { customs }) {
    const outcome = customs[spec.name];
    if (outcome === undefined)
      return [
        unansweredFindingOf(spec, {
          why: "its function was not run when this report was made, and no stored result was handed in",
          fault: null,
        }),
      ];
    if ("failure" in outcome)
      return [unansweredFindingOf(spec, { why: `its function failed: ${outcome.failure}`, fault: null })];
    return [customFindingOf({ spec, result: outcome, id: findingIdOf(spec.name) })];
  },
};

function customFindingOf(input: {
  readonly spec: CustomSpec;
  readonly result: CustomResult;
  readonly id: string;
}): CustomFinding {
  const { spec, result, id } = input;
  const columns = [...new Set((result.table ?? []).flatMap((row) => Object.keys(row)))];
  const finite = (value: number | undefined): number | null =>
    value !== undefined && Number.isFinite(value) ? value : null;
  const estimate = finite(result.estimate);
  const [low, high] = result.interval ?? [];
  const interval =
    low !== undefined && high !== undefined && Number.isFinite(low) && Number.isFinite(high)
      ? { low, high, level: spec.confidence, method: "as the author's function gave it" }
      : null;
  const p = result.pValue !== undefined && result.pValue >= 0 && result.pValue <= 1 ? result.pValue : null;
  const numbers = [
    estimate === null ? "" : numberText(estimate),
    interval === null ? "" : intervalText(interval),
    p === null ? "" : pText(p),
  ].filter((part) => part !== "");
  const plain = numbers.length === 0 ? [] : [`${spec.name}: ${numbers.join(", ")}.`];
  return {
    kind: "custom",
    id,
    title: spec.name,
    estimate,
    interval,
    p,
    columns,
    rows: (result.table ?? []).map((row) =>
      columns.map((column) => {
        const value = row[column] ?? null;
        return typeof value === "number" ? finite(value) : value === null ? null : levelText(value);
      }),
    ),
    sentences: result.sentence === undefined ? plain : [result.sentence],
    reason: "",
    notes:
      estimate === null && result.estimate !== undefined
        ? ["The author's function gave an estimate that is not a finite number."]
        : [],
    isConfirmatory: !spec.exploratory,
  };
}
