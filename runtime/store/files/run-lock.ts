// A lock as a file: of a project, a run or a job (run-locks.ts). It names its owner by pid, boot and start time, so that
// one left behind by kill -9 or a power cut is recognised and taken over, while a recycled pid is not mistaken for the owner.
import { randomUUID } from "node:crypto";
import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { errorCodeOf, StoreError, wordedSync } from "./store-error.ts";
import { readStored } from "./stored-file.ts";

export interface LockOwner {
  readonly pid: number;
  readonly host: string;
  /** Changes when the machine starts; null where the system does not tell. */
  readonly boot: string | null;
  /** When the process started, in the system's own count; null where it does not tell. */
  readonly started: string | null;
  /** What it is doing, for the message to the second comer: "run r0003-calm-heron". */
  readonly what: string;
  readonly token: string;
}

export interface RunLock {
  readonly owner: LockOwner;
  /** Gives the lock back. Does nothing when another has taken it over. */
  release(): void;
}

/**
 * Takes the lock at `path` or throws StoreError ("locked") that names who has it. On a full disk it throws LedgerFull, but for who is to
 * free space (`mayBeBlank`): that one takes the lock without writing its name into it.
 */
export function takeLock(
  path: string,
  what: string,
  {
    mayBeBlank = false,
    refused = "Another lab is writing to this project",
  }: { readonly mayBeBlank?: boolean; readonly refused?: string } = {},
): RunLock {
  let isBlank = false;
  const owner: LockOwner = { ...selfOwner(), what, token: randomUUID() };
  wordedSync(path, () => {
    mkdirSync(dirname(path), { recursive: true });
    // Each round either takes the lock, refuses, or removes one stale lock; a third comer can win a round, not all of them.
    for (let round = 0; round < 20; round += 1) {
      const made = createLock(path, owner, mayBeBlank);
      isBlank = made === "blank";
      if (made !== "taken") return;
      const holder = lockOwnerAt(path);
      if (holder === "unfinished" || (holder !== null && isAlive(holder)))
        throw lockedError(path, holder, refused);
      if (holder !== null) removeStale(path, holder);
    }
    throw lockedError(path, "unfinished", refused);
  });
  return {
    owner,
    release() {
      const holder = lockOwnerAt(path);
      const isOurs = holder === "unfinished" ? isBlank : holder?.token === owner.token;
      if (isOurs) unlinkSync(path);
    },
  };
}

/** Who holds the lock at `path` and lives; null when nobody does. */
export function lockHolder(path: string): LockOwner | null {
  const holder = lockOwnerAt(path);
  return holder !== null && holder !== "unfinished" && isAlive(holder) ? holder : null;
}

/** "taken": there is a lock already. */
type Made = "named" | "blank" | "taken";

/** Makes the lock with its content in one step, so that nobody ever sees half of it. */
function createLock(path: string, owner: LockOwner, mayBeBlank: boolean): Made {
  const draft = `${path}.${owner.token}`;
  try {
    writeFileSync(draft, JSON.stringify(owner), { flag: "wx" });
    linkSync(draft, path);
    return "named";
  } catch (error) {
    const code = errorCodeOf(error) ?? "";
    if (code === "EEXIST") return "taken";
    if (mayBeBlank && ["ENOSPC", "EDQUOT"].includes(code)) return createInPlace(path, "blank");
    if (["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"].includes(code))
      return createInPlace(path, "named", JSON.stringify(owner));
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** For file systems without hard links, and for full ones, where a name without content still finds room. */
function createInPlace(path: string, kind: "named" | "blank", content = ""): Made {
  let file: number;
  try {
    file = openSync(path, "wx");
  } catch (error) {
    if (errorCodeOf(error) === "EEXIST") return "taken";
    throw error;
  }
  try {
    if (content !== "") writeFileSync(file, content);
    return kind;
  } finally {
    closeSync(file);
  }
}

function removeStale(path: string, stale: LockOwner): void {
  const aside = `${path}.stale-${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = lockOwnerAt(aside);
  // Between the look and the rename another process may have replaced the stale lock by its own: give that one back.
  if (moved !== null && moved !== "unfinished" && moved.token !== stale.token) {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (errorCodeOf(error) !== "EEXIST") throw error;
    }
  }
  unlinkSync(aside);
}

function lockOwnerAt(path: string): LockOwner | "unfinished" | null {
  let text: string;
  try {
    text = readStored(path).toString("utf8");
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return null;
    throw error;
  }
  try {
    const read: unknown = JSON.parse(text);
    // Only this file writes locks; anything else in its place is treated as held.
    return typeof read === "object" && read !== null && "token" in read ? (read as LockOwner) : "unfinished";
  } catch {
    return "unfinished";
  }
}

function lockedError(path: string, holder: LockOwner | "unfinished", refused: string): StoreError {
  if (holder === "unfinished")
    return new StoreError(
      "locked",
      `The project is locked by ${path}.`,
      "If no other `lab` is running on it, delete that file.",
    );
  const where = holder.host === hostname() ? "" : ` on ${holder.host}`;
  return new StoreError(
    "locked",
    `${refused}: ${holder.what}, process ${holder.pid}${where}.`,
    holder.host === hostname()
      ? "Wait for it (`lab watch`), or end it (`lab stop`). Runs on unlike experiments go on side by side."
      : `If that machine no longer runs it, delete ${path}.`,
  );
}

function isAlive(owner: LockOwner): boolean {
  const self = selfOwner();
  // A process of another machine cannot be seen from here: its lock holds until it is deleted.
  if (owner.host !== self.host) return true;
  if (owner.boot !== self.boot) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (errorCodeOf(error) === "ESRCH") return false;
  }
  return owner.started === startOf(owner.pid) && !isZombie(owner.pid);
}

function selfOwner(): Pick<LockOwner, "pid" | "host" | "boot" | "started"> {
  return {
    pid: process.pid,
    host: hostname(),
    boot: textOf("/proc/sys/kernel/random/boot_id"),
    started: startOf(process.pid),
  };
}

/** Field 22 of /proc/<pid>/stat: clock ticks between boot and the process's start. The name in field 2 may hold spaces and brackets. */
function startOf(pid: number): string | null {
  return statFields(pid)?.[19] ?? null;
}

/** A killed process whose parent has not yet asked for its end holds no file open any more. */
function isZombie(pid: number): boolean {
  return statFields(pid)?.[0] === "Z";
}

function statFields(pid: number): readonly string[] | null {
  const stat = textOf(`/proc/${pid}/stat`);
  return stat === null ? null : stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}
