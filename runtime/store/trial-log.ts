// What trials said through `log`, one JSON line a message with the trial's id, in the run's folder.
import { closeSync, createReadStream, mkdirSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { redactorOf } from "../record/redact.ts";
import { ownerOnly } from "./atomic-file.ts";
import type { StoreLayout } from "./layout.ts";
import { nextSerial, runLayoutOf } from "./layout.ts";
import { runIds } from "./manifest.ts";
import { wordedSync } from "./store-error.ts";
import { namesStored, openStored } from "./stored-file.ts";

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

/** Messages of trials whose id begins with `trial`, run by run, oldest first; all messages for "". */
export async function* readTrialLog(
  layout: StoreLayout,
  trial: string,
): AsyncGenerator<LogLine & { readonly run: string }> {
  for (const run of runIds(layout)) {
    const { logs } = runLayoutOf(layout, run);
    for (const name of [...namesStored(logs)].sort()) {
      for await (const text of createInterface({
        input: createReadStream("", { fd: openStored(join(logs, name)) }),
        crlfDelay: Number.POSITIVE_INFINITY,
      })) {
        const line = lineOf(text);
        if (line?.trial.startsWith(trial)) yield { ...line, run };
      }
    }
  }
}

/** Null for a line that a kill cut short. */
function lineOf(text: string): LogLine | null {
  try {
    // Written by openTrialLog.
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
}
