// A run that a program has begun: a promise of how it ends, its events as they come, and the acts by which it is steered, which are
// kept with the run as those of a terminal are.

import type { RunControl } from "../control/run-control.ts";
import type { RunEvent } from "../event/event.ts";
import { beforeRun, type RunState, runStateAfter } from "../live/run-state.ts";
import { type HeardEvent, HeardEvents } from "./heard-events.ts";
import type { RunOptions } from "./run-options.ts";

/** Which trials are meant: an arm by its levels ("rate=0.1, size=3"), or one trial by its id. */
export type MeantTrials = { readonly experiment?: string; readonly arm: string } | { readonly trial: string };

/** Which failed trials are meant; all of an experiment where nothing narrows it. `cause` is the failure's message, numbers and ids aside. */
export type MeantFailures = Partial<Readonly<Record<"experiment" | "arm" | "trial" | "cause", string>>>;

/**
 * A run under way. Awaited, it is its outcome; looped over, its events from then on. What is asked of it before its first trial waits
 * until then. The acts reject with an Error in words where they cannot be done: the run is ending, nothing is left to cancel.
 */
export interface RunUnderWay<Outcome> extends Promise<Outcome>, AsyncIterable<HeardEvent> {
  /** Where it stands: counts, arms, workers, causes of failure, as `lab watch` shows it. */
  state(): RunState;
  /** What runs may end, nothing more starts; and the end of that. */
  pause(): Promise<void>;
  unpause(): Promise<void>;
  /** What runs ends and is kept, then the run ends; `now` cuts off what runs. The same call goes on later. */
  stop(how?: { readonly now?: boolean }): Promise<void>;
  /** Leaves out trials that have not ended; resolves with how many. It is written down with the run. */
  cancel(trials: MeantTrials): Promise<number>;
  /** Runs trials that have failed in this run again: those of an arm, one, or all; with `cause`, those that failed with these words. Resolves with how many. */
  retry(meant?: MeantFailures): Promise<number>;
  /** Worker threads from now on, 1 to 1024. */
  workers(count: number): Promise<void>;
  /** Trials of experiments with a higher number start first, -1000 to 1000; 0 unless told. */
  priority(experiment: string, priority: number): Promise<void>;
}

type Steerable = Pick<RunControl, "ask">;

const nothing = { experiment: null, arm: null, trial: null };

/** Begins a run: `begin` is handed the listener to tell everything, and the hook of the run's options that learns what steers it. */
export function runUnderWay<Outcome>(
  begin: (to: Pick<RunOptions, "listener" | "attach">) => Promise<Outcome>,
): RunUnderWay<Outcome> {
  const loops = new Set<HeardEvents>();
  let state = beforeRun;
  let end: { readonly error: unknown } | null | "open" = "open";
  let steerable: (control: Steerable) => void = () => undefined;
  const begun = new Promise<Steerable>((resolve) => {
    steerable = resolve;
  });
  const listener = (event: RunEvent): void => {
    state = runStateAfter(state, event, Date.now());
    for (const loop of loops) loop.hear(event);
  };
  const outcome = begin({
    listener,
    attach(_, control) {
      steerable(control);
      return () => undefined;
    },
  });
  // What went wrong is told by the loops over the run; where there are none, by the promise alone.
  const promised = outcome.then((value) => value);
  const over = outcome.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  void over.then((thrown) => {
    end = thrown;
    for (const loop of loops) loop.end(thrown);
  });
  const ask = async (asked: Parameters<Steerable["ask"]>[0]): Promise<unknown> => {
    const control = await Promise.race([begun, over.then(() => null)]);
    if (control === null || end !== "open") throw new Error("the run has ended: nothing was done");
    return control.ask(asked);
  };
  const trialsOf = async (asked: Parameters<Steerable["ask"]>[0]): Promise<number> => {
    // As cancellations and retries are answered (control/run-control.ts).
    const { act: done } = (await ask(asked)) as { readonly act: { readonly trials: number } };
    return done.trials;
  };
  const act = async (asked: Parameters<Steerable["ask"]>[0]): Promise<void> => void (await ask(asked));
  return Object.assign(promised, {
    state: () => state,
    pause: () => act({ do: "pause" }),
    unpause: () => act({ do: "unpause" }),
    stop: (how?: { readonly now?: boolean }) => act({ do: how?.now === true ? "stop" : "drain" }),
    workers: (workers: number) => act({ do: "workers", workers }),
    priority: (experiment: string, priority: number) => act({ do: "priority", experiment, priority }),
    cancel: (meant: MeantTrials) => trialsOf({ do: "cancel", ...nothing, ...meant }),
    retry: (meant: MeantFailures = {}) => trialsOf({ do: "retry", ...nothing, cause: null, ...meant }),
    [Symbol.asyncIterator](): AsyncIterator<HeardEvent> {
      const loop = new HeardEvents(() => loops.delete(loop));
      loops.add(loop);
      promised.catch(() => undefined);
      if (end !== "open") loop.end(end);
      return loop;
    },
  });
}
