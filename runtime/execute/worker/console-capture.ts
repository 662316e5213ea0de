// Whatever a trial prints goes to its log, never to the terminal: in a worker thread, process.stdout and process.stderr are
// replaced by writers of log lines, and console writes through them.

export interface CapturedLine {
  readonly level: "info" | "error";
  readonly text: string;
}

/** Collects writes into lines. `unitOf` tells whose output it is at the time of the write. */
class LineCollector {
  readonly #level: "info" | "error";
  readonly #say: (line: CapturedLine) => void;
  #open = "";

  constructor(level: "info" | "error", say: (line: CapturedLine) => void) {
    this.#level = level;
    this.#say = say;
  }

  write(text: string): void {
    const lines = (this.#open + text).split("\n");
    this.#open = lines.pop() ?? "";
    for (const line of lines) this.#say({ level: this.#level, text: line });
    if (this.#open.length > 10_000) this.flush();
  }

  flush(): void {
    if (this.#open !== "") this.#say({ level: this.#level, text: this.#open });
    this.#open = "";
  }
}

/** Ends the line that is being written; called when a unit ends. */
export type FlushOutput = () => void;

/** Replaces this thread's standard output and error. Only for threads that belong to labwright. */
export function captureOutput(say: (line: CapturedLine) => void): FlushOutput {
  const collectors = [
    { stream: process.stdout, collector: new LineCollector("info", say) },
    { stream: process.stderr, collector: new LineCollector("error", say) },
  ];
  for (const { stream, collector } of collectors) {
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      collector.write(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
      const done = rest.at(-1);
      if (typeof done === "function") queueMicrotask(() => done());
      return true;
    };
    Object.defineProperty(stream, "write", { value: write, configurable: true, writable: true });
  }
  return () => {
    for (const { collector } of collectors) collector.flush();
  };
}
