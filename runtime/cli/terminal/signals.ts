// Ctrl-C and SIGTERM, where nobody is asked: the first lets what runs finish and saves it, the second stops at once. The signal reaches the whole process
// group, so hosts ignore it and hear of it from here.

export interface RunSignals {
  readonly drain: AbortSignal;
  readonly stop: AbortSignal;
  wasInterrupted(): boolean;
  /** Whether the run was left to go on without this process. */
  wasLeft(): boolean;
  release(): void;
}

/** What becomes of a run after Ctrl-C. */
export type SignalAnswer = "end" | "leave" | "on";

/** Begins to listen; `release` gives the signals back. `ask` is what the first Ctrl-C does where the user has a choice; a second one ends the run. */
export function signalsOf(ask: (() => Promise<SignalAnswer>) | null = null): RunSignals {
  let isAsking = false;
  let isLeft = false;
  const drain = new AbortController();
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    const name = signal === "SIGINT" ? "Ctrl-C" : signal;
    if (signal === "SIGINT" && ask !== null && !isAsking && !drain.signal.aborted) {
      isAsking = true;
      void ask().then((answer) => {
        isAsking = false;
        isLeft = answer === "leave";
        if (isLeft) stop.abort("left running");
        else if (answer === "end" && !drain.signal.aborted) drain.abort(name);
      });
      return;
    }
    if (drain.signal.aborted) stop.abort(`second ${name}`);
    else drain.abort(name);
  };
  const names: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  for (const name of names) process.on(name, onSignal);
  return {
    drain: drain.signal,
    stop: stop.signal,
    wasInterrupted: () => drain.signal.aborted,
    wasLeft: () => isLeft,
    release() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
