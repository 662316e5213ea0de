// The Parquet files of an experiment as its run's manifest knows them: each with length and CRC-32, so that a changed byte is seen
// before a query reads it. A checksum runs at the speed of memory; a file of a gigabyte takes a quarter of a second.
import { closeSync, fstatSync, readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { crc32 } from "node:zlib";
import { errorCodeOf, StoreError } from "../files/store-error.ts";
import { openStored } from "../files/stored-file.ts";
import { readFully } from "../ledger/frame-scan.ts";
import type { CompactedTables } from "../store.ts";

/** Lists the files under `path`, which the manifest will know as `folder`. */
export function tablesIn(path: string, folder: string): CompactedTables {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(path, name)).isFile())
    .map((name) => name.split(sep).join("/"))
    .sort();
  return { folder, files: Object.fromEntries(names.map((name) => [name, checksumOf(join(path, name))])) };
}

/** What is wrong with an experiment's files, in words; null when every byte is as it was written. `path` is the folder that holds them. */
export function tablesFault(path: string, { files }: CompactedTables): string | null {
  for (const [name, { bytes, crc32: sum }] of Object.entries(files)) {
    const file = join(path, name);
    try {
      const found = checksumOf(file);
      if (found.bytes !== bytes || found.crc32 !== sum) return `${file} was changed after it was written.`;
    } catch (error) {
      if (error instanceof StoreError) return error.message;
      if (errorCodeOf(error) === "ENOENT") return `${file} is missing.`;
      throw error;
    }
  }
  return null;
}

const chunkBytes = 4 * 2 ** 20;

function checksumOf(path: string): { readonly bytes: number; readonly crc32: string } {
  const file = openStored(path);
  try {
    const bytes = fstatSync(file).size;
    const buffer = new Uint8Array(Math.min(bytes, chunkBytes));
    let sum = 0;
    for (let at = 0; at < bytes; ) {
      const count = readFully(file, buffer.subarray(0, Math.min(chunkBytes, bytes - at)), at);
      if (count === 0) break;
      sum = crc32(buffer.subarray(0, count), sum);
      at += count;
    }
    return { bytes, crc32: sum.toString(16).padStart(8, "0") };
  } finally {
    closeSync(file);
  }
}
