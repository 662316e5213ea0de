// One trial's record for a person: outcome, metrics, what it left behind, how it went.

import { callFiguresOf } from "../../../reports/analysis/calls.ts";
import { callSentences } from "../../../reports/analysis/words/call-words.ts";
import { isoTime } from "../../record/known-times.ts";
import { censoredWords, type Outcome } from "../../record/outcome.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import { plainText } from "./plain-text.ts";
import { textTable } from "./text-table.ts";
import { countWords, durationWords, sizeWords } from "./words.ts";

/** Lines for standard output. `earlier`: records of the trial that gave way to this one. */
export function recordLines(
  record: TrialRecord,
  { earlier = [] }: { readonly earlier?: readonly TrialRecord[] } = {},
): string {
  const { result, telemetry } = record;
  const metrics = Object.entries(result.metrics).map(([name, value]) => [
    name,
    value === null ? "missing" : value,
  ]);
  const series = Object.entries(result.series).map(
    ([name, rows]) => `series ${name}: ${countWords(rows.length)} rows`,
  );
  const artifacts = result.artifacts.map(
    ({ name, bytes, hash }) => `artifact ${name}: ${sizeWords(bytes)}, sha256 ${hash.slice(0, 12)}`,
  );
  const used = Object.entries(telemetry.extras ?? {}).map(
    ([name, value]) =>
      `${name} ${Number.isInteger(value) ? countWords(value) : Number(value.toPrecision(4))}`,
  );
  const lines = [
    `outcome  ${outcomeWords(result.outcome)}`,
    ...(metrics.length > 0 ? [textTable(["metric", "value"], metrics)] : []),
    ...(result.value === undefined ? [] : [`value    ${JSON.stringify(result.value)}`]),
    ...series,
    ...artifacts,
    tookWords(telemetry),
    ...(used.length > 0 ? [`used     ${used.join(", ")}`] : []),
    ...(telemetry.calls ?? []).map(
      (calls) => `calls    ${calls.port}: ${callSentences(callFiguresOf(calls, 1)).join(" ")}`,
    ),
    ...earlier.map((each) => `earlier  ${earlierWords(each)}`),
  ];
  return `${lines.map(plainText).join("\n")}\n`;
}

function tookWords({ durationMs, startedAt, worker, attempt }: TrialRecord["telemetry"]): string {
  const took = durationMs === null ? "unknown" : durationWords(durationMs);
  const started = isoTime(startedAt) ?? "at an unknown time";
  return `took     ${took} on ${worker}, attempt ${attempt}, started ${started}`;
}

/** "attempt 1, 2026-11-29T00:40:00.000Z: failed (time-out): took longer than ...". */
function earlierWords({ result, telemetry }: TrialRecord): string {
  const [outcome = ""] = wordsOf(result.outcome).split("\n");
  return `attempt ${telemetry.attempt}, ${isoTime(telemetry.startedAt) ?? "at an unknown time"}: ${outcome}`;
}

/** An outcome in words, with its reason; a stack where there is one. */
export function outcomeWords(outcome: Outcome): string {
  return plainText(wordsOf(outcome));
}

function wordsOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case "measured":
      return "measured";
    case "failed":
      return `failed (${outcome.reason}): ${outcome.message}${outcome.stack === null ? "" : `\n${outcome.stack}`}`;
    case "refused":
      return `refused: ${outcome.reason}`;
    case "censored":
      return `censored: ${censoredWords(outcome)}`;
    case "cancelled":
    case "budget-stopped":
      return `${outcome.kind}: ${outcome.reason}`;
  }
}
