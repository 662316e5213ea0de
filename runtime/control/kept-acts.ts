// The journal of what was done to a run while it went on: a line an act.
import { closeSync, existsSync, fsyncSync, openSync, writeSync } from "node:fs";
import type { DoneAct } from "../event/act.ts";
import { ownerOnly } from "../store/files/atomic-file.ts";
import { readStored } from "../store/files/stored-file.ts";

/** Oldest first. A line that a kill cut short is left out. */
export function readActs(path: string): readonly DoneAct[] {
  if (!existsSync(path)) return [];
  return readStored(path)
    .toString("utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        // As keepAct has written it.
        return [JSON.parse(line) as DoneAct];
      } catch {
        return [];
      }
    });
}

/** On the disk before it is done. */
export function keepAct(path: string, done: DoneAct): void {
  const file = openSync(path, "a", ownerOnly);
  try {
    writeSync(file, `${JSON.stringify(done)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
