// What holds the pace of a run down at a moment, in words: a service that lets nobody in, or workers that are all busy. Pure.
import type { ServiceReading } from "../../event/services.ts";
import type { RunState } from "../../live/run-state.ts";

/** Null where nothing is known to hold it down. */
export function limitedBy({ services, workers }: Pick<RunState, "services" | "workers">): string | null {
  const queued = services.filter(({ waiting }) => waiting > 0).toSorted((a, b) => b.waiting - a.waiting)[0];
  if (queued !== undefined) return `${gateWords(queued)} of ${queued.service}`;
  const threads = workers.reduce((sum, worker) => sum + worker.threads, 0);
  const busy = workers.reduce((sum, { readings }) => sum + (readings.at(-1)?.running ?? 0), 0);
  if (threads === 0 || busy < threads) return null;
  return threads === 1 ? "the one worker" : `${threads} workers, all busy`;
}

function gateWords(gate: ServiceReading): string {
  const { requests, tokens, calls, share, closedMs, windowMs, outage } = gate;
  const window = windowMs === 60_000 ? "a minute" : `in ${windowMs / 1000} s`;
  if (outage.isDown) return "an outage";
  // Of an orchestrator: other services let one in at least.
  if (calls.most === 0) return "the want of a free worker";
  if (closedMs > 0) return "a pause asked for by the endpoint";
  if (calls.taken >= calls.most) return `${calls.most} calls at a time`;
  if (requests !== null && requests.taken >= requests.most) return `${requests.most} requests ${window}`;
  if (share < 1) return `the slower pace (${Math.round(share * 100)}%)`;
  if (tokens !== null && tokens.taken > 0.9 * tokens.most)
    return `${Math.round(tokens.most)} tokens ${window}`;
  return "the distance between calls";
}
