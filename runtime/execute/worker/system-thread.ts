// The number that the system knows this thread by.
import { readlinkSync } from "node:fs";

/** Null where the system does not tell: the process's main thread has its own number, and a worker thread another. */
export function systemThreadId(): number | null {
  try {
    const id = Number(/\/task\/(\d+)$/.exec(readlinkSync("/proc/thread-self"))?.[1]);
    return Number.isInteger(id) ? id : null;
  } catch {
    return null;
  }
}
