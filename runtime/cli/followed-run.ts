// Hears a run of another process from now to its end: connects again where the connection is lost, and tells a run that has ended from one
// whose process is gone.
import { setTimeout as wait } from "node:timers/promises";
import { type ControlClient, connectTo, type Heard } from "../control/control-client.ts";
import type { RunEvent } from "../event/event.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import type { ProjectStore } from "../store/project-store.ts";
import { isRunning } from "../store/runs/start-run.ts";
import type { RunManifest } from "../store/store.ts";

export type RunFinished = Extract<RunEvent, { readonly type: "run-finished" }>;

/** "left": whoever followed has enough; "gone": the process was killed; "over": it ended while nobody heard. */
export type Followed = RunFinished | "left" | "gone" | "over";

const againMs = 250;

/** Follows a run from a first connection; `client()` is the connection now. */
export async function followRun(of: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly client: ControlClient;
  readonly hear: (heard: Heard) => void;
  readonly onClient?: (client: ControlClient) => void;
  readonly signal: AbortSignal;
}): Promise<Followed> {
  const { store, run, hear, signal } = of;
  const layout = runLayoutOf(store.layout, run.id);
  let client: ControlClient | null = of.client;
  for (;;) {
    if (client !== null) {
      of.onClient?.(client);
      const ended = await heardTo(client, hear, signal);
      if (ended !== null) return ended;
    }
    if (signal.aborted) return "left";
    if (!isRunning(store, run)) {
      const now = (await store.runs()).find(({ id }) => id === run.id);
      return now === undefined || now.status === "running" ? "gone" : "over";
    }
    await wait(againMs);
    client = await connectTo(layout, "terminal");
  }
}

/** The end of the run, "left", or null when the connection was lost before. */
async function heardTo(
  client: ControlClient,
  hear: (heard: Heard) => void,
  signal: AbortSignal,
): Promise<RunFinished | "left" | null> {
  let ended: RunFinished | null = null;
  const leave = (): void => client.close();
  signal.addEventListener("abort", leave, { once: true });
  const listening = client.listen((heard) => {
    hear(heard);
    if ("event" in heard && heard.event.type === "run-finished") ended = heard.event;
    if ("state" in heard && heard.state.ending !== null && heard.state.run !== null)
      ended = { type: "run-finished", run: heard.state.run, done: 0, reused: 0, ...heard.state.ending };
    if (ended !== null) client.close();
  });
  // A connection that is lost is told by its end.
  listening.catch(() => undefined);
  if (signal.aborted) client.close();
  await client.closed;
  signal.removeEventListener("abort", leave);
  return ended ?? (signal.aborted ? "left" : null);
}
