// Reads a Redis stream from a place on, entry by entry, over a connection of its own that waits.
import type { Redis } from "ioredis";
import { fieldsIn } from "./parcel.ts";

export type Entry = ReadonlyMap<string, Buffer>;

const waitMs = 1000;
const atOnce = 256;

export class StreamReader {
  readonly #redis: Redis;
  readonly #key: string;
  readonly #onEntry: (entry: Entry) => void;
  #last: string;
  #isOpen = true;

  /** `after` is the id of the last entry that is known; "0" for none. The connection is this reader's and is closed with it. */
  constructor(
    redis: Redis,
    options: { readonly key: string; readonly after: string; readonly onEntry: (entry: Entry) => void },
  ) {
    this.#redis = redis;
    this.#key = options.key;
    this.#last = options.after;
    this.#onEntry = options.onEntry;
    void this.#read();
  }

  /** Id of the last entry that was handed on. */
  get last(): string {
    return this.#last;
  }

  close(): void {
    this.#isOpen = false;
    this.#redis.disconnect();
  }

  async #read(): Promise<void> {
    while (this.#isOpen) {
      try {
        const read = await this.#redis.xreadBuffer(
          "COUNT",
          atOnce,
          "BLOCK",
          waitMs,
          "STREAMS",
          this.#key,
          this.#last,
        );
        const [stream] = read ?? [];
        for (const [id, flat] of stream?.[1] ?? []) {
          if (!this.#isOpen) return;
          this.#last = id.toString();
          this.#onEntry(fieldsIn(flat));
        }
      } catch {
        // The connection was lost: it is made again, and what was not read is still there.
        if (this.#isOpen) await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }
}
