// One gate for all calls to an endpoint: requests and tokens in any sliding minute, calls at a time, a least distance between them. It slows
// down by half where the endpoint says that it is too fast, and speeds up again by and by. Whoever waits is let in trial by trial, so
// that no condition has the throttled hour to itself.

import type { GateReading } from "../event/services.ts";
import type { Neighbours, NeighboursOptions } from "./neighbours.ts";

/** Limits of an endpoint; null for none. */
export interface Limits {
  /** Requests in any window. */
  readonly requests: number | null;
  /** Tokens in any window, of prompts and answers. */
  readonly tokens: number | null;
  /** Calls at a time. */
  readonly concurrency: number;
  /** Milliseconds between the starts of two calls. */
  readonly spacingMs: number;
  /** Length of a window in milliseconds. */
  readonly windowMs: number;
}

/** A call that was let in. */
export interface Place {
  /** Says what it took in tokens, in place of what was expected. */
  settle(tokens: number): void;
  /** Gives its place back; called once. */
  leave(): void;
}

export interface Governor {
  /** Resolves when the call may start. Rejects when the signal aborts. */
  enter(call: {
    readonly trial: string;
    readonly tokens: number;
    readonly signal: AbortSignal;
  }): Promise<Place>;
  /** The endpoint says that it is too fast: half the speed, and nobody in before `waitMs` are over. */
  slowDown(waitMs: number): void;
  /** A call went well. */
  speedUp(): void;
  /** How full it is just now. */
  reading(): GateReading;
  close(): void;
}

/** Makes known what this governor sends, and to it what others send. */
export type JoinNeighbours = (on: Pick<NeighboursOptions, "windowMs" | "onSent" | "onChange">) => Neighbours;

/** Arrivals at the endpoint jitter: a window is taken to be longer than it is by a share of it and by some milliseconds (60.8 s for a minute). */
const windowMargin = { share: 0.01, ms: 200 };
/** The slowest that it gets, as a share of the limits. */
const shareMin = 0.02;

interface Waiting {
  readonly tokens: number;
  admit(place: Place): void;
}

interface Sent {
  readonly atMs: number;
  tokens: number;
}

/** When the next call may start, and what is known of those that did. */
interface Pace {
  /** Milliseconds until a call of so many tokens may start; 0 for now. */
  waitFor(tokens: number): number;
  /** A call starts now. */
  start(tokens: number): Sent;
  slowDown(waitMs: number): void;
  speedUp(): void;
  /** What was sent in the window, the share of the limits that is gone at, and milliseconds until anybody is let in again. */
  reading(): {
    readonly sent: number;
    readonly tokens: number;
    readonly share: number;
    readonly closedMs: number;
  };
  /** Others have sent these. */
  add(sent: readonly Sent[]): void;
}

function windowOf({ windowMs }: Limits): number {
  return windowMs * (1 + windowMargin.share) + windowMargin.ms;
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

function paceOf(limitsNow: () => Limits, now: () => number): Pace {
  const windowMs = windowOf(limitsNow());
  const sent: Sent[] = [];
  let share = 1;
  let closedUntil = Number.NEGATIVE_INFINITY;
  return {
    waitFor(tokens) {
      const at = now();
      while (sent[0] !== undefined && sent[0].atMs <= at - windowMs) sent.shift();
      const last = sent.at(-1)?.atMs ?? Number.NEGATIVE_INFINITY;
      const limits = limitsNow();
      const { requests } = limits;
      const slowness = requests === null ? 0 : windowMs / (requests * share) - windowMs / requests;
      let ready = Math.max(closedUntil, last + Math.max(limits.spacingMs, slowness));
      if (requests !== null && sent.length >= requests) {
        ready = Math.max(ready, sent[sent.length - requests]!.atMs + windowMs);
      }
      if (limits.tokens !== null) {
        let room = limits.tokens - sent.reduce((sum, one) => sum + one.tokens, 0) - tokens;
        for (let i = 0; room < 0 && i < sent.length; i++) {
          room += sent[i]!.tokens;
          ready = Math.max(ready, sent[i]!.atMs + windowMs);
        }
      }
      return Math.max(0, ready - at);
    },
    start(tokens) {
      const one: Sent = { atMs: now(), tokens };
      sent.push(one);
      return one;
    },
    slowDown(waitMs) {
      share = Math.max(shareMin, share / 2);
      closedUntil = Math.max(closedUntil, now() + waitMs);
    },
    speedUp() {
      share = Math.min(1, share + 0.02);
    },
    reading() {
      const at = now();
      const within = sent.filter(({ atMs }) => atMs > at - windowMs);
      const tokens = within.reduce((sum, one) => sum + one.tokens, 0);
      return { sent: within.length, tokens, share, closedMs: Math.max(0, closedUntil - at) };
    },
    add(others) {
      sent.push(...others);
      sent.sort((a, b) => a.atMs - b.atMs);
    },
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
): Omit<GateReading, "calls" | "waiting"> {
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

/** A governor by the clock of the process. @throws RangeError for a limit that lets nobody in. */
export function governor(limits: Limits, join: JoinNeighbours | null = null): Governor {
  assertLimits(limits);
  const now = (): number => performance.now();
  const limitsNow = (): Limits => partOf(limits, neighbours?.count ?? 1);
  let neighbours: Neighbours | null = null;
  const pace = paceOf(limitsNow, now);
  const queues = new Map<string, Waiting[]>();
  let running = 0;
  let timer: NodeJS.Timeout | null = null;

  const admitNext = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    neighbours?.refresh();
    if (neighbours?.isSettled === false) return;
    while (running < limitsNow().concurrency) {
      const [next] = queues;
      if (next === undefined) return;
      const [trial, waiting] = next;
      const waitMs = pace.waitFor(waiting[0]!.tokens);
      if (waitMs > 0) {
        timer = setTimeout(admitNext, Math.ceil(waitMs));
        return;
      }
      const call = waiting.shift()!;
      // The trial goes to the end of the line.
      queues.delete(trial);
      if (waiting.length > 0) queues.set(trial, waiting);
      const one = pace.start(call.tokens);
      neighbours?.tell({ atMs: performance.timeOrigin + one.atMs, tokens: one.tokens });
      running += 1;
      call.admit({
        settle: (tokens) => {
          one.tokens = tokens;
        },
        leave: () => {
          running -= 1;
          admitNext();
        },
      });
    }
  };

  neighbours = join?.({ windowMs: windowOf(limits), onSent: countedIn(pace), onChange: admitNext }) ?? null;

  return {
    enter: ({ trial, tokens, signal }) =>
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
          const waiting = (queues.get(trial) ?? []).filter((one) => one !== call);
          if (waiting.length > 0) queues.set(trial, waiting);
          else queues.delete(trial);
          reject(signal.reason);
          // Nobody may be left to wait for: then no timer keeps the process.
          admitNext();
        };
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        signal.addEventListener("abort", abort, { once: true });
        queues.set(trial, [...(queues.get(trial) ?? []), call]);
        admitNext();
      }),
    slowDown: pace.slowDown,
    speedUp: pace.speedUp,
    reading: () => ({
      ...readingOf(pace, limitsNow()),
      calls: { taken: running, most: limitsNow().concurrency },
      waiting: [...queues.values()].reduce((sum, { length }) => sum + length, 0),
    }),
    close: () => neighbours?.close(),
  };
}
