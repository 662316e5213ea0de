// How much of a processor core this process, or one of its threads, has taken since it was asked last.
import { readFileSync } from "node:fs";

/** Linux counts a thread's time in hundredths of a second. */
const ticksMs = 10;

/** Shares of a core between calls: 0 for idle, 1 for one core, more for a process of several threads. Null where it cannot be told. */
export class CpuShares {
  readonly #before = new Map<string, { readonly atMs: number; readonly usedMs: number }>();

  ofProcess(): number | null {
    const { user, system } = process.cpuUsage();
    return this.#share("process", (user + system) / 1000);
  }

  /** Of a thread of this process, by the number that the system knows it by; null where it has none. */
  ofThread(id: number | null): number | null {
    const usedMs = id === null ? null : threadMs(id);
    return usedMs === null ? null : this.#share(String(id), usedMs);
  }

  #share(key: string, usedMs: number): number | null {
    const now = performance.now();
    const before = this.#before.get(key);
    this.#before.set(key, { atMs: now, usedMs });
    if (before === undefined || now <= before.atMs) return null;
    return Math.max(0, (usedMs - before.usedMs) / (now - before.atMs));
  }
}

/** Fields 14 and 15 of the file, counted behind the name, which may hold anything in its brackets. */
function threadMs(id: number): number | null {
  try {
    const text = readFileSync(`/proc/self/task/${id}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const ticks = Number(fields[11]) + Number(fields[12]);
    return Number.isFinite(ticks) ? ticks * ticksMs : null;
  } catch {
    return null;
  }
}
