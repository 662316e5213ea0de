// Calls as CSV: a row a condition and port, at full precision; then the causes of what went wrong, a row each, in a file of their own.
import type { Analysis } from "../analysis/analysis.ts";
import { type ArmCalls, countOf } from "../analysis/calls.ts";
import { fieldOf } from "./csv.ts";

type Field = string | number | null;

const figures: readonly (readonly [string, (row: ArmCalls) => Field])[] = [
  ["trials", ({ trials }) => trials],
  ["calls", ({ calls }) => calls],
  ["answered", ({ answered }) => answered],
  ["answered_at_once", ({ answeredAtOnce }) => answeredAtOnce],
  ["latency_ms_p50", ({ latencyMs }) => latencyMs?.p50 ?? null],
  ["latency_ms_p95", ({ latencyMs }) => latencyMs?.p95 ?? null],
  ["latency_ms_p99", ({ latencyMs }) => latencyMs?.p99 ?? null],
  ["latency_ms_max", ({ latencyMs }) => latencyMs?.max ?? null],
  ["failed_attempts", ({ failures }) => countOf(failures)],
  ["unusable_answers", ({ unusable }) => countOf(unusable)],
  ["repairs", ({ repairs }) => repairs],
  ["fallbacks", ({ fallbacks }) => fallbacks],
  ["prompt_tokens", ({ promptTokens }) => promptTokens],
  ["completion_tokens", ({ completionTokens }) => completionTokens],
  ["cost_usd", ({ costUsd }) => costUsd],
  ["unpriced", ({ unpriced }) => unpriced],
  ["resent", ({ resent }) => resent],
  ["reused", ({ reused }) => reused],
];

/** `calls.csv` and `call-causes.csv`; none where no trial made a call. */
export function callsCsvsOf(
  analysis: Analysis,
): readonly { readonly name: string; readonly content: string }[] {
  const called = analysis.experiments.flatMap((experiment) =>
    experiment.calls === null
      ? []
      : experiment.calls.arms.map((row) => ({
          row,
          lead: [experiment.name, experiment.arms[row.condition]!.label, row.port],
        })),
  );
  if (called.length === 0) return [];
  const lead = ["experiment", "condition", "port"];
  const causes = called.flatMap(({ row, lead: own }) => [
    ...row.failures.map(({ cause, count }) => [...own, "failed attempt", cause, count]),
    ...row.unusable.map(({ cause, count }) => [...own, "unusable answer", cause, count]),
  ]);
  return [
    {
      name: "calls.csv",
      content: textOf([
        [...lead, ...figures.map(([name]) => name)],
        ...called.map(({ row, lead: own }) => [...own, ...figures.map(([, of]) => of(row))]),
      ]),
    },
    { name: "call-causes.csv", content: textOf([[...lead, "what", "cause", "count"], ...causes]) },
  ];
}

function textOf(rows: readonly (readonly Field[])[]): string {
  return `${rows.map((row) => row.map(fieldOf).join(",")).join("\n")}\n`;
}
