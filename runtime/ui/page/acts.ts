// What the page asks of a run: each with a key of its own, so that a press that is sent twice acts once, and with the last act that was seen,
// so that what was decided before another act is not done after it. What has happened is shown when the run's process has said so.
import { signal } from "@preact/signals";
import type { ActRequest, SentAct } from "../view-data.ts";
import { announce } from "./announce.ts";
import { ask, link, Refused, serverMs } from "./connection.ts";
import { runNow } from "./live-run.ts";

/** An answer that was lost on its way is asked for again, so often and so long after each. */
const triesMax = 8;
const againMs = 500;

/** Acts that are on their way, or done and not yet seen in the run. */
export const asking = signal<readonly string[]>([]);
export const refusal = signal<string | null>(null);

/** Why no button works; null when they do. */
export function shutWords(): string | null {
  if (link.value !== "open") return "not connected";
  return runNow.value?.moment.shut ?? null;
}

/** What this page has done, as "run number": nobody else's, so no reason to refuse what it asks next. */
const own = new Set<string>();
/** One after the other: each is sent when the one before has been answered. */
let turn: Promise<void> = Promise.resolve();

/** Resolves when it has been done and seen, or refused. */
export function act(request: ActRequest, words: string): Promise<void> {
  const now = runNow.value;
  // A second press while the first is on its way is the same press.
  if (now === null || asking.value.includes(request.do)) return Promise.resolve();
  asking.value = [...asking.value, request.do];
  const pressed = { run: now.run.id, seen: now.moment.acts, atMs: serverMs() };
  const answered = turn.then(() => sendAct(pressed, request));
  turn = answered.then(() => undefined);
  return answered.then(async (number) => {
    if (number !== null) {
      announce(words);
      await seenIn(pressed.run, number);
    }
    asking.value = asking.value.filter((each) => each !== request.do);
  });
}

/** The act's number, or null where it was refused. */
async function sendAct(
  pressed: { readonly run: string; readonly seen: number; readonly atMs: number },
  request: ActRequest,
): Promise<number | null> {
  const { run, atMs } = pressed;
  let { seen } = pressed;
  while (own.has(`${run} ${seen + 1}`)) seen += 1;
  refusal.value = null;
  try {
    const { acts } = await answerTo(`/run/${run}/act`, {
      key: crypto.randomUUID(),
      seen,
      atMs,
      act: request,
    });
    own.add(`${run} ${acts}`);
    return acts;
  } catch (error) {
    refusal.value =
      error instanceof Refused
        ? `Not done: ${error.message}`
        : "The server does not answer. Whether it was done is seen once it does.";
    announce(refusal.value);
    return null;
  }
}

/** Sent again with the same key where the answer is lost: done once at most. */
async function answerTo(path: string, sent: SentAct): Promise<{ readonly acts: number }> {
  for (let tries = 1; ; tries += 1)
    try {
      return await ask<{ readonly acts: number }>(path, sent);
    } catch (error) {
      if (error instanceof Refused || tries === triesMax) throw error;
      await new Promise((resolve) => setTimeout(resolve, againMs));
    }
}

/** Resolves once the page shows the act, or shows this run's process no longer: the next press is decided on what it came to. */
function seenIn(run: string, acts: number): Promise<void> {
  return new Promise((resolve) => {
    const isSeen = (): boolean => {
      const now = runNow.value;
      return (
        link.value !== "open" || now?.run.id !== run || now.moment.shut !== null || now.moment.acts >= acts
      );
    };
    const ends = [runNow, link].map((each) =>
      each.subscribe(() => {
        if (!isSeen()) return;
        resolve();
        queueMicrotask(() => {
          for (const end of ends) end();
        });
      }),
    );
  });
}
