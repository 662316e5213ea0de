// One run as the stream tells it: a snapshot, changes on top, and what to say when no word comes. Nothing counts on by itself.
import { signal } from "@preact/signals";
import { momentAfter } from "../moment-change.ts";
import type { RunFacts, RunMoment, StreamLine } from "../view-data.ts";
import { ask, asOfMs, heard, heardAt, linesOf, link, Refused } from "./connection.ts";
import { isExported } from "./router.ts";

export interface RunNow {
  readonly run: RunFacts;
  readonly experiment: string;
  readonly metric: string | null;
  readonly moment: RunMoment;
}

/** No beat for so long: not connected. */
const silentMs = 3000;
const againMs = 2000;

export const runNow = signal<RunNow | null>(null);
export const runProblem = signal<string | null>(null);
/** What the run's process says of itself: "gone" when it was killed. */
export const writer = signal<"alive" | "silent" | "gone" | "ended">("ended");
export const seq = signal(0);

let following: { readonly key: string; readonly stop: AbortController } | null = null;

/** Follows a run until another is followed, or none. */
export function followRun(id: string | null, experiment = "", metric = ""): void {
  const key =
    id === null ? "" : `/run/${encodeURIComponent(id)}/stream?${new URLSearchParams({ experiment, metric })}`;
  if (following?.key === key) return;
  following?.stop.abort();
  following = null;
  if (id === null) return;
  if (runNow.value?.run.id !== id) runNow.value = null;
  runProblem.value = null;
  const stop = new AbortController();
  following = { key, stop };
  if (isExported) void readOnce(id, experiment, metric);
  else void follow(key, stop.signal);
}

/** Tries again now instead of in two seconds. */
export const hurry = signal(0);

async function readOnce(id: string, experiment: string, metric: string): Promise<void> {
  try {
    const query = new URLSearchParams({ experiment, metric });
    runNow.value = await ask<RunNow>(`/run/${id}?${query}`);
  } catch (error) {
    runProblem.value = error instanceof Refused ? error.message : String(error);
  }
}

async function follow(key: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await hear(key, stop);
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof Refused) {
        runProblem.value = error.message;
        return;
      }
    }
    if (stop.aborted) return;
    // A stream that has ended without being asked to is a server that has gone.
    link.value = "lost";
    await waitFor(againMs, stop);
  }
}

/** Hears one stream; ends when it is silent for too long, or skips a number. */
async function hear(key: string, stop: AbortSignal): Promise<void> {
  const own = new AbortController();
  const onStop = (): void => own.abort();
  stop.addEventListener("abort", onStop);
  const watch = setInterval(() => {
    if (performance.now() - heardAt.value > silentMs && link.value === "open") link.value = "lost";
    if (performance.now() - heardAt.value > 4 * silentMs) own.abort();
  }, 250);
  try {
    for await (const line of linesOf<StreamLine>(key, own.signal)) {
      heard(line.asOfMs);
      if (line.type === "snapshot") {
        const { run, experiment, metric, moment } = line;
        runNow.value = { run, experiment, metric, moment };
      } else if (line.type === "beat") writer.value = line.writer;
      else if (line.from !== seq.value) return;
      else if (runNow.value !== null)
        runNow.value = { ...runNow.value, moment: momentAfter(runNow.value.moment, line.change) };
      seq.value = line.seq;
    }
  } finally {
    clearInterval(watch);
    stop.removeEventListener("abort", onStop);
    own.abort();
  }
}

function waitFor(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      unsubscribe();
      stop.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    const at = hurry.value;
    const unsubscribe = hurry.subscribe((value) => {
      if (value !== at) done();
    });
    stop.addEventListener("abort", done, { once: true });
  });
}

/** "14:02:11": of when the numbers on the page are. */
export function asOfWords(): string {
  return new Date(asOfMs.value).toLocaleTimeString("en-GB");
}
