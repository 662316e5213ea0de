// Reads the entries of a zip archive from its central directory: stored and deflated ones (PKWARE's APPNOTE 6.3.10, sections 4.3 and 4.5.3).
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";
import { UserError } from "../diagnostic/user-error.ts";

export interface ZipEntry {
  readonly name: string;
  text(): string;
}

const endMark = 0x0605_4b50;
const entryMark = 0x0201_4b50;
/** A larger entry is refused: a small archive may claim any size. */
const entryBytesMax = 512 * 2 ** 20;

export function zipEntries(path: string): readonly ZipEntry[] {
  const bytes = readFileSync(path);
  const end = endOf(bytes);
  if (end < 0) throw new UserError(`${path} is no zip archive`);
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0xff_ff || at === 0xff_ff_ff_ff)
    throw new UserError(`${path} is a zip archive of more than 4 GB or 65,534 entries, which is not read`);
  const entries: ZipEntry[] = [];
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entryMark)
      throw new UserError(`${path} is damaged: entry ${index + 1} of its directory cannot be read`);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const entry = {
      name,
      method: bytes.readUInt16LE(at + 10),
      packed: bytes.readUInt32LE(at + 20),
      start: bytes.readUInt32LE(at + 42),
    };
    entries.push({ name, text: () => textOf(bytes, entry, `${path}, ${name}`) });
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

function textOf(
  bytes: Buffer,
  { method, packed, start }: { readonly method: number; readonly packed: number; readonly start: number },
  place: string,
): string {
  if (start + 30 > bytes.length) throw new UserError(`${place} is cut off`);
  const from = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
  const content = bytes.subarray(from, from + packed);
  if (method === 0) return content.toString("utf8");
  if (method !== 8)
    throw new UserError(`${place} is packed by method ${method}, which is not read`, {
      hint: "Write it as JSON first: inspect log convert --to json --output-dir out FILE",
    });
  try {
    return inflateRawSync(content, { maxOutputLength: entryBytesMax }).toString("utf8");
  } catch (error) {
    throw new UserError(`${place} is damaged: ${error instanceof Error ? error.message : String(error)}`);
  }
}
