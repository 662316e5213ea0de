// What the page asks of a run: each with a key of its own, so that a press that is sent twice acts once. What has happened is shown when
// the run's process has said so, not before.
import { signal } from "@preact/signals";
import type { ActRequest } from "../view-data.ts";
import { announce } from "./announce.ts";
import { ask, link, Refused } from "./connection.ts";
import { runNow } from "./live-run.ts";

/** Acts that are on their way. */
export const asking = signal<readonly string[]>([]);
export const refusal = signal<string | null>(null);

/** Why no button works; null when they do. */
export function shutWords(): string | null {
  if (link.value !== "open") return "not connected";
  return runNow.value?.moment.shut ?? null;
}

export async function act(request: ActRequest, words: string): Promise<void> {
  const run = runNow.value?.run.id;
  // A second press while the first is on its way is the same press.
  if (run === undefined || asking.value.includes(request.do)) return;
  asking.value = [...asking.value, request.do];
  refusal.value = null;
  try {
    await ask(`/run/${run}/act`, { key: crypto.randomUUID(), act: request });
    announce(words);
  } catch (error) {
    refusal.value = error instanceof Refused ? error.message : "the server does not answer";
    announce(`not done: ${refusal.value}`);
  } finally {
    asking.value = asking.value.filter((each) => each !== request.do);
  }
}
