// The effects that one trial has in the journals of a run, in the order of their intents: for who looks at what was asked and answered.
import { join } from "node:path";
import { namesStored } from "../files/stored-file.ts";
import { scanFrames } from "../ledger/frame-scan.ts";
import { type Entry, entryOf, journalMagic } from "./effect-journal.ts";

export interface JournalledEffect {
  readonly key: string;
  readonly kind: string;
  readonly request: unknown;
  /** Undefined while there is no answer. */
  readonly response: unknown;
  /** How the call failed, as the trial was told; null where it did not. */
  readonly failure: string | null;
  readonly isReused: boolean;
  readonly usage: Readonly<Record<string, number>>;
  /** Places in the order of all that the trial's journals hold: of the request, and of what came of it; null while nothing has. */
  readonly askedAt: number;
  readonly endedAt: number | null;
}

/** Reads the journals in the folders, oldest folder first; an answer that another trial got is marked as reused. */
export function effectsOfTrial(folders: readonly string[], trial: string): readonly JournalledEffect[] {
  const effects = new Map<string, JournalledEffect>();
  let entries = 0;
  const add = (entry: Entry): void => {
    if (entry.trial !== trial || entry.entry === "reopened") return;
    entries += 1;
    const { key } = entry;
    if (entry.entry === "withdrawn") {
      effects.delete(key);
      return;
    }
    const before = effects.get(key);
    if (entry.entry === "response") {
      const { response, usage } = entry;
      if (before !== undefined)
        effects.set(key, { ...before, response, usage, failure: null, endedAt: entries });
      return;
    }
    if (entry.entry === "failure") {
      const { message, usage } = entry;
      if (before !== undefined) effects.set(key, { ...before, failure: message, usage, endedAt: entries });
      return;
    }
    // What is adopted after it was pinned is what was asked in the end.
    if (before?.response !== undefined && entry.entry !== "adopted") return;
    const { kind, request } = entry;
    const isReused = entry.entry !== "intent";
    effects.set(key, {
      key,
      kind,
      request,
      response: isReused ? entry.response : undefined,
      failure: entry.entry === "pinned" ? entry.failure : null,
      isReused,
      usage: {},
      askedAt: before?.askedAt ?? entries,
      endedAt: isReused ? entries : null,
    });
  };
  for (const folder of folders)
    for (const name of namesStored(folder)
      .filter((each) => each.endsWith(".log"))
      .sort())
      scanFrames(join(folder, name), journalMagic.length, { frame: (payload) => add(entryOf(payload)) });
  return [...effects.values()];
}
