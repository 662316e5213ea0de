// The outbox of one notifier: one message at a time, tried again with growing waits, and never more than one waiting for each occasion.
// Whatever a service does, the run goes on: nothing here throws, and closing takes a bounded time.
import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../diagnostic/user-error.ts";
import type { Notification, Occasion } from "./notification.ts";
import type { Environment, Notifier, Sent } from "./notifier.ts";

export interface OutboxOptions {
  readonly notifier: Notifier;
  readonly environment: Environment;
  /** Hears, in words, of each message that was given up. */
  readonly onProblem: (words: string) => void;
  /** The first wait after a failure, in milliseconds, doubled each time; 1,000 unless told. */
  readonly firstWaitMs?: number;
}

export interface Outbox {
  put(told: Notification): void;
  /** Waits until everything is sent, or for `graceMs`; what is left then is given up. */
  close(graceMs: number): Promise<void>;
}

const attemptsMax = 8;
const waitMaxMs = 60_000;
/** Lines kept of messages that were merged while they waited. */
const linesMax = 40;

export function outboxOf(options: OutboxOptions): Outbox {
  const { notifier, environment, onProblem, firstWaitMs = 1000 } = options;
  const waiting = new Map<Occasion, Notification>();
  const ended = new AbortController();
  let sending: Promise<void> | null = null;

  async function sendAll(): Promise<void> {
    for (;;) {
      const [next] = waiting.values();
      if (next === undefined) return;
      waiting.delete(next.occasion);
      const problem = await delivered(next);
      if (problem !== null) onProblem(`${notifier.name}: "${next.title}" was not delivered: ${problem}`);
    }
  }

  /** Why it was given up; null when it was sent. */
  async function delivered(told: Notification): Promise<string | null> {
    for (let attempt = 1; ; attempt += 1) {
      if (ended.signal.aborted) return "the command ended first";
      const came = await attempted(notifier, told, { signal: ended.signal, environment });
      if (came === "sent") return null;
      if ("failed" in came) return came.failed;
      if (attempt === attemptsMax || ended.signal.aborted) return `${came.again} (${attempt} attempts)`;
      const waitMs = came.waitMs ?? Math.min(waitMaxMs, firstWaitMs * 2 ** (attempt - 1));
      // A wait that is cut short by the end shows at the top of the loop.
      await sleep(waitMs, undefined, { signal: ended.signal, ref: false }).catch(() => {});
      if (ended.signal.aborted) return `${came.again} (${attempt} attempts)`;
    }
  }

  return {
    put(told) {
      const earlier = waiting.get(told.occasion);
      waiting.set(told.occasion, earlier === undefined ? told : merged(earlier, told));
      sending ??= sendAll().finally(() => {
        sending = null;
      });
    },
    async close(graceMs) {
      const timer = setTimeout(() => ended.abort(), graceMs);
      while (sending !== null) await sending;
      clearTimeout(timer);
    },
  };
}

async function attempted(
  { send }: Notifier,
  told: Notification,
  context: Parameters<Notifier["send"]>[1],
): Promise<Sent> {
  try {
    return await send(told, context);
  } catch (error) {
    // A variable that is not set will not be set by waiting.
    if (error instanceof UserError) return { failed: error.message };
    return { again: error instanceof Error ? error.message : String(error), waitMs: null };
  }
}

/** The newer one, with the lines of both. */
function merged(earlier: Notification, newer: Notification): Notification {
  const lines = [...earlier.lines, ...newer.lines];
  const kept = lines.slice(0, linesMax);
  if (lines.length > linesMax) kept.push(`and ${lines.length - linesMax} more`);
  return { ...newer, lines: kept };
}
