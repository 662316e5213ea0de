// What performs effects outside the trials: one function a kind, in the controller, whatever the number of workers. A performer may
// make a call wait for its turn, say what an answer cost, or say that the budget is spent.

import type { Port } from "../../lib/experiment/effects/port.ts";

/** What an answer took, by name, such as `{ calls: 1, tokens: 812, cost: 0.004 }`: finite numbers from 0. Summed up over a trial. */
export type Usage = Readonly<Record<string, number>>;

/** What a performer came to. A call that failed is an error that it throws. */
export type Performed =
  /** The answer, as JSON data, and what it took. */
  | {
      readonly response: unknown;
      readonly usage?: Usage;
      /** Why each attempt before it failed, in a few words, such as "rate limit"; none unless told. */
      readonly failures?: readonly string[];
    }
  /**
   * Nothing was asked for because a budget is spent, in words: the trial runs again when the run is taken up. `isUnderWay` where an attempt before it
   * ended without a word, so that the other side may still be at it.
   */
  | { readonly budget: string; readonly isUnderWay?: boolean };

export interface PerformContext {
  /** Aborts when nobody waits for the answer any more: the trial timed out, its host was lost, the run was stopped. */
  readonly signal: AbortSignal;
  /** Of the trial: 1 the first time; one more after each loss of its host. */
  readonly attempt: number;
  /** Id of the trial. */
  readonly trial: string;
  /** The same for all trials of a condition, for turns among conditions: names of experiment and stage, and the levels, as one text. */
  readonly condition: string;
  /** The author's key, with "#2" and so on where the trial used it before. */
  readonly key: string;
  /** The same whenever this effect is sent again. */
  readonly idempotencyKey: string;
  /** Whether the same call was on its way before and its answer was lost, with the process that had made it or with the trial's host. */
  readonly isResent: boolean;
  /**
   * Waits for the call's turn, such as for a place under a rate limit: until `turn` settles the time-out of the trial stands still.
   *
   * @example await queued(limit.place(signal));
   */
  queued<T>(turn: PromiseLike<T>): Promise<T>;
  /**
   * Tells the trial that waits (`onRows` of its effect) the rows of a series that the answer will have: all of them so far, each time. They are
   * handed on a few times a second, and count for nothing beside the answer, which has them all.
   */
  rowsSoFar(series: string, rows: readonly unknown[]): void;
}

/**
 * Performs the effects of one kind.
 *
 * @example
 * const weather: Performer = async (request, { signal, idempotencyKey }) => {
 *   const headers = { "idempotency-key": idempotencyKey };
 *   const answer = await fetch("http://localhost:8080/weather", { method: "POST", body: JSON.stringify(request), headers, signal });
 *   if (answer.status === 402) return { budget: "the quota of today is used up" };
 *   return { response: await answer.json(), usage: { calls: 1 } };
 * };
 */
export type Performer = (request: unknown, context: PerformContext) => Promise<Performed>;

/** An error of a call that took something all the same: it is counted with the trial, as are the causes of its failed attempts. */
export function performFailure(
  words: string,
  took: { readonly usage: Usage; readonly failures: readonly string[] },
): Error {
  return Object.assign(new Error(words), took);
}

/** Why a call was given up that waited for its turn while the run was to end: the reason of its signal. */
export class TurnGivenUp extends Error {}

/** Thrown where a call is given up that the other side may still be at: it stays in doubt, and is asked for again as one. */
export class LeftUnderWay extends Error {}

/** Performers by the kind of effect that they answer. */
export type Performers = Readonly<Record<string, Performer>>;

/** The same as a project declares them: a function, or a port such as `chat({ ... })`. */
export type DeclaredPerformers = Readonly<Record<string, Performer | Port>>;
