// Calls of the author's functions while a definition is built. Whoever loads definitions is told before each: a function that never
// returns, or takes its process down, then has a name and a place.
import type { CallSite } from "./call-site.ts";

/** A part of an experiment that is a function of the author's. */
export interface AuthorsCall {
  readonly experiment: string;
  /** `analyses`, `stages`, `where`, `derived value "share"`. */
  readonly part: string;
  /** Where the function was handed over; null when the engine gave no stack. */
  readonly site: CallSite | null;
}

type Listener = (call: AuthorsCall | null) => void;

let listener: Listener = () => {};
let current: AuthorsCall | null = null;

/** From now on `told` hears of every call before it begins, and of what goes on after it: null for the module itself. */
export function onAuthorsCall(told: Listener): void {
  listener = told;
}

/** Runs a function of the author's under the name of its part. What it throws passes through. */
export function callAuthors<T>(call: AuthorsCall, run: () => T): T {
  const around = current;
  current = call;
  listener(call);
  try {
    return run();
  } finally {
    current = around;
    listener(around);
  }
}
