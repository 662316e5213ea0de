// How a trial ended, as a tagged union, the one-byte code under which each outcome is stored, and the only answers to what an outcome
// means: whether it is a measurement, a failure, or unfinished. Nothing here ever becomes 0, "" or NaN on its way to a table.

/** Why a trial has no measurement although it ran. */
export type FailureReason =
  | "thrown"
  | "invalid-metric"
  | "invalid-row"
  | "time-out"
  | "memory"
  | "crash"
  | "upstream"
  | "effect";

export type Outcome =
  | { readonly kind: "measured" }
  | {
      readonly kind: "failed";
      readonly reason: FailureReason;
      readonly message: string;
      readonly stack: string | null;
    }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "censored"; readonly metric: string; readonly bound: number }
  | { readonly kind: "cancelled"; readonly reason: string }
  | { readonly kind: "budget-stopped"; readonly reason: string };

export type OutcomeKind = Outcome["kind"];

/** Stored codes. Append only: a code, once given, keeps its meaning for ever. */
export const outcomeCodes: Readonly<Record<OutcomeKind, number>> = {
  measured: 0,
  failed: 1,
  refused: 2,
  censored: 3,
  cancelled: 4,
  "budget-stopped": 5,
};

/** Stands in a table's outcome column for a planned trial without a record; never stored. */
export const notRunCode = 255;

// Object.entries forgets the key type; the keys of outcomeCodes are the kinds by declaration.
const kindByCode = new Map(
  Object.entries(outcomeCodes).map(([kind, code]) => [code, kind as OutcomeKind] as const),
);

/** The kind that a stored code stands for; null for `notRunCode` and for codes of a later version. */
export function outcomeKindOf(code: number): OutcomeKind | null {
  return kindByCode.get(code) ?? null;
}

/** Whether the trial returned its metrics. By kind or stored code, as the next two. */
export function hasMeasurement(outcome: OutcomeKind | number): boolean {
  return codeOf(outcome) === outcomeCodes.measured;
}

/**
 * Whether something went wrong: what --fail-fast and --fail-on-error heed and --retry-errors draws again. A refused or a censored trial is
 * none: it ended as its author meant it to, and stands.
 */
export function isFailure(outcome: OutcomeKind | number): boolean {
  return codeOf(outcome) === outcomeCodes.failed;
}

/** Whether it was stopped before it could end, by the operator or a budget: its record does not stand, and it runs again on resume. */
export function isUnfinished(outcome: OutcomeKind | number): boolean {
  const code = codeOf(outcome);
  return code === outcomeCodes.cancelled || code === outcomeCodes["budget-stopped"];
}

/** Outcomes that the machine or the operator caused: another machine may give another, so they are exempt from byte-identity. */
export function isMachineCaused(outcome: Outcome): boolean {
  if (outcome.kind !== "failed") return isUnfinished(outcome.kind);
  return outcome.reason === "time-out" || outcome.reason === "memory" || outcome.reason === "crash";
}

/** What is known of a censored trial, in words. */
export function censoredWords({
  metric,
  bound,
}: {
  readonly metric: string;
  readonly bound: number;
}): string {
  return `${metric} is known only to be at least ${bound}`;
}

function codeOf(outcome: OutcomeKind | number): number {
  return typeof outcome === "number" ? outcome : outcomeCodes[outcome];
}
