// What every service has in common: limits kept for all workers, attempts by the cause of what failed, a budget looked at before each call, and
// every attempt charged. What is special to chat models or to plain HTTP stands behind one interface.
import { setTimeout as sleep } from "node:timers/promises";
import type { PortSettings } from "../../lib/experiment/effects/port-settings.ts";
import {
  LeftUnderWay,
  type Performed,
  type Performer,
  performFailure,
  TurnGivenUp,
  type Usage,
} from "../effects/performer.ts";
import type { Failure } from "./failure.ts";
import type { Governor, Place } from "./governor.ts";
import type { PortSpending, Took } from "./spending.ts";

/** One attempt. */
export interface ServiceCall {
  readonly signal: AbortSignal;
  readonly idempotencyKey: string;
  /** Why each earlier attempt failed. */
  readonly failures: readonly string[];
}

export type Exchange = { readonly response: unknown; readonly usage: Usage } | { readonly failure: Failure };

/** Q is a request as it was read. */
export interface Service<Q> {
  /** Throws, in words, for what is no request. */
  read(given: unknown): Q;
  /** What a call is expected to take at most, before anything is known of its answer. */
  expected(request: Q): Took;
  /** Rejects only when the signal aborts, or in words that no other attempt cures. */
  exchange(request: Q, call: ServiceCall): Promise<Exchange>;
}

/** The first wait after a failure without advice, doubled each time. */
const firstWaitMs = 500;
const longestWaitMs = 60_000;

export function servicePerformer<Q>(
  service: Service<Q>,
  run: {
    readonly settings: Pick<PortSettings, "retries">;
    /** Made with the first call: a port that nobody asks takes no part of the limits. */
    readonly governorOf: () => Governor;
    readonly spending: PortSpending;
  },
): Performer {
  const { governorOf, spending, settings } = run;
  const { retries = 20 } = settings;
  return async (given, context): Promise<Performed> => {
    const request = service.read(given);
    const expected = service.expected(request);
    const governor = governorOf();
    const { signal, idempotencyKey, condition, trial, queued } = context;
    const failures: string[] = [];
    /** Whether an attempt ended without a word of what came of it. */
    let isUnderWay = false;
    const waiting = <T>(turn: Promise<T>): Promise<T> =>
      queued(turn).catch((error: unknown) => {
        throw isUnderWay && signal.reason instanceof TurnGivenUp
          ? new LeftUnderWay("an attempt had no answer")
          : error;
      });
    const fail = (words: string): Error =>
      performFailure(words, { usage: { calls: failures.length }, failures });
    for (;;) {
      const spent = spending.spent();
      if (spent !== null) return { budget: spent, isUnderWay };
      const { over } = spending;
      const either = AbortSignal.any([signal, over]);
      const turn = waiting(governor.enter({ condition, trial, tokens: expected.tokens, signal: either }));
      const place = await turn.catch((error: unknown) => {
        if (signal.aborted || !over.aborted) throw error;
        return null;
      });
      // Others may have spent the rest meanwhile.
      const since = spending.spent();
      if (since !== null || place === null) {
        place?.leave(notSent);
        return { budget: since ?? "a budget is spent", isUnderWay };
      }
      const charge = spending.begin(expected);
      let exchanged: Exchange | null = null;
      try {
        exchanged = await service.exchange(request, { signal, idempotencyKey, failures });
      } finally {
        place.leave(endOf(exchanged));
      }
      if ("response" in exchanged) {
        const { response, usage } = exchanged;
        charge({ calls: 1, tokens: usage.tokens ?? 0, usd: usage.costUsd ?? 0 });
        // Attempts are calls too: the endpoint counts them.
        return { response, usage: { ...usage, retries: failures.length }, failures };
      }
      const { failure } = exchanged;
      // Where nothing came back the service may have worked all the same: then the whole of it stays charged.
      if (failure.kind !== "retry" || !failure.isCharged) charge({ calls: 1, tokens: 0, usd: 0 });
      if (failure.kind === "spent") return { budget: `the endpoint says ${failure.words}`, isUnderWay };
      failures.push(failure.cause);
      if (failure.kind === "retry" && failure.isCharged) isUnderWay = true;
      if (failure.kind === "final") throw fail(`the endpoint says ${failure.words}`);
      if (failures.length > retries)
        throw fail(`no answer after ${failures.length} attempts: ${counted(failures)}`);
      await waiting(sleep(failure.waitMs ?? backoffMs(failures.length), undefined, { signal }));
    }
  };
}

type Left = Parameters<Place["leave"]>[0];

const silent = { isUp: null, speed: "same", waitMs: 0 } as const;
/** Nothing was sent; its place among the requests of the window is lost. */
const notSent: Left = { isAnswered: true, tokens: 0, ...silent };

/** Of a call, by its exchange; null where it was given up. */
function endOf(exchanged: Exchange | null): Left {
  if (exchanged === null) return { isAnswered: false, tokens: null, ...silent };
  if ("response" in exchanged)
    return { isAnswered: true, tokens: exchanged.usage.tokens ?? 0, isUp: true, speed: "up", waitMs: 0 };
  const { failure } = exchanged;
  if (failure.kind !== "retry")
    return { isAnswered: true, tokens: null, isUp: true, speed: "same", waitMs: 0 };
  const { isCharged, isDown, isTooFast, waitMs } = failure;
  const speed = isTooFast ? "down" : "same";
  return { isAnswered: !isCharged, tokens: null, isUp: !isDown, speed, waitMs: waitMs ?? 0 };
}

/** Exponential, with full jitter (Brooker, AWS Architecture Blog 2015): when a call is made changes no result. */
function backoffMs(failures: number): number {
  return Math.random() * Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
}

/** "rate limit (3), status 500 (2)". */
function counted(causes: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const cause of causes) counts.set(cause, (counts.get(cause) ?? 0) + 1);
  return [...counts].map(([cause, count]) => `${cause} (${count})`).join(", ");
}
