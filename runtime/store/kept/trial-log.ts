// What trials said through `log`, one JSON line a message with the trial's id, in the run's folder.
import { closeSync, mkdirSync, openSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { redactorOf } from "../../record/redact.ts";
import { ownerOnly } from "../files/atomic-file.ts";
import type { StoreLayout } from "../files/layout.ts";
import { nextSerial, runLayoutOf } from "../files/layout.ts";
import { wordedSync } from "../files/store-error.ts";
import { namesStored, openStored } from "../files/stored-file.ts";
import { runIds } from "../runs/manifest.ts";

export interface LogLine {
  readonly trial: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly level: "info" | "warn" | "error";
  readonly text: string;
}

export interface TrialLog {
  append(line: LogLine): void;
  close(): void;
}

/** Written line by line as they come, without the secrets of the environment. The file is made with the first. */
export function openTrialLog(folder: string): TrialLog {
  const redact = redactorOf(process.env);
  let file: number | null = null;
  return {
    append(line) {
      wordedSync(folder, () => {
        if (file === null) {
          mkdirSync(folder, { recursive: true });
          file = openSync(join(folder, `${nextSerial(namesStored(folder))}.jsonl`), "ax", ownerOnly);
        }
        writeSync(file, `${JSON.stringify({ ...line, text: redact(line.text) })}\n`);
      });
    },
    close() {
      if (file !== null) closeSync(file);
      file = null;
    },
  };
}

/** Reads messages of trials whose id begins with `trial` ("" for all), run by run, oldest first; null for all runs. */
export class TrialLogReader {
  readonly #layout: StoreLayout;
  readonly #of: { readonly trial: string; readonly run: string | null };
  /** How far each file has been read, in bytes: to the end of its last whole line. */
  readonly #read = new Map<string, number>();

  constructor(layout: StoreLayout, of: { readonly trial: string; readonly run: string | null }) {
    this.#layout = layout;
    this.#of = of;
  }

  /** What was said since the last call. */
  *more(): Generator<LogLine & { readonly run: string }> {
    const runs = this.#of.run === null ? runIds(this.#layout) : [this.#of.run];
    for (const run of runs) {
      const { logs } = runLayoutOf(this.#layout, run);
      for (const name of [...namesStored(logs)].sort())
        for (const line of this.#linesOf(join(logs, name))) yield { ...line, run };
    }
  }

  *#linesOf(path: string): Generator<LogLine> {
    const file = openStored(path);
    try {
      let kept = Buffer.alloc(0);
      const part = Buffer.alloc(1 << 16);
      for (let at = this.#read.get(path) ?? 0; ; ) {
        const count = readSync(file, part, 0, part.length, at);
        if (count === 0) return;
        at += count;
        kept = Buffer.concat([kept, part.subarray(0, count)]);
        const end = kept.lastIndexOf(newline) + 1;
        for (const text of kept.toString("utf8", 0, end).split("\n")) {
          const line = lineOf(text);
          if (line?.trial.startsWith(this.#of.trial)) yield line;
        }
        kept = kept.subarray(end);
        this.#read.set(path, at - kept.length);
      }
    } finally {
      closeSync(file);
    }
  }
}

const newline = 0x0a;

/** Messages of trials whose id begins with `trial`, run by run, oldest first; all messages for "". */
export function readTrialLog(
  layout: StoreLayout,
  trial: string,
): Generator<LogLine & { readonly run: string }> {
  return new TrialLogReader(layout, { trial, run: null }).more();
}

/** Null for an empty line, and for one that a kill cut short. */
function lineOf(text: string): LogLine | null {
  if (text === "") return null;
  try {
    // Written by openTrialLog.
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
}
