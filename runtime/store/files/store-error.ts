// What can go wrong between the store and the machine, told in words: a full disk, a folder that cannot be written, a second run,
// a file of another version. Nothing recorded before is lost in any of these cases.
import { UserError } from "../../diagnostic/user-error.ts";

export type StoreFault = "full" | "read-only" | "locked" | "other-version" | "not-a-store" | "damaged" | "io";

export class StoreError extends UserError {
  readonly fault: StoreFault;

  constructor(fault: StoreFault, message: string, hint?: string) {
    super(message, { hint });
    this.name = "StoreError";
    this.fault = fault;
  }
}

/** The disk took no more. What was appended before is whole; free some space and give the same command again. */
export class LedgerFull extends StoreError {
  constructor(path: string) {
    super(
      "full",
      `The disk is full: ${path} cannot grow.`,
      "Everything recorded so far is kept. Free some space (`lab clean` lists what can go), then give the same command again.",
    );
    this.name = "LedgerFull";
  }
}

/** The system's error as a StoreError where a person can do something about it; others come back as they are. */
export function storeErrorOf(error: unknown, path: string): unknown {
  switch (errorCodeOf(error)) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return new LedgerFull(path);
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new StoreError(
        "read-only",
        `${path} cannot be written: the folder is read-only for this user.`,
        "Nothing was changed. Make the folder writable, or give another project with --project.",
      );
    case "EISDIR":
    case "ENOTEMPTY":
      return new StoreError(
        "not-a-store",
        `${path} cannot be written: a folder is in the place of a file.`,
        "Move that folder out of the way and give the same command again.",
      );
    case "ENOTDIR":
      return new StoreError("not-a-store", `${path} cannot be made: a file is in the place of a folder.`);
    case "EIO":
      return new StoreError(
        "io",
        `The disk reported an error at ${path}.`,
        "Check the disk before you go on: what was made durable before is kept.",
      );
    case "EMFILE":
    case "ENFILE":
      return new StoreError(
        "io",
        `Too many files are open to use ${path}.`,
        "Raise the limit (ulimit -n) and give the same command again.",
      );
    default:
      return error;
  }
}

/** The `code` of a system error; undefined for anything else. */
export function errorCodeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** Runs a step that touches the disk and words its failure. */
export function wordedSync<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}

/** Runs a step that touches the disk and words its failure. */
export async function worded<T>(path: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw storeErrorOf(error, path);
  }
}
