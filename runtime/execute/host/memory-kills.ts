// Whether the kernel has ended processes for lack of memory: a SIGKILL alone does not say who sent it.
import { readFileSync } from "node:fs";

/** How many processes the kernel has killed for lack of memory since it started; null where it does not tell. */
export function memoryKills(): number | null {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8")) ?? [];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
