// The journal of what trials did to the outside world. An intent is durable before the effect is performed and a response before the
// trial sees it, so a response that was paid for is never asked for again, in this run or another with the same trial.
import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { ownerOnly } from "./atomic-file.ts";
import { FrameLog } from "./frame-log.ts";
import { readFrameAt, scanFrames } from "./frame-scan.ts";
import { nextSerial } from "./layout.ts";
import type { EffectIntent, EffectJournal } from "./store.ts";
import { StoreError, wordedSync } from "./store-error.ts";
import { namesStored, openStored } from "./stored-file.ts";

export const journalMagic = "LABWEFF\n\u0001\0\0\0\0\0\0\0";

interface IntentEntry extends EffectIntent {
  readonly entry: "intent";
  readonly idempotencyKey: string;
}

interface ResponseEntry {
  readonly entry: "response";
  readonly trial: string;
  readonly key: string;
  readonly response: unknown;
  readonly usage: Readonly<Record<string, number>>;
}

/** An answer that another trial got: intent and response in one. */
interface AdoptedEntry extends EffectIntent {
  readonly entry: "adopted";
  readonly response: unknown;
}

export type Entry = IntentEntry | ResponseEntry | AdoptedEntry;

interface Place {
  readonly path: string;
  readonly offset: number;
}

/** What is kept in memory of one effect: its hashes, and where its request and response lie. */
interface Known {
  readonly requestHash: string;
  readonly reuseKey: string;
  readonly idempotencyKey: string;
  readonly intent: Place;
  readonly response: Place | null;
}

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
  let loaded: KnownEffects | null = null;
  let log: FrameLog | null = null;
  const files = new Map<string, number>();
  const known = (): KnownEffects => (loaded ??= loadEntries(read));
  const append = async (entry: Entry): Promise<void> => {
    const effects = known();
    if (log === null) {
      wordedSync(folder, () => mkdirSync(folder, { recursive: true }));
      log = new FrameLog(
        join(folder, `${nextSerial(namesStored(folder))}.log`),
        new TextEncoder().encode(journalMagic),
        { mode: ownerOnly },
      );
    }
    const offset = log.append(new TextEncoder().encode(JSON.stringify(entry)));
    await log.sync();
    effects.add(entry, { path: log.path, offset });
  };
  return {
    lookup(trial, key) {
      const found = known().of(trial, key);
      if (found === null) return { kind: "new" };
      const { requestHash, idempotencyKey, response } = found;
      if (response === null) return { kind: "in-doubt", idempotencyKey, requestHash };
      const entry = entryAt(files, response);
      const isReused = entry.entry === "adopted";
      const usage = entry.entry === "response" ? entry.usage : {};
      return { kind: "response", response: responseOf(entry), usage, isReused, requestHash };
    },
    requestOf(trial, key) {
      const found = known().of(trial, key);
      if (found === null) return null;
      const entry = entryAt(files, found.intent);
      return entry.entry === "response" ? null : { kind: entry.kind, request: entry.request };
    },
    async intend(intent) {
      const earlier = known().of(intent.trial, intent.key);
      // Sent once more, under the key that the other side may know already.
      const idempotencyKey = earlier?.response === null ? earlier.idempotencyKey : randomUUID();
      await append({ entry: "intent", ...intent, idempotencyKey });
      return idempotencyKey;
    },
    respond: (response) => append({ entry: "response", ...response }),
    reusable(reuseKey) {
      const place = known().reusable(reuseKey);
      return place === null ? null : { response: responseOf(entryAt(files, place)) };
    },
    adopt: (intent, response) => append({ entry: "adopted", ...intent, response }),
    async close() {
      for (const file of files.values()) closeSync(file);
      files.clear();
      await log?.close();
    },
  };
}

/** Entries by trial and key, and the newest response by reuse key. */
class KnownEffects {
  readonly #byTrial = new Map<string, Map<string, Known>>();
  readonly #reusable = new Map<string, Place>();

  of(trial: string, key: string): Known | null {
    return this.#byTrial.get(trial)?.get(key) ?? null;
  }

  reusable(reuseKey: string): Place | null {
    return this.#reusable.get(reuseKey) ?? null;
  }

  add(entry: Entry, place: Place): void {
    const before = this.of(entry.trial, entry.key);
    if (entry.entry === "response") {
      // Its intent was durable before it; one that is not there was deleted by hand, and nothing is known of the request.
      if (before === null) return;
      this.#set(entry, { ...before, response: place });
      this.#reusable.set(before.reuseKey, place);
      return;
    }
    const { requestHash, reuseKey } = entry;
    if (entry.entry === "adopted") {
      this.#set(entry, { requestHash, reuseKey, idempotencyKey: "", intent: place, response: place });
      this.#reusable.set(reuseKey, place);
      return;
    }
    if (before !== null && before.response !== null) return;
    const { idempotencyKey } = entry;
    this.#set(entry, { requestHash, reuseKey, idempotencyKey, intent: place, response: null });
  }

  #set({ trial, key }: Entry, known: Known): void {
    let ofTrial = this.#byTrial.get(trial);
    if (ofTrial === undefined) {
      ofTrial = new Map();
      this.#byTrial.set(trial, ofTrial);
    }
    ofTrial.set(key, known);
  }
}

function loadEntries(folders: readonly string[]): KnownEffects {
  const known = new KnownEffects();
  for (const folder of folders) {
    for (const name of namesStored(folder)
      .filter((each) => each.endsWith(".log"))
      .sort()) {
      const path = join(folder, name);
      scanFrames(path, journalMagic.length, {
        frame(payload, _header, offset) {
          known.add(entryOf(payload), { path, offset });
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

function entryAt(files: Map<string, number>, { path, offset }: Place): Entry {
  let file = files.get(path);
  if (file === undefined) {
    file = openStored(path);
    files.set(path, file);
  }
  return entryOf(readFrameAt(file, offset));
}

function responseOf(entry: Entry): unknown {
  return entry.entry === "intent" ? undefined : entry.response;
}

export function entryOf(payload: Uint8Array): Entry {
  // Written by this file; the frame's checksum holds.
  return JSON.parse(new TextDecoder().decode(payload)) as Entry;
}
