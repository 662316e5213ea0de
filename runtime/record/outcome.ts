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

/** Outcomes that the machine or the operator caused; they are exempt from byte-identity and run again on resume. */
export function isMachineCaused(outcome: Outcome): boolean {
  switch (outcome.kind) {
    case "cancelled":
    case "budget-stopped":
      return true;
    case "failed":
      return outcome.reason === "time-out" || outcome.reason === "memory" || outcome.reason === "crash";
    default:
      return false;
  }
}
