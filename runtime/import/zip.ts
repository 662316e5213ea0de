// Reads the entries of a zip archive from its central directory: stored, deflated and Zstandard ones (PKWARE's APPNOTE 6.3.10, sections 4.3
// and 4.4.5).
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { UserError } from "../diagnostic/user-error.ts";
import { zstdTexts } from "./zstd.ts";

export interface ZipText {
  readonly name: string;
  readonly text: string;
}

interface Entry {
  readonly name: string;
  /** Where it is, for messages. */
  readonly place: string;
  readonly method: number;
  /** As it lies in the archive. */
  readonly content: Buffer;
  readonly size: number;
}

const methods = { stored: 0, deflated: 8, zstd: 93 } as const;

const endMark = 0x0605_4b50;
const entryMark = 0x0201_4b50;
/** A larger entry is refused: a small archive may claim any size. */
const entryBytesMax = 512 * 2 ** 20;

/** The texts of the entries that are wanted, in the archive's order. Throws UserError for what is no archive, damaged, or packed otherwise. */
export async function zipTexts(
  path: string,
  isWanted: (name: string) => boolean,
): Promise<readonly ZipText[]> {
  const entries = zipEntries(path).filter(({ name }) => isWanted(name));
  const zstd = entries.filter(({ method }) => method === methods.zstd);
  const unpacked = await unpackedZstd(zstd, path);
  return entries.map((entry) => ({ name: entry.name, text: unpacked.get(entry) ?? textOf(entry) }));
}

async function unpackedZstd(entries: readonly Entry[], path: string): Promise<ReadonlyMap<Entry, string>> {
  if (entries.length === 0) return new Map();
  try {
    const texts = await zstdTexts(entries.map(({ content, size }) => ({ bytes: content, size })));
    return new Map(entries.map((entry, index) => [entry, texts[index] ?? ""]));
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new UserError(`${path} is damaged: a part that is packed with Zstandard cannot be read (${why})`);
  }
}

function zipEntries(path: string): readonly Entry[] {
  const bytes = readFileSync(path);
  const end = endOf(bytes);
  if (end < 0) throw new UserError(`${path} is no zip archive`);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xff_ff || at === 0xff_ff_ff_ff)
    throw new UserError(`${path} is a zip archive of more than 4 GB or 65,534 entries, which is not read`);
  const entries: Entry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entryMark)
      throw new UserError(`${path} is damaged: entry ${index + 1} of its directory cannot be read`);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const place = `${path}, ${name}`;
    const size = bytes.readUInt32LE(at + 24);
    if (size > entryBytesMax) throw new UserError(`${place} is larger than 512 MB`);
    const [packed, start] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)];
    const content = contentAt(bytes, { packed, start, place });
    entries.push({ name, place, method: bytes.readUInt16LE(at + 10), content, size });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

/** The end record is the last thing but for a comment of at most 65,535 bytes. */
function endOf(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= Math.max(0, bytes.length - 22 - 0xff_ff); at -= 1)
    if (bytes.readUInt32LE(at) === endMark) return at;
  return -1;
}

function contentAt(
  bytes: Buffer,
  { packed, start, place }: { readonly packed: number; readonly start: number; readonly place: string },
): Buffer {
  if (start + 30 > bytes.length) throw new UserError(`${place} is cut off`);
  const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
  return bytes.subarray(from, from + packed);
}

function textOf({ place, method, content }: Entry): string {
  if (method === methods.stored) return content.toString("utf8");
  if (method !== methods.deflated)
    throw new UserError(`${place} is packed by method ${method}, which is not read`, {
      hint: "Write it as JSON first: inspect log convert --to json --output-dir out FILE",
    });
  try {
    return inflateRawSync(content, { maxOutputLength: entryBytesMax }).toString("utf8");
  } catch (error) {
    throw new UserError(`${place} is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}
