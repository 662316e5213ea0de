// When the next call to an endpoint may start. The endpoint counts a call when it arrives, which is some time between its start and its answer:
// so a call counts from its start until a whole window after its end, and no window of the endpoint holds more than the limits, however long
// requests are on their way.

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

/** What is known at the end of a call. */
export interface CallEnd {
  /** Whether anything came back: then it has arrived. Otherwise it may arrive a little later. */
  readonly isAnswered: boolean;
  /** What it took; null where nobody knows, and it counts as expected. */
  readonly tokens: number | null;
}

/** A call that has arrived at this time at the latest. */
export interface Arrived {
  readonly atMs: number;
  readonly tokens: number;
}

export interface Pace {
  /** Milliseconds until a call of so many tokens may start: 0 for now, Infinity where the end of another call has to come first. */
  waitFor(tokens: number): number;
  /** A call starts now; what is returned says that it has ended, and from when it is known to have arrived. */
  start(tokens: number): (end: CallEnd) => Arrived;
  slowDown(waitMs: number): void;
  speedUp(): void;
  /** What counts at the moment, the share of the limits that is gone at, and milliseconds until anybody is let in again. */
  reading(): {
    readonly sent: number;
    readonly tokens: number;
    readonly share: number;
    readonly closedMs: number;
  };
  /** Others have sent these. */
  add(arrived: readonly Arrived[]): void;
}

/** Clocks that are set right run up to 0.05% off (adjtime(2), NTP): a window is taken to be longer by what two may differ, and by their ticks. */
const windowMargin = { share: 0.001, ms: 10 };
/** A request that was given up may still arrive, by this share of a window later. */
const lateShare = 0.05;
/** The slowest that it gets, as a share of the limits. */
const shareMin = 0.02;

/** How long a call counts after it has arrived. */
export function windowOf({ windowMs }: Limits): number {
  return windowMs * (1 + windowMargin.share) + windowMargin.ms;
}

/** @param now Milliseconds of a clock that never goes back. */
export function paceOf(limitsNow: () => Limits, now: () => number): Pace {
  const windowMs = windowOf(limitsNow());
  const arrived = arrivals(windowMs);
  const underWay = { calls: 0, tokens: 0 };
  let share = 1;
  let lastStart = Number.NEGATIVE_INFINITY;
  let closedUntil = Number.NEGATIVE_INFINITY;
  return {
    waitFor(tokens) {
      const at = now();
      arrived.forget(at);
      const limits = limitsNow();
      const { requests } = limits;
      const slowness = requests === null ? 0 : windowMs / (requests * share) - windowMs / requests;
      let ready = Math.max(closedUntil, lastStart + Math.max(limits.spacingMs, slowness));
      if (requests !== null) {
        const over = underWay.calls + arrived.calls() + 1 - Math.max(1, requests);
        ready = Math.max(ready, arrived.whenGone(over));
      }
      if (limits.tokens !== null) {
        // A call that is larger than the part of a run among others goes when nothing else counts.
        const counted = underWay.tokens + arrived.tokens();
        ready = Math.max(ready, arrived.whenTokensGone(Math.min(counted, counted + tokens - limits.tokens)));
      }
      return Math.max(0, ready - at);
    },
    start(tokens) {
      lastStart = now();
      underWay.calls += 1;
      underWay.tokens += tokens;
      return (end) => {
        underWay.calls -= 1;
        underWay.tokens = underWay.calls === 0 ? 0 : underWay.tokens - tokens;
        const atMs = now() + (end.isAnswered ? 0 : lateShare * windowMs);
        const one = { atMs, tokens: end.tokens ?? tokens };
        arrived.add(one);
        return one;
      };
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
      arrived.forget(at);
      return {
        sent: underWay.calls + arrived.calls(),
        tokens: underWay.tokens + arrived.tokens(),
        share,
        closedMs: Math.max(0, closedUntil - at),
      };
    },
    add(others) {
      for (const one of others) {
        lastStart = Math.max(lastStart, Math.min(now(), one.atMs));
        arrived.add(one);
      }
    },
  };
}

interface Arrivals {
  /** How many count. */
  calls(): number;
  tokens(): number;
  add(one: Arrived): void;
  /** Leaves out what does not count any more at this time. */
  forget(atMs: number): void;
  /** When so many of them count no more: at once for none, never for more than there are. */
  whenGone(calls: number): number;
  /** When calls of at least so many tokens count no more. */
  whenTokensGone(tokens: number): number;
}

function arrivals(windowMs: number): Arrivals {
  /** By time. */
  const all: Arrived[] = [];
  let sum = 0;
  return {
    calls: () => all.length,
    tokens: () => sum,
    add(one) {
      sum += one.tokens;
      // Most are the latest there is.
      const later = all.findLastIndex(({ atMs }) => atMs <= one.atMs) + 1;
      if (later === all.length) all.push(one);
      else all.splice(later, 0, one);
    },
    forget(atMs) {
      while (all[0] !== undefined && all[0].atMs <= atMs - windowMs) sum -= all.shift()!.tokens;
      // Sums of numbers that are no integers leave something.
      if (all.length === 0) sum = 0;
    },
    whenGone(calls) {
      if (calls <= 0) return Number.NEGATIVE_INFINITY;
      const last = all[Math.ceil(calls) - 1];
      return last === undefined ? Number.POSITIVE_INFINITY : last.atMs + windowMs;
    },
    whenTokensGone(tokens) {
      if (tokens <= 0) return Number.NEGATIVE_INFINITY;
      let left = tokens;
      const last = all.find((one) => {
        left -= one.tokens;
        return left <= 0;
      });
      return last === undefined ? Number.POSITIVE_INFINITY : last.atMs + windowMs;
    },
  };
}
