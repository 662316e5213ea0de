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
  readonly isReused: boolean;
  readonly usage: Readonly<Record<string, number>>;
}

/** Reads the journals in the folders, oldest folder first; an answer that another trial got is marked as reused. */
export function effectsOfTrial(folders: readonly string[], trial: string): readonly JournalledEffect[] {
  const effects = new Map<string, JournalledEffect>();
  const add = (entry: Entry): void => {
    if (entry.trial !== trial) return;
    const { key } = entry;
    const before = effects.get(key);
    if (entry.entry === "response") {
      if (before !== undefined) effects.set(key, { ...before, response: entry.response, usage: entry.usage });
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
