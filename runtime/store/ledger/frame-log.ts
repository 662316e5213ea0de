// An append-only file of frames being written by this process. Every append is one write(); fdatasync is shared by all appends of a
// short while, so durability costs twenty disk flushes a second however many entries there are.
import { closeSync, fdatasync, fsyncSync, ftruncateSync, openSync, writevSync } from "node:fs";
import { dirname } from "node:path";
import { errorCodeOf, storeErrorOf, wordedSync } from "../files/store-error.ts";
import { frameAround } from "./ledger-frame.ts";

/** Longest time in ms that an append waits for its fdatasync. */
export const syncEveryMs = 50;

export class FrameLog {
  readonly path: string;
  readonly #file: number;
  #size = 0;
  #syncedSize = 0;
  #timer: NodeJS.Timeout | null = null;
  #syncing: Promise<void> | null = null;
  #fault: unknown = null;
  #isClosed = false;

  /** Makes a new file that starts with `head` and is durable as such. Throws when a file is there already. */
  constructor(path: string, head: Uint8Array, { mode = 0o666 }: { readonly mode?: number } = {}) {
    this.path = path;
    this.#file = wordedSync(path, () => openSync(path, "wx", mode));
    this.#write([head], head.length);
    wordedSync(path, () => {
      fsyncSync(this.#file);
      syncFolder(dirname(path));
    });
    this.#syncedSize = this.#size;
  }

  /** Bytes written. */
  get size(): number {
    return this.#size;
  }

  /**
   * Writes one frame at once; durable within `syncEveryMs`. Returns the byte at which it starts. When the disk refuses, the file is cut
   * back to its last whole frame and a StoreError is thrown; the entry is then not recorded.
   */
  append(
    payload: Uint8Array,
    tag: { readonly job: number; readonly rows: number } = { job: 0, rows: 0 },
  ): number {
    this.#assertUsable();
    const { header, padding } = frameAround(payload, tag);
    const parts = padding === 0 ? [header, payload] : [header, payload, new Uint8Array(padding)];
    const at = this.#size;
    this.#write(parts, header.length + payload.length + padding);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      // Loops until all that was appended meanwhile is durable too; a fault is kept and thrown by the next append.
      this.sync().catch(() => undefined);
    }, syncEveryMs);
    return at;
  }

  /** Resolves when everything appended so far is durable. */
  async sync(): Promise<void> {
    const wanted = this.#size;
    while (this.#syncedSize < wanted) await this.#flush();
    this.#throwFault();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    try {
      await this.sync();
    } finally {
      this.#isClosed = true;
      closeSync(this.#file);
    }
  }

  #write(parts: readonly Uint8Array[], length: number): void {
    try {
      // writev may write less than asked for, which is how a disk says that it is nearly full.
      let written = writevSync(this.#file, parts, this.#size);
      if (written < length) {
        const rest = Buffer.concat(parts);
        while (written < length)
          written += writevSync(this.#file, [rest.subarray(written)], this.#size + written);
      }
      this.#size += length;
    } catch (error) {
      this.#cutBack();
      throw storeErrorOf(error, this.path);
    }
  }

  #cutBack(): void {
    try {
      ftruncateSync(this.#file, this.#size);
    } catch (error) {
      // Devices such as /dev/full cannot be cut; a reader finds a torn tail there and cuts it itself.
      if (errorCodeOf(error) === undefined) throw error;
    }
  }

  #flush(): Promise<void> {
    this.#syncing ??= new Promise<void>((resolve, reject) => {
      // What others append in the same turn of the event loop goes with it: a flush costs milliseconds whatever it flushes.
      setImmediate(() => {
        const size = this.#size;
        fdatasync(this.#file, (error) => {
          this.#syncing = null;
          if (error === null) this.#syncedSize = Math.max(this.#syncedSize, size);
          else this.#fault = storeErrorOf(error, this.path);
          if (error === null) resolve();
          else reject(this.#fault);
        });
      });
    });
    return this.#syncing;
  }

  #assertUsable(): void {
    if (this.#isClosed) throw new Error(`${this.path} is closed`);
    this.#throwFault();
  }

  #throwFault(): void {
    if (this.#fault !== null) throw this.#fault;
  }
}

/** Makes a new or renamed name in a folder durable. Systems that cannot open folders make names durable by themselves. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    if (!["EISDIR", "EPERM", "EINVAL", "EACCES"].includes(errorCodeOf(error) ?? "")) throw error;
  }
}
