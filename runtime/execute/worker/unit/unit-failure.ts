// Why a unit has no measurement, as errors that unwind the author's function. Each names the outcome that it becomes; any
// other error is the author's own and becomes "thrown". What authors throw is read here, under guard: it may be anything.
import { fileURLToPath } from "node:url";
import { types } from "node:util";
import type { FailureReason } from "../../../record/outcome.ts";

/** A failure that labwright found: it stands even when the author's code catches the error. */
export class UnitFailure extends Error {
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string) {
    super(message);
    this.name = "UnitFailure";
    this.reason = reason;
  }
}

/** The unit asks for what the journal's unit did not: it is another than it was. It fails, whatever the author's code makes of the error. */
export class Departed extends UnitFailure {
  constructor(message: string) {
    super("effect", message);
  }
}

/** The budget is spent: the unit ends as "budget-stopped". */
export class BudgetSpent extends Error {
  constructor(message: string) {
    super(message);
    this.name = "BudgetSpent";
  }
}

/** The run is ending and what the unit needs to go on is kept: the unit ends as "cancelled" and goes on from there when it is run again. */
export class Interrupted extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Interrupted";
  }
}

/** Whether `value` is an instance of a class; false for what refuses to tell, such as a revoked proxy. */
export function isA<T>(value: unknown, type: abstract new (...args: never[]) => T): value is T {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}

/**
 * An error in words, whatever was thrown: the message, led by the error's name where that says more than "Error".
 *
 * @example messageOf(new RangeError("no root")); // "RangeError: no root"
 */
export function messageOf(error: unknown): string {
  if (typeof error === "string") return error;
  if (!isError(error)) return `threw ${describe(error)}`;
  const message = memberOf(error, "message");
  if (typeof message !== "string") return `threw an error whose message is ${describe(message)}`;
  const name = memberOf(error, "name");
  if (typeof name !== "string" || name === "Error" || name === "UnitFailure") return message;
  return `${name}: ${message}`;
}

/** Where this program's own code lies, as frames name it. */
const ownFolder = fileURLToPath(new URL("../../..", import.meta.url));

/**
 * Where an error was made: the frames alone, without those of labwright. Null where that cannot be told, and where nobody else's code
 * was under way: then the words are labwright's too and say it all. What should not have happened (a TypeError in our code) keeps all.
 */
export function stackOf(error: unknown): string | null {
  if (!isError(error)) return null;
  const stack = memberOf(error, "stack");
  if (typeof stack !== "string") return null;
  const frames = stack.split("\n").filter(isFrame);
  const others = frames.filter((line) => !line.includes(ownFolder));
  if (others.some((line) => !/\(?(?:node:|<anonymous>)/.test(line))) return others.join("\n");
  const name = memberOf(error, "name");
  return frames.length === 0 || name === "Error" || name === "UnitFailure" ? null : frames.join("\n");
}

function isFrame(line: string): boolean {
  return /^\s+at /.test(line);
}

/** Also errors of another realm. */
function isError(value: unknown): value is Error {
  return types.isNativeError(value) || isA(value, Error);
}

/** What stands for a member that throws when it is read. */
const unreadable = Symbol("unreadable");

function memberOf(error: Error, name: "name" | "message" | "stack"): unknown {
  try {
    return error[name];
  } catch {
    return unreadable;
  }
}

function describe(value: unknown): string {
  if (value === unreadable) return "not readable";
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return types.isProxy(value) ? "a proxy that cannot be read" : `${article(value)} that cannot be read`;
  }
}

function article(value: unknown): string {
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
