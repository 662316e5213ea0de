// The little of tar (POSIX.1-2001) that an archive needs: plain files with lengths, written and read as streams. Any tar program reads what
// is written; of what is read only plain files are accepted, so no link, device or folder can come out of an archive.
import { damagedArchive } from "./archive-index.ts";

const block = 512;

/** Header of a plain file; one of extended facts before it where the name or the length needs them. */
export function tarHeader(path: string, bytes: number): Buffer {
  const isLong = Buffer.byteLength(path) > 100 || bytes >= 8 ** 11;
  if (!isLong) return header({ name: path, bytes, type: "0" });
  const facts = Buffer.from(`${fact("path", path)}${fact("size", String(bytes))}`);
  return Buffer.concat([
    header({ name: "pax", bytes: facts.length, type: "x" }),
    facts,
    tarPadding(facts.length),
    header({ name: path.slice(-100), bytes: Math.min(bytes, 8 ** 11 - 1), type: "0" }),
  ]);
}

/** What follows content of so many bytes. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((block - (bytes % block)) % block);
}

/** The end of an archive. */
export const tarEnd = Buffer.alloc(2 * block);

/** "<length> key=value\n", where the length counts itself. */
function fact(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  let length = Buffer.byteLength(rest);
  while (length < Buffer.byteLength(rest) + String(length).length)
    length = Buffer.byteLength(rest) + String(length).length;
  return `${length}${rest}`;
}

function header(of: { readonly name: string; readonly bytes: number; readonly type: string }): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(of.name, 0, 100);
  bytes.write("0000600\0", 100);
  bytes.write("0000000\0", 108);
  bytes.write("0000000\0", 116);
  bytes.write(`${of.bytes.toString(8).padStart(11, "0")}\0`, 124);
  bytes.write("00000000000\0", 136);
  bytes.write("        ", 148);
  bytes.write(of.type, 156);
  bytes.write("ustar\x0000", 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return bytes;
}

export interface TarEntry {
  readonly path: string;
  readonly bytes: number;
  /** Its content; to be read to its end before the next entry is asked for. */
  content(): AsyncGenerator<Buffer>;
}

/** The plain files of a tar stream. Throws StoreError for anything else in it and where it ends early. */
export async function* tarEntries(stream: AsyncIterable<Buffer>): AsyncGenerator<TarEntry> {
  const source = new ByteSource(stream);
  let facts: { readonly path?: string; readonly size?: string } = {};
  for (;;) {
    const head = await source.exactly(block);
    if (head.every((byte) => byte === 0)) return;
    const type = String.fromCharCode(head[156]!);
    const stated = Number.parseInt(head.toString("latin1", 124, 136), 8);
    if (
      !Number.isSafeInteger(stated) ||
      checksumOf(head) !== Number.parseInt(head.toString("latin1", 148, 156), 8)
    )
      throw damagedArchive("it is torn or no tar file");
    if (type === "x") {
      if (stated > 2 ** 16) throw damagedArchive("a name in it is too long");
      facts = factsOf(await source.exactly(stated));
      await source.exactly(tarPadding(stated).length);
      continue;
    }
    const name = head.toString("utf8", 0, 100).replace(/\0.*$/s, "");
    const path = facts.path ?? name;
    if (type !== "0") throw damagedArchive(`${JSON.stringify(path)} in it is no plain file`);
    const bytes = facts.size === undefined ? stated : Number(facts.size);
    facts = {};
    let isRead = false;
    yield {
      path,
      bytes,
      async *content() {
        yield* source.upTo(bytes);
        await source.exactly(tarPadding(bytes).length);
        isRead = true;
      },
    };
    if (!isRead) throw new Error(`${path} was not read to its end`);
  }
}

function checksumOf(head: Buffer): number {
  return head.reduce((sum, byte, index) => sum + (index >= 148 && index < 156 ? 32 : byte), 0);
}

function factsOf(bytes: Buffer): { readonly path?: string; readonly size?: string } {
  const lines = bytes.toString("utf8").matchAll(/\d+ (path|size)=([^\n]*)\n/g);
  return Object.fromEntries([...lines].map(([, key, value]) => [key, value]));
}

/** A stream of chunks read by length. */
class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async exactly(bytes: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for await (const part of this.upTo(bytes)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** Throws StoreError when the stream ends before. */
  async *upTo(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) {
        const next = await this.#chunks.next();
        if (next.done === true) throw damagedArchive("it ends too early");
        this.#rest = next.value;
        continue;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }
}
