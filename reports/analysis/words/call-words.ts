// Calls in words: what a page, a terminal and a table say of them.
import type { CallFigures, CallsSummary, CauseCount } from "../calls.ts";
import { countOf } from "../calls.ts";
import { numberText } from "./number-text.ts";

/** "1,500 calls: 1,498 answered (99.9%), 1,213 of them at once; half within 12 ms, 95% within 40 ms, 99% within 62 ms." and what went wrong. */
export function callSentences(figures: CallFigures): readonly string[] {
  const { calls, answered, answeredAtOnce, latencyMs, failures, unusable } = figures;
  const { promptTokens, completionTokens, costUsd, unpriced, repairs, fallbacks, resent, reused } = figures;
  const speed =
    latencyMs === null
      ? ""
      : `; half within ${msText(latencyMs.p50)}, 95% within ${msText(latencyMs.p95)}, 99% within ${msText(latencyMs.p99)}`;
  const tokens =
    promptTokens + completionTokens === 0
      ? []
      : [
          `${numberText(promptTokens)} tokens in, ${numberText(completionTokens)} out${costWords(costUsd, unpriced)}.`,
        ];
  return [
    `${plural(calls, "call")}: ${numberText(answered)} answered (${shareText(answered, calls)}), ${numberText(answeredAtOnce)} at the first attempt (${shareText(answeredAtOnce, calls)})${speed}.`,
    ...(failures.length === 0
      ? []
      : [`${plural(countOf(failures), "failed attempt")}: ${causesText(failures)}.`]),
    ...(unusable.length === 0
      ? []
      : [`${plural(countOf(unusable), "unusable answer")}: ${causesText(unusable)}.`]),
    ...tokens,
    ...(repairs + fallbacks === 0
      ? []
      : [`${plural(repairs, "repair")} asked for, ${plural(fallbacks, "fallback")} acted.`]),
    ...(resent === 0
      ? []
      : [
          `${plural(resent, "call")} in doubt after an interruption ${resent === 1 ? "was" : "were"} sent again.`,
        ]),
    ...(reused === 0
      ? []
      : [`${plural(reused, "answer")} of earlier trials ${reused === 1 ? "was" : "were"} used again.`]),
  ];
}

/** What there is to say of trials whose calls are not accounted for; null for none. */
export function unaccountedWords({ unaccounted }: CallsSummary): string | null {
  if (unaccounted === 0) return null;
  return `${plural(unaccounted, "trial")} made calls before labwright kept accounts of them: their latencies, causes and repairs are not known and are not counted here.`;
}

/** "rate limit 12, status 503 3". */
export function causesText(causes: readonly CauseCount[]): string {
  return causes.map(({ cause, count }) => `${cause} ${numberText(count)}`).join(", ");
}

/** "99.9%"; "100%" and "0%" only where it is all or none. */
export function shareText(part: number, whole: number): string {
  if (whole === 0) return "–";
  if (part === whole) return "100%";
  if (part === 0) return "0%";
  const percent = Math.min(99.9, Math.max(0.1, (100 * part) / whole));
  return `${numberText(percent, 1)}%`;
}

export function msText(ms: number): string {
  return ms >= 10_000 ? `${numberText(ms / 1000, 1)} s` : `${numberText(Math.round(ms))} ms`;
}

/** "$0.0123"; a dash where no price is known. */
export function usdText(usd: number | null): string {
  return usd === null ? "–" : `$${numberText(usd, usd === 0 ? 0 : usd < 1 ? 4 : 2)}`;
}

function costWords(usd: number | null, unpriced: number): string {
  if (usd === null) return ", at a price that nobody knows";
  if (usd === 0 && unpriced === 0) return "";
  return `, ${usdText(usd)}${unpriced === 0 ? "" : ` and ${plural(unpriced, "answer")} without a price`}`;
}

function plural(count: number, noun: string): string {
  return `${numberText(count)} ${noun}${count === 1 ? "" : "s"}`;
}
