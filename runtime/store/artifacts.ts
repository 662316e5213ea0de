// Files that trials left behind, stored once by content: `artifacts/ab/ab12...`. Their names are in the records.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeAtomic } from "./atomic-file.ts";
import { errorCodeOf, StoreError } from "./store-error.ts";

export interface ArtifactStore {
  /** Stores bytes durably; gives their SHA-256 in lower-case hex. Throws RangeError when `expected` is another hash. */
  put(bytes: Uint8Array, expected?: string): Promise<string>;
  /** Throws StoreError when there is none or when it was changed since. */
  read(hash: string): Promise<Uint8Array>;
  pathOf(hash: string): string;
}

export function openArtifacts(folder: string): ArtifactStore {
  const pathOf = (hash: string): string => {
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new RangeError(`"${hash}" is no SHA-256 in lower-case hex`);
    return join(folder, hash.slice(0, 2), hash);
  };
  return {
    pathOf,
    async put(bytes, expected) {
      const hash = hashOf(bytes);
      if (expected !== undefined && expected !== hash)
        throw new RangeError(`an artifact of hash ${hash} was announced as ${expected}`);
      const path = pathOf(hash);
      if (!existsSync(path)) await writeAtomic(path, bytes);
      return hash;
    },
    async read(hash) {
      try {
        const bytes = await readFile(pathOf(hash));
        if (hashOf(bytes) !== hash)
          throw new StoreError("damaged", `The artifact ${pathOf(hash)} was changed since it was stored.`);
        return bytes;
      } catch (error) {
        if (errorCodeOf(error) !== "ENOENT") throw error;
        throw new StoreError(
          "damaged",
          `There is no artifact ${hash}: it was deleted, or this is another project's record.`,
        );
      }
    },
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
