// One gate for all calls to an endpoint: requests and tokens in any sliding minute, calls at a time, a least distance between them. It slows
// down by half where the endpoint says that it is too fast, and speeds up again by and by; it lets one call at a time try an endpoint that is
// down. Whoever waits is let in by turns (turns.ts).

import type { GateReading } from "../event/services.ts";
import { breaker, type IsUp, outageWords } from "./breaker.ts";
import type { Neighbours, NeighboursOptions } from "./neighbours.ts";
import { type CallEnd, type Limits, type Pace, paceOf, windowOf } from "./pace.ts";
import { type Caller, turns } from "./turns.ts";

/** What the end of a call says of its endpoint. */
export interface EndpointSign {
  readonly isUp: IsUp;
  /** "up" after an answer; "down" where it says that it is too fast: half the speed, and nobody in before `waitMs` are over. */
  readonly speed: "up" | "down" | "same";
  readonly waitMs: number;
}

/** A call that was let in. */
export interface Place {
  /** Gives its place back; called once. */
  leave(end: CallEnd & EndpointSign): void;
}

export interface Governor {
  /** Resolves when the call may start. Rejects when the signal aborts. */
  enter(call: Caller & { readonly tokens: number; readonly signal: AbortSignal }): Promise<Place>;
  /** How full it is just now. */
  reading(): GateReading;
  close(): void;
}

/** Makes known what this governor sends, and to it what others send. */
export type JoinNeighbours = (on: Pick<NeighboursOptions, "windowMs" | "onSent" | "onChange">) => Neighbours;

/** What time it is, in milliseconds, and a call back after so many of them, which the returned function cancels. */
export interface Clock {
  now(): number;
  after(ms: number, then: () => void): () => void;
}

const processClock: Clock = {
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};

interface Waiting {
  readonly tokens: number;
  admit(place: Place): void;
}

/** The part of the limits that one of so many runs has. */
function partOf(limits: Limits, runs: number): Limits {
  if (runs === 1) return limits;
  const { requests, tokens, concurrency, spacingMs, windowMs } = limits;
  return {
    requests: requests === null ? null : Math.max(1, Math.floor(requests / runs)),
    tokens: tokens === null ? null : tokens / runs,
    concurrency: Math.max(1, Math.floor(concurrency / runs)),
    spacingMs: spacingMs * runs,
    windowMs,
  };
}

/** Counts what others have sent, by the clock of this process. */
function countedIn(pace: Pace): NeighboursOptions["onSent"] {
  return (others) =>
    pace.add(others.map(({ atMs, tokens }) => ({ atMs: atMs - performance.timeOrigin, tokens })));
}

function readingOf(
  pace: Pace,
  { requests, tokens, windowMs }: Limits,
): Omit<GateReading, "calls" | "waiting" | "outage"> {
  const { sent, tokens: sentTokens, share, closedMs } = pace.reading();
  return {
    windowMs,
    requests: requests === null ? null : { taken: sent, most: requests },
    tokens: tokens === null ? null : { taken: sentTokens, most: tokens },
    share,
    closedMs,
  };
}

function assertLimits(limits: Limits): void {
  for (const [name, value] of Object.entries(limits)) {
    const isPositive = value === null || value > 0 || (name === "spacingMs" && value === 0);
    if (!isPositive) throw new RangeError(`chat: expected ${name} to be above 0, got ${value}`);
  }
}

/** A governor, by the clock of the process unless told. @throws RangeError for a limit that lets nobody in. */
export function governor(limits: Limits, join: JoinNeighbours | null = null, clock = processClock): Governor {
  assertLimits(limits);
  const limitsNow = (): Limits => partOf(limits, neighbours?.count ?? 1);
  let neighbours: Neighbours | null = null;
  const pace = paceOf(limitsNow, clock.now);
  const outage = breaker(limits.windowMs, clock.now);
  const line = turns<Waiting>();
  let running = 0;
  let cancel: (() => void) | null = null;

  const admitNext = (): void => {
    cancel?.();
    cancel = null;
    neighbours?.refresh();
    if (neighbours?.isSettled === false) return;
    while (running < limitsNow().concurrency) {
      const next = line.first();
      if (next === null) return;
      const waitMs = Math.max(outage.waitMs(), pace.waitFor(next.tokens));
      if (waitMs > 0) {
        // Otherwise the end of a call looks again.
        if (Number.isFinite(waitMs)) cancel = clock.after(Math.ceil(waitMs), admitNext);
        return;
      }
      line.shift();
      next.admit(placeOf(next.tokens));
    }
  };

  /** The place of a call that starts now. */
  const placeOf = (callTokens: number): Place => {
    const end = pace.start(callTokens);
    const told = neighbours?.tell(callTokens);
    const endTry = outage.start();
    running += 1;
    return {
      leave({ isUp, speed, waitMs, ...how }) {
        const { atMs, tokens } = end(how);
        told?.({ atMs: performance.timeOrigin + atMs, tokens });
        endTry(isUp);
        if (speed === "up") pace.speedUp();
        if (speed === "down") pace.slowDown(waitMs);
        running -= 1;
        admitNext();
      },
    };
  };

  neighbours = join?.({ windowMs: windowOf(limits), onSent: countedIn(pace), onChange: admitNext }) ?? null;

  return {
    enter: ({ condition, trial, tokens, signal }) =>
      new Promise((resolve, reject) => {
        if (limits.tokens !== null && tokens > limits.tokens) {
          reject(
            new Error(`a request of about ${tokens} tokens is above the limit of ${limits.tokens} a minute`),
          );
          return;
        }
        const call: Waiting = {
          tokens,
          admit(place) {
            signal.removeEventListener("abort", abort);
            resolve(place);
          },
        };
        const abort = (): void => {
          line.remove({ condition, trial }, call);
          reject(signal.reason);
          // Nobody may be left to wait for: then no timer keeps the process.
          admitNext();
        };
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        signal.addEventListener("abort", abort, { once: true });
        line.add({ condition, trial }, call);
        admitNext();
      }),
    reading: () => ({
      ...readingOf(pace, limitsNow()),
      calls: { taken: running, most: limitsNow().concurrency },
      waiting: line.size,
      outage: { ...outage.reading(), words: outageWords },
    }),
    close: () => neighbours?.close(),
  };
}
