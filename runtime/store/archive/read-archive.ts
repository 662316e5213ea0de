// An archive unpacked into a folder beside the store, checked file by file, and then joined like any other store. Whatever is wrong with it,
// nothing of it reaches the store.
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, mkdirSync, rmSync, statfsSync, statSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createGunzip } from "node:zlib";
import { errorCodeOf, StoreError, worded } from "../files/store-error.ts";
import { type Conflict, conflictsBetween } from "../join/conflicts.ts";
import { type Joined, joinStore } from "../join/join-store.ts";
import { openStore, type ProjectStore } from "../project-store.ts";
import {
  type ArchivedFile,
  type ArchiveIndex,
  damagedArchive,
  indexBytesMax,
  indexName,
  readIndex,
} from "./archive-index.ts";
import { type TarEntry, tarEntries } from "./tar.ts";

/** How many times its own length an archive may unpack to: measured ones stay below 30; a trap of zeros reaches 1000. */
const growthMost = 200;
/** Conflicts looked for. */
const conflictsMost = 1000;
/** What any archive may unpack to. */
const bytesAlways = 2 ** 28;

/** Throws StoreError, with nothing restored, for an archive that is torn, changed, too large for the disk or not one of ours. */
export async function restoreArchive(
  store: ProjectStore,
  path: string,
): Promise<{
  readonly index: ArchiveIndex;
  readonly joined: Joined;
  readonly conflicts: readonly Conflict[];
}> {
  const root = join(store.folder, `restore-${randomUUID().slice(0, 8)}.draft`);
  try {
    const index = await unpacked(path, join(root, ".lab"));
    const archived = openStore(root);
    const conflicts = await conflictsBetween(store, archived, conflictsMost);
    return { index, joined: await joinStore(store, archived), conflicts };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function unpacked(path: string, folder: string): Promise<ArchiveIndex> {
  const packed = createReadStream(path);
  const stream = createGunzip();
  packed.on("error", (error) => stream.destroy(error));
  packed.pipe(stream);
  try {
    const entries = tarEntries(stream);
    const first = (await entries.next()).value as TarEntry | undefined;
    if (first?.path !== indexName || first.bytes > indexBytesMax)
      throw damagedArchive("it does not begin with a list of its files");
    const index = readIndex((await bytesOf(first)).toString("utf8"));
    assertRoom(index, { path, folder });
    for (const file of index.files) {
      const entry = (await entries.next()).value as TarEntry | undefined;
      if (entry?.path !== file.path || entry.bytes !== file.bytes)
        throw damagedArchive(`${file.path} is not where its list says`);
      await keep(entry, file, join(folder, file.path));
    }
    if ((await entries.next()).done !== true)
      throw damagedArchive("it holds a file that its list does not name");
    return index;
  } catch (error) {
    // What zlib says of torn or changed bytes.
    if (errorCodeOf(error)?.startsWith("Z_") === true) throw damagedArchive("it is torn or no gzip file");
    throw error;
  } finally {
    packed.destroy();
    stream.destroy();
  }
}

async function bytesOf(entry: TarEntry): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of entry.content()) parts.push(part);
  return Buffer.concat(parts);
}

function assertRoom(
  { files }: ArchiveIndex,
  { path, folder }: { readonly path: string; readonly folder: string },
): void {
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const packed = statSync(path).size;
  if (bytes > Math.max(bytesAlways, packed * growthMost))
    throw damagedArchive(`its ${packed} bytes would unpack to ${bytes}, which no archive of results does`);
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = statfsSync(folder);
  // Unpacked, and once more as it is joined.
  if (2 * bytes > bavail * bsize)
    throw new StoreError(
      "full",
      `The archive needs ${2 * bytes} bytes of disk; there are ${bavail * bsize}.`,
    );
}

async function keep(entry: TarEntry, file: ArchivedFile, path: string): Promise<void> {
  const hash = createHash("sha256");
  await worded(path, async () => {
    mkdirSync(dirname(path), { recursive: true });
    const target = await open(path, "wx", 0o600);
    try {
      for await (const part of entry.content()) {
        hash.update(part);
        for (let done = 0; done < part.length; )
          done += (await target.write(part, done, part.length - done)).bytesWritten;
      }
    } finally {
      await target.close();
    }
  });
  if (hash.digest("hex") !== file.sha256)
    throw damagedArchive(`${file.path} was changed since it was archived`);
}
