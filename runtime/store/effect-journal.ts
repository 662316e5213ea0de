// The journal of what trials did to the outside world. An intent is durable before the effect is performed and a response before the
// trial sees it, so a response that was paid for is never asked for again, in this run or another with the same trial.
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { FrameLog } from "./frame-log.ts";
import { readFrameAt, scanFrames } from "./frame-scan.ts";
import { nextSerial } from "./layout.ts";
import type { EffectJournal } from "./store.ts";
import { StoreError, wordedSync } from "./store-error.ts";

const journalMagic = "LABWEFF\n\u0001\0\0\0\0\0\0\0";

type Entry =
  | {
      readonly kind: "intent";
      readonly trial: string;
      readonly key: string;
      readonly idempotencyKey: string;
      readonly request: unknown;
    }
  | { readonly kind: "response"; readonly trial: string; readonly key: string; readonly response: unknown };

/** What is known of one effect: where its response lies, or that it is in doubt. */
type Known =
  | { readonly kind: "in-doubt"; readonly idempotencyKey: string }
  | { readonly kind: "response"; readonly path: string; readonly offset: number };

export interface EffectJournalOptions {
  /** The run's own folder of journals; made with the first intent. */
  readonly folder: string;
  /** Folders whose entries count, oldest first; the run's own among them. Read when first asked. */
  readonly read: readonly string[];
}

export interface OpenEffectJournal extends EffectJournal {
  close(): Promise<void>;
}

export function openEffectJournal({ folder, read }: EffectJournalOptions): OpenEffectJournal {
  let known: Map<string, Map<string, Known>> | null = null;
  let log: FrameLog | null = null;
  const files = new Map<string, number>();
  const entries = (): Map<string, Map<string, Known>> => (known ??= loadEntries(read));
  const append = async (entry: Entry): Promise<{ readonly path: string; readonly offset: number }> => {
    if (log === null) {
      wordedSync(folder, () => mkdirSync(folder, { recursive: true }));
      log = new FrameLog(
        join(folder, `${nextSerial(readdirSync(folder))}.log`),
        new TextEncoder().encode(journalMagic),
      );
    }
    const offset = log.append(new TextEncoder().encode(JSON.stringify(entry)));
    await log.sync();
    return { path: log.path, offset };
  };
  return {
    lookup(trial, key) {
      const found = entries().get(trial)?.get(key);
      if (found === undefined) return { kind: "new" };
      if (found.kind === "in-doubt") return found;
      return { kind: "response", response: responseAt(files, found) };
    },
    async intend(trial, key, request) {
      const earlier = entries().get(trial)?.get(key);
      // Sent once more, under the key that the other side may know already.
      const idempotencyKey = earlier?.kind === "in-doubt" ? earlier.idempotencyKey : randomUUID();
      await append({ kind: "intent", trial, key, idempotencyKey, request });
      setKnown(entries(), { trial, key }, { kind: "in-doubt", idempotencyKey });
      return idempotencyKey;
    },
    async respond(trial, key, response) {
      const place = await append({ kind: "response", trial, key, response });
      setKnown(entries(), { trial, key }, { kind: "response", ...place });
    },
    async close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
      await log?.close();
    },
  };
}

function loadEntries(folders: readonly string[]): Map<string, Map<string, Known>> {
  const known = new Map<string, Map<string, Known>>();
  for (const folder of folders) {
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)
      .filter((each) => each.endsWith(".log"))
      .sort()) {
      const path = join(folder, name);
      scanFrames(path, journalMagic.length, {
        frame(payload, _header, offset) {
          const entry = entryOf(payload);
          if (entry.kind === "response") setKnown(known, entry, { kind: "response", path, offset });
          else if (known.get(entry.trial)?.get(entry.key)?.kind !== "response")
            setKnown(known, entry, { kind: "in-doubt", idempotencyKey: entry.idempotencyKey });
        },
        damage({ kind, from, to }) {
          // A torn end was never acted on. A changed byte may hide a response that was paid for: say so rather than pay again.
          if (kind === "corrupt")
            throw new StoreError(
              "damaged",
              `The effect journal ${path} is damaged from byte ${from} to ${to}.`,
              "Responses recorded there are lost. Restore the file from a copy, or delete it to let those effects happen again.",
            );
        },
      });
    }
  }
  return known;
}

function responseAt(
  files: Map<string, number>,
  { path, offset }: { readonly path: string; readonly offset: number },
): unknown {
  let file = files.get(path);
  if (file === undefined) {
    file = openSync(path, "r");
    files.set(path, file);
  }
  const entry = entryOf(readFrameAt(file, offset));
  return entry.kind === "response" ? entry.response : undefined;
}

function entryOf(payload: Uint8Array): Entry {
  // Written by this file; the frame's checksum holds.
  return JSON.parse(new TextDecoder().decode(payload)) as Entry;
}

function setKnown(
  known: Map<string, Map<string, Known>>,
  { trial, key }: { readonly trial: string; readonly key: string },
  what: Known,
): void {
  let ofTrial = known.get(trial);
  if (ofTrial === undefined) {
    ofTrial = new Map();
    known.set(trial, ofTrial);
  }
  ofTrial.set(key, what);
}
