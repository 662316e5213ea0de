// The effects that one trial has in the journals of a run, in the order of their intents: for who looks at what was asked and answered.
import { join } from "node:path";
import { type Entry, entryOf, journalMagic } from "./effect-journal.ts";
import { scanFrames } from "./frame-scan.ts";
import { namesStored } from "./stored-file.ts";

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
}

/** Reads the journals in the folders, oldest folder first; an answer that another trial got is marked as reused. */
export function effectsOfTrial(folders: readonly string[], trial: string): readonly JournalledEffect[] {
  const effects = new Map<string, JournalledEffect>();
  const add = (entry: Entry): void => {
    if (entry.trial !== trial || entry.entry === "reopened") return;
    const { key } = entry;
    const before = effects.get(key);
    if (entry.entry === "response") {
      const { response, usage } = entry;
      if (before !== undefined) effects.set(key, { ...before, response, usage, failure: null });
      return;
    }
    if (entry.entry === "failure") {
      const { message, usage } = entry;
      if (before !== undefined) effects.set(key, { ...before, failure: message, usage });
      return;
    }
    if (before?.response !== undefined) return;
    const { kind, request } = entry;
    const isReused = entry.entry === "adopted";
    effects.set(key, {
      key,
      kind,
      request,
      response: isReused ? entry.response : undefined,
      failure: null,
      isReused,
      usage: {},
    });
  };
  for (const folder of folders)
    for (const name of namesStored(folder)
      .filter((each) => each.endsWith(".log"))
      .sort())
      scanFrames(join(folder, name), journalMagic.length, { frame: (payload) => add(entryOf(payload)) });
  return [...effects.values()];
}
