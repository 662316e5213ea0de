// What hosts take of their machines, told to the listener every few seconds, with the room that is left on this machine's disk.
import { statfsSync } from "node:fs";
import type { Listener } from "../../../event/event.ts";
import type { FromHost } from "../../protocol/protocol.ts";

/** Between two readings of a host, in ms. */
const everyMs = 2000;

export type ResourceNotes = (
  host: string,
  heartbeat: Extract<FromHost, { type: "heartbeat" }>,
  listener: Listener,
) => void;

/** `folder`: on the disk that is written to. */
export function resourceNotesOf(folder: string): ResourceNotes {
  const toldAt = new Map<string, number>();
  return (host, { memoryMb, cpu, workers }, listener) => {
    const now = performance.now();
    if (now - (toldAt.get(host) ?? Number.NEGATIVE_INFINITY) < everyMs) return;
    toldAt.set(host, now);
    listener({ type: "resources", host, memoryMb, cpu, workers, diskFreeMb: diskFreeMb(folder) });
  };
}

function diskFreeMb(folder: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return Math.floor((bavail * bsize) / 2 ** 20);
  } catch {
    return null;
  }
}
