// Why a unit has no measurement, as errors that unwind the author's function. Each names the outcome that it becomes; any
// other error is the author's own and becomes "thrown".
import type { FailureReason } from "../../record/outcome.ts";

/** A failure that labwright found: it stands even when the author's code catches the error. */
export class UnitFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.name = "UnitFailure";
    this.reason = reason;
  }
}

/** The budget is spent: the unit ends as "budget-stopped". */
export class BudgetSpent extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BudgetSpent";
  }
}

/** An error in words: the message, led by the error's name where that says more than "Error". */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error === "string" ? error : `threw ${describe(error)}`;
  return error.name === "Error" || error.name === "UnitFailure"
    ? error.message
    : `${error.name}: ${error.message}`;
}

export function stackOf(error: unknown): string | null {
  return error instanceof Error ? (error.stack ?? null) : null;
}

function describe(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
