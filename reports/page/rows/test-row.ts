// The row of a test over everything at once: it has no estimate on the axis of its group, so its verdict carries the statistic.
import type { TestResult } from "../../../lib/stats/estimate.ts";
import type { EffectSize } from "../../analysis/finding.ts";
import { numberText } from "../../analysis/words/number-text.ts";
import { emptyRow, type FindingRow } from "./finding-row.ts";

export interface TestRowInput {
  readonly label: string;
  readonly test: TestResult;
  readonly pAdjusted: number | null;
  readonly effect: EffectSize | null;
  /** What is so when the test decides: "they differ". */
  readonly decided: string;
  readonly confidence: number;
}

export function testRow({ label, test, pAdjusted, effect, decided, confidence }: TestRowInput): FindingRow {
  const p = pAdjusted ?? test.p;
  const isDecided = p < 1 - confidence;
  return {
    ...emptyRow,
    label,
    state: isDecided ? "decided" : "open",
    verdict: `${isDecided ? decided : "inconclusive"}, ${statisticText(test)}`,
    p,
    effect,
  };
}

/** "F(6, 241) = 48.2". */
export function statisticText({ symbol, df, statistic }: TestResult): string {
  const degrees = df.map((value) => numberText(value, Number.isInteger(value) ? 0 : 1)).join(", ");
  return `${symbol}${degrees === "" ? "" : `(${degrees})`} = ${numberText(statistic, 2)}`;
}
