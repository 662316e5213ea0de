// The journal of what trials did to the outside world. An intent is durable before the effect is performed and a response before the
// trial sees it, so a response that was paid for is never asked for again, in this run or another with the same trial.

import { randomUUID } from "node:crypto";
import { closeSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type CallAttempts, noAttempts } from "../../record/port-calls.ts";
import { ownerOnly } from "../files/atomic-file.ts";
import { nextSerial } from "../files/layout.ts";
import { StoreError, wordedSync } from "../files/store-error.ts";
import { namesStored, openStored } from "../files/stored-file.ts";
import { FrameLog } from "../ledger/frame-log.ts";
import { readFrameAt, scanFrames } from "../ledger/frame-scan.ts";
import type { EffectIntent, EffectJournal, KeptFailure, PinnedExchange } from "../store.ts";

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
  /** Absent in what labwright wrote before it kept them. */
  readonly attempts?: CallAttempts;
}

/** A call that came to nothing. */
interface FailureEntry {
  readonly entry: "failure";
  readonly trial: string;
  readonly key: string;
  readonly message: string;
  readonly usage: Readonly<Record<string, number>>;
  readonly attempts?: CallAttempts;
}

/** Of a call that was intended nothing is on its way: it is made another time, as if for the first. */
interface WithdrawnEntry {
  readonly entry: "withdrawn";
  readonly trial: string;
  readonly key: string;
}

/** An answer for whatever will be asked under the key. */
interface PinnedEntry extends PinnedExchange {
  readonly entry: "pinned";
}

/** The trial has failed: what failed before is made again when it is tried again. */
interface ReopenedEntry {
  readonly entry: "reopened";
  readonly trial: string;
}

/** An answer that another trial got: intent and response in one. */
interface AdoptedEntry extends EffectIntent {
  readonly entry: "adopted";
  readonly response: unknown;
}

export type Entry =
  | IntentEntry
  | ResponseEntry
  | FailureEntry
  | WithdrawnEntry
  | ReopenedEntry
  | AdoptedEntry
  | PinnedEntry;

interface Place {
  readonly path: string;
  readonly offset: number;
}

/** What is kept in memory of one effect: its hashes, and where its request and response lie. */
interface Known {
  /** Null for a pinned answer. */
  readonly requestHash: string | null;
  readonly reuseKey: string;
  readonly idempotencyKey: string;
  readonly intent: Place;
  readonly response: Place | null;
  readonly failure: FailureKept | null;
  /** Whether the call may be on its way. */
  readonly isSent: boolean;
}

interface FailureKept {
  readonly place: Place;
  /** How many intents the trial had before it. */
  readonly after: number;
  readonly isReopened: boolean;
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
  const failureOf = (trial: string, { failure }: Known): KeptFailure | null => {
    const entry = failure === null ? null : entryAt(files, failure.place);
    if (failure === null || entry === null) return null;
    if (entry.entry === "pinned")
      return { message: entry.failure ?? "", usage: {}, attempts: noAttempts, isActedOn: true };
    if (entry.entry !== "failure") return null;
    const { message, usage, attempts = noAttempts } = entry;
    const isActedOn = !failure.isReopened && known().intentsOf(trial) > failure.after;
    return { message, usage, attempts, isActedOn };
  };
  return {
    lookup(trial, key) {
      const found = known().of(trial, key);
      if (found === null) return { kind: "new" };
      const { requestHash, idempotencyKey, response, isSent } = found;
      if (response === null)
        return { kind: "in-doubt", idempotencyKey, requestHash, isSent, failure: failureOf(trial, found) };
      const entry = entryAt(files, response);
      const isReused = entry.entry === "adopted" || entry.entry === "pinned";
      const usage = entry.entry === "response" ? entry.usage : {};
      return {
        kind: "response",
        response: responseOf(entry),
        usage,
        isReused,
        requestHash,
        attempts: attemptsIn(entry),
      };
    },
    requestOf(trial, key) {
      const found = known().of(trial, key);
      if (found === null) return null;
      const entry = entryAt(files, found.intent);
      return "request" in entry ? { kind: entry.kind, request: entry.request } : null;
    },
    async intend(intent) {
      const earlier = known().of(intent.trial, intent.key);
      // Sent once more, under the key that the other side may know already.
      const idempotencyKey = earlier?.response === null ? earlier.idempotencyKey : randomUUID();
      await append({ entry: "intent", ...intent, idempotencyKey });
      return idempotencyKey;
    },
    respond: (response) => append({ entry: "response", ...response }),
    fail: (failure) => append({ entry: "failure", ...failure }),
    withdraw: (call) => append({ entry: "withdrawn", ...call }),
    async reopen(trial) {
      // A run without effects reads no journal for its failures.
      if (loaded?.hasFailures(trial) !== true) return;
      loaded.reopen(trial);
      await append({ entry: "reopened", trial });
    },
    reusable(reuseKey) {
      const place = known().reusable(reuseKey);
      return place === null ? null : { response: responseOf(entryAt(files, place)) };
    },
    async pin(exchange) {
      if (known().of(exchange.trial, exchange.key) === null) await append({ entry: "pinned", ...exchange });
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

  /** How many calls the trial has begun. */
  intentsOf(trial: string): number {
    return this.#byTrial.get(trial)?.size ?? 0;
  }

  /** Whether calls of the trial have failed that were not reopened since. */
  hasFailures(trial: string): boolean {
    const all = [...(this.#byTrial.get(trial)?.values() ?? [])];
    return all.some(({ failure, requestHash }) => failure?.isReopened === false && requestHash !== null);
  }

  reopen(trial: string): void {
    for (const [key, known] of this.#byTrial.get(trial) ?? [])
      if (known.failure !== null && known.requestHash !== null)
        this.#set({ trial, key }, { ...known, failure: { ...known.failure, isReopened: true } });
  }

  reusable(reuseKey: string): Place | null {
    return this.#reusable.get(reuseKey) ?? null;
  }

  add(entry: Entry, place: Place): void {
    if (entry.entry === "pinned") {
      const of = { requestHash: null, reuseKey: "", idempotencyKey: "", intent: place, isSent: false };
      const isFailure = entry.failure !== null;
      const failure = isFailure ? { place, after: -1, isReopened: false } : null;
      this.#set(entry, { ...of, response: isFailure ? null : place, failure });
      return;
    }
    if (entry.entry === "reopened") {
      this.reopen(entry.trial);
      return;
    }
    const before = this.of(entry.trial, entry.key);
    // Their intent was durable before them; one that is not there was deleted by hand, and nothing is known of the request.
    if (entry.entry === "response") {
      if (before === null) return;
      this.#set(entry, { ...before, response: place, failure: null });
      this.#reusable.set(before.reuseKey, place);
    } else if (entry.entry === "failure") {
      if (before === null) return;
      const failure = { place, after: this.intentsOf(entry.trial), isReopened: false };
      this.#set(entry, { ...before, failure });
    } else if (entry.entry === "withdrawn") {
      if (before !== null) this.#set(entry, { ...before, isSent: false });
    } else this.#begin(entry, place, before);
  }

  #begin(entry: IntentEntry | AdoptedEntry, place: Place, before: Known | null): void {
    const { requestHash, reuseKey } = entry;
    const of = { requestHash, reuseKey, intent: place, failure: null, isSent: true };
    if (entry.entry === "adopted") {
      this.#set(entry, { ...of, idempotencyKey: "", response: place });
      this.#reusable.set(reuseKey, place);
      return;
    }
    if (before !== null && before.response !== null) return;
    this.#set(entry, { ...of, idempotencyKey: entry.idempotencyKey, response: null });
  }

  #set({ trial, key }: { readonly trial: string; readonly key: string }, known: Known): void {
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

function attemptsIn(entry: Entry): CallAttempts {
  if (entry.entry !== "response") return noAttempts;
  const { attempts, usage } = entry;
  return (
    attempts ?? { failed: Array.from({ length: usage.retries ?? 0 }, () => "not kept"), isResent: false }
  );
}

function responseOf(entry: Entry): unknown {
  return "response" in entry ? entry.response : undefined;
}

export function entryOf(payload: Uint8Array): Entry {
  // Written by this file; the frame's checksum holds.
  return JSON.parse(new TextDecoder().decode(payload)) as Entry;
}
