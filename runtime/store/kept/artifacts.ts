// Files that trials left behind, stored once by content: `artifacts/ab/ab12...`. Their names are in the records.
import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { errorCodeOf, StoreError, worded } from "../files/store-error.ts";
import { fetchArtifact, remotesOf, remoteWords } from "../s3/remote-artifact.ts";

/** An artifact that is being written. One call at a time. */
export interface ArtifactDraft {
  append(bytes: Uint8Array): Promise<void>;
  /** Stores it durably; gives its SHA-256. Throws RangeError when `expected` is another hash. Either way the draft is gone. */
  keep(expected?: string): Promise<string>;
  drop(): Promise<void>;
}

export interface ArtifactStore {
  draft(): Promise<ArtifactDraft>;
  /** Stores bytes durably; gives their SHA-256 in lower-case hex. Throws RangeError when `expected` is another hash. */
  put(bytes: Uint8Array, expected?: string): Promise<string>;
  /** From the bucket that the store names, where it is not here. Throws StoreError when there is none or when it was changed since. */
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
    draft: () => openDraft(folder, pathOf),
    async put(bytes, expected) {
      const draft = await openDraft(folder, pathOf);
      await draft.append(bytes);
      return draft.keep(expected);
    },
    async read(hash) {
      try {
        const bytes = await readFile(pathOf(hash));
        if (hashOf(bytes) !== hash)
          throw new StoreError("damaged", `The artifact ${pathOf(hash)} was changed since it was stored.`);
        return bytes;
      } catch (error) {
        if (errorCodeOf(error) !== "ENOENT") throw error;
        const fetched = await fetchArtifact(folder, hash);
        if (fetched !== null) return fetched;
        throw missing(folder, hash);
      }
    },
  };
}

function missing(folder: string, hash: string): StoreError {
  const places = remotesOf(dirname(folder)).map(remoteWords);
  if (places.length === 0)
    return new StoreError(
      "damaged",
      `There is no artifact ${hash}: it was deleted, or this is another project's record.`,
      "If it lies in a bucket, name that one in lab.config.ts (store: s3({ ... })); after `lab push s3` it is looked for there.",
    );
  return new StoreError(
    "damaged",
    `There is no artifact ${hash} here, and none in ${places.join(" or ")}.`,
    "If it lies in another bucket or prefix, name that one in lab.config.ts (store: s3({ ... })); after `lab push s3` it is looked for there too.",
  );
}

/** Its file ends in `.draft`, so that what a killed process left is known for what it is. */
async function openDraft(folder: string, pathOf: (hash: string) => string): Promise<ArtifactDraft> {
  const path = join(folder, "drafts", `${randomUUID()}.draft`);
  const file = await worded(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(path, "wx");
  });
  const hash = createHash("sha256");
  const drop = async (): Promise<void> => {
    await file.close();
    await rm(path, { force: true });
  };
  const orDrop = async <T>(act: () => Promise<T>): Promise<T> => {
    try {
      return await worded(path, act);
    } catch (error) {
      await drop();
      throw error;
    }
  };
  return {
    append: (bytes) =>
      orDrop(async () => {
        hash.update(bytes);
        for (let done = 0; done < bytes.length; )
          done += (await file.write(bytes, done, bytes.length - done)).bytesWritten;
      }),
    keep: (expected) =>
      orDrop(async () => {
        const found = hash.digest("hex");
        if (expected !== undefined && expected !== found)
          throw new RangeError(`an artifact of hash ${found} was announced as ${expected}`);
        const target = pathOf(found);
        if (existsSync(target)) {
          await drop();
          return found;
        }
        await file.sync();
        await file.close();
        await mkdir(dirname(target), { recursive: true });
        await rename(path, target);
        return found;
      }),
    drop,
  };
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
