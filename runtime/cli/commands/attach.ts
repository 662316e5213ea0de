// `lab attach [run]`: a run of another process as if it had been started here, but for Ctrl-C, which leaves it running.
import type { ControlClient } from "../../control/control-client.ts";
import { eventsOf } from "../../live/state-events.ts";
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { type Followed, followRun } from "../followed-run.ts";
import { liveRun, notRunning } from "../live-run.ts";
import { flag, projectRoot } from "../options.ts";
import { listenerFor } from "../terminal/listeners.ts";
import { say } from "../terminal/say.ts";

/** So long after a Ctrl-C another one is about the run. */
const secondMs = 3000;

export const handle: CommandHandler = async ([reference], options) => {
  const store = openStore(projectRoot(options));
  const { run, client } = await liveRun(store, reference ?? null);
  const listener = listenerFor({ json: flag(options, "json"), quiet: flag(options, "quiet") }, Date.now);
  const leave = new AbortController();
  let current: ControlClient = client;
  const keys = keysOf({ id: run.id, client: () => current, leave: () => leave.abort() });
  try {
    const followed = await followRun({
      store,
      run,
      client,
      onClient: (each) => {
        current = each;
      },
      hear(heard) {
        for (const event of "event" in heard ? [heard.event] : eventsOf(heard.state)) listener(event);
      },
      signal: leave.signal,
    });
    if (followed === "gone") throw notRunning({ ...run, status: "running" });
    if (followed === "left") say(process.stderr, `${run.id} goes on; lab attach ${run.id} shows it again`);
    return codeOf(followed);
  } finally {
    keys.release();
  }
};

/** Ctrl-C: once to leave, twice to end the run, three times to end it at once. */
function keysOf(of: {
  readonly id: string;
  readonly client: () => ControlClient;
  readonly leave: () => void;
}): { release(): void } {
  let presses = 0;
  let timer: NodeJS.Timeout | undefined;
  const ask = (what: "drain" | "stop"): void => {
    // What the run says to it comes as an event; a run that is ending needs no asking.
    of.client()
      .ask({ do: what })
      .catch(() => undefined);
  };
  const onSignal = (): void => {
    presses += 1;
    if (presses === 1) {
      say(process.stderr, `leaving ${of.id} running; press Ctrl-C again to end it`);
      timer = setTimeout(of.leave, secondMs);
      return;
    }
    clearTimeout(timer);
    ask(presses === 2 ? "drain" : "stop");
  };
  process.on("SIGINT", onSignal);
  return {
    release() {
      clearTimeout(timer);
      process.off("SIGINT", onSignal);
    },
  };
}

function codeOf(followed: Exclude<Followed, "gone">): number {
  if (followed === "left" || followed === "over") return exitCode.done;
  const { status, unmeasured, remaining } = followed;
  if (status === "budget") return exitCode.budget;
  if (status === "aborted") return exitCode.invalid;
  if (remaining > 0) return exitCode.interrupted;
  return unmeasured > 0 ? exitCode.unmeasured : exitCode.done;
}
