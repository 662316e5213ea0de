// Processes that the kernel ends for lack of memory: whether it has ended any (a SIGKILL alone does not say who sent it), and which it takes first.
import { readFileSync, writeFileSync } from "node:fs";

/** How many processes the kernel has killed for lack of memory since it started; null where it does not tell. */
export function memoryKills(): number | null {
  try {
    const [, count] = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "utf8")) ?? [];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}

/**
 * Where memory is full, this process and what it starts goes before one as large that has not asked for it: trials run again, a controller or
 * somebody's editor does not. As much as browsers ask for the processes of their pages.
 */
export function goFirstForMemory(): void {
  const file = "/proc/self/oom_score_adj";
  try {
    // A container may have asked for more, and less may be had by the superuser alone.
    if (Number(readFileSync(file, "utf8")) < 300) writeFileSync(file, "300");
  } catch {
    // Not Linux, or a system that does not let it be said: the largest goes first, as everywhere.
  }
}
