// One run told to one browser, line by line: a snapshot, then what has changed, at most four times a second, and a beat each second. A slow
// browser gets fewer and larger changes, never a queue of them.
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout } from "node:timers/promises";
import { changeOf } from "../moment-change.ts";
import type { StreamLine } from "../view-data.ts";
import type { Shown } from "./moment.ts";
import type { RunWatcher } from "./run-watcher.ts";

const lookEveryMs = 250;
const beatEveryMs = 1000;

/** Resolves when the browser has gone or `stopped` aborts. */
export async function streamRun(
  response: ServerResponse,
  watcher: RunWatcher,
  of: {
    readonly shown: Shown;
    readonly stopped: AbortSignal;
    readonly textOf: (value: StreamLine) => string;
  },
): Promise<void> {
  const { stopped, textOf } = of;
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  const isOver = (): boolean => gone.signal.aborted || stopped.aborted;
  const send = (line: StreamLine): Promise<void> | null =>
    response.write(`${textOf(line)}\n`) ? null : drained(response, gone.signal);
  const { moment: first, shown } = await watcher.moment(of.shown);
  let sent = first;
  let seq = 1;
  const run = await watcher.facts();
  const head = { run, experiment: shown.experiment, metric: shown.metric };
  await send({ type: "snapshot", seq, asOfMs: Date.now(), ...head, moment: first });
  let beatAt = 0;
  while (!isOver()) {
    const now = Date.now();
    if (now - beatAt >= beatEveryMs) {
      beatAt = now;
      await send({ type: "beat", seq, asOfMs: now, writer: watcher.writer() });
    }
    await pause(lookEveryMs, gone.signal);
    if (isOver()) break;
    const { moment } = await watcher.moment(shown);
    const change = changeOf(sent, moment);
    if (change === null) continue;
    sent = moment;
    seq += 1;
    await send({ type: "delta", seq, from: seq - 1, asOfMs: Date.now(), change });
  }
  response.end();
}

/** Both leave no listener on the signal behind: a browser may look for days. */
async function drained(response: ServerResponse, gone: AbortSignal): Promise<void> {
  await once(response, "drain", { signal: gone }).catch(() => undefined);
}

async function pause(ms: number, gone: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal: gone }).catch(() => undefined);
}
