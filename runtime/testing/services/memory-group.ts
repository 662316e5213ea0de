// A control group of Linux whose processes share so many megabytes: beyond these the kernel kills one of them, as it does on a machine whose
// memory is full. Only the superuser of a machine (or container) that lets him write to its control groups can make one.
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where the groups are, and the file of the limit, in version 2 and in version 1. */
const versions = [
  { root: "/sys/fs/cgroup", limit: "memory.max", others: [["memory.swap.max", "0"]] },
  { root: "/sys/fs/cgroup/memory", limit: "memory.limit_in_bytes", others: [] },
] as const;

export interface MemoryGroup {
  /** A shell joins by writing its process id there; what it then starts belongs to the group too. */
  readonly membersFile: string;
  /** To be called once its processes are gone. */
  remove(): void;
}

/** Null where this machine does not let it be made. */
export function memoryGroupOf(megabytes: number): MemoryGroup | null {
  for (const { root, limit, others } of versions) {
    const folder = join(root, `labwright-test-${process.pid}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    const remove = (): void => rmdirSync(folder);
    // A folder made in what is no controller of memory lacks the file.
    if (existsSync(join(folder, limit))) {
      writeFileSync(join(folder, limit), String(megabytes * 1024 * 1024));
      for (const [file, value] of others)
        if (existsSync(join(folder, file))) writeFileSync(join(folder, file), value);
      return { membersFile: join(folder, "cgroup.procs"), remove };
    }
    remove();
  }
  return null;
}
