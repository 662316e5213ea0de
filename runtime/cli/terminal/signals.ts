// Ctrl-C and SIGTERM: the first lets what runs finish and saves it, the second stops at once. The signal reaches the whole process
// group, so hosts ignore it and hear of it from here.

export interface RunSignals {
  readonly drain: AbortSignal;
  readonly stop: AbortSignal;
  wasInterrupted(): boolean;
  release(): void;
}

/** Begins to listen; `release` gives the signals back. */
export function signalsOf(): RunSignals {
  const drain = new AbortController();
  const stop = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    const name = signal === "SIGINT" ? "Ctrl-C" : signal;
    if (drain.signal.aborted) stop.abort(`second ${name}`);
    else drain.abort(name);
  };
  const names: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM"];
  for (const name of names) process.on(name, onSignal);
  return {
    drain: drain.signal,
    stop: stop.signal,
    wasInterrupted: () => drain.signal.aborted,
    release() {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
