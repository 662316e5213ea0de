// How a trial ended, as a tagged union, and the one-byte code under which each outcome is stored.
// Missing outcomes stay visible: nothing here ever becomes 0, "" or NaN on its way to a table.

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

/** Stopped before it could end, by the operator or a budget: it runs again on resume. A failure stands until it is asked to be retried. */
export function isUnfinished(outcome: Outcome): boolean {
  return outcome.kind === "cancelled" || outcome.kind === "budget-stopped";
}

/** The same of a stored code. */
export function isUnfinishedCode(code: number): boolean {
  return code === outcomeCodes.cancelled || code === outcomeCodes["budget-stopped"];
}

/** Outcomes that the machine or the operator caused: another machine may give another, so they are exempt from byte-identity. */
export function isMachineCaused(outcome: Outcome): boolean {
  if (outcome.kind !== "failed") return isUnfinished(outcome);
  return outcome.reason === "time-out" || outcome.reason === "memory" || outcome.reason === "crash";
}
