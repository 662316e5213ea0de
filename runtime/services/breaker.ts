// Spares an endpoint that is down: after so many failures in a row nobody is let in for a while, then one call at a time tries it, and any answer
// lets everybody in again. An answer that says "too fast" or "wrong key" is one: the endpoint is there.

/** What the end of a call says of its endpoint; null where it was given up and says nothing. */
export type IsUp = boolean | null;

export interface Breaker {
  /** Milliseconds until a call may start: 0 for now, Infinity where the end of the call that tries has to come first. */
  waitMs(): number;
  /** A call starts now; what is returned says how it has ended. */
  start(): (isUp: IsUp) => void;
  reading(): {
    /** Whether the endpoint is taken to be down. */
    readonly isDown: boolean;
    /** How often it was found to be. */
    readonly count: number;
  };
}

/** Failures in a row, of whatever calls, after which an endpoint is taken to be down. */
export const failuresMost = 12;

/** What is done about an outage. */
export const outageWords = `${failuresMost} calls in a row failed. One call at a time tries it, the others wait.`;
/** The first wait, as a share of a window (15 seconds of a minute), and the longest: it doubles with each try that fails. */
const firstShare = 0.25;
const longestShare = 1;

/** @param now Milliseconds of a clock that never goes back. */
export function breaker(windowMs: number, now: () => number): Breaker {
  let failures = 0;
  let count = 0;
  /** Of an endpoint that is down: when it may be tried, how long the next wait is, the call that tries it. */
  let down: { untilMs: number; nextMs: number; trying: symbol | null } | null = null;
  const shut = (forMs: number): void => {
    const nextMs = Math.min(2 * forMs, longestShare * windowMs);
    down = { untilMs: now() + forMs, nextMs, trying: null };
  };
  return {
    waitMs() {
      if (down === null) return 0;
      return down.trying === null ? Math.max(0, down.untilMs - now()) : Number.POSITIVE_INFINITY;
    },
    start() {
      const call = Symbol("call");
      if (down !== null) down.trying = call;
      return (isUp) => {
        if (isUp === true) {
          failures = 0;
          down = null;
          return;
        }
        if (down === null) {
          failures += isUp === false ? 1 : 0;
          if (failures < failuresMost) return;
          count += 1;
          shut(firstShare * windowMs);
          return;
        }
        // Those that started before it was taken to be down say nothing new.
        if (down.trying !== call) return;
        if (isUp === null) down.trying = null;
        else shut(down.nextMs);
      };
    },
    reading: () => ({ isDown: down !== null, count }),
  };
}
