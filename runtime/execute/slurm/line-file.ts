// One direction of a line over a shared file system: frames with checksums that one process appends and another one, on any machine, reads as they
// come. A file has one writer for all its life; what is torn or not there yet is read again later.
import { mkdirSync, readdirSync } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";

export type LineKind = "data" | "kill" | "exit" | "next";

export interface LineFrame {
  readonly kind: LineKind;
  /** Of the controller that it is to or for. */
  readonly controller: number;
  /** Valid until the next frame is read. */
  readonly bytes: Buffer;
}

/**
 * Head of a frame, little-endian: uint32 mark, uint32 bytes that follow the head, uint32 CRC-32 of the rest of the head and of these bytes, uint32
 * kind, uint32 controller, uint32 number of the frame in its file.
 */
const headBytes = 24;
const mark = 0x6c_61_62_31;
/** Append only: the position is part of the format. */
const kinds: readonly LineKind[] = ["data", "kill", "exit", "next"];

const defaultFileBytesMax = 64 * 2 ** 20;
const readBytes = 2 ** 20;
/** A frame whose bytes stay wrong for so long is damaged, not late. */
const damagedMs = 20_000;
/** Files that were read through are kept for so long: one who takes the run up reads them again. */
const keptMs = 30_000;

function fileOf(folder: string, name: string, index: number): string {
  return join(folder, `${name}.${String(index).padStart(6, "0")}`);
}

export interface LineWriterOptions {
  readonly folder: string;
  readonly name: string;
  /** A file that has grown so far is followed by another: 64 MiB unless told. */
  readonly fileBytesMax?: number;
  /** Nothing more can be written: why. */
  readonly onFault: (error: Error) => void;
}

export class LineWriter {
  readonly #options: LineWriterOptions;
  #queue: Uint8Array[] = [];
  #queuedBytes = 0;
  #file: FileHandle | null = null;
  #index = 0;
  #fileBytes = 0;
  #number = 0;
  #writing: Promise<void> | null = null;
  #isFaulty = false;

  /** Makes the folder where it is missing; the files are not to be there yet. */
  constructor(options: LineWriterOptions) {
    this.#options = options;
    mkdirSync(options.folder, { recursive: true });
  }

  /** Bytes that wait to be written. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  append(kind: LineKind, controller: number, pieces: readonly Uint8Array[] = []): void {
    if (this.#isFaulty) return;
    // What it is handed may be used again as soon as this returns.
    const bytes = Buffer.concat(pieces);
    this.#push(kind, controller, bytes);
    this.#writing ??= this.#write();
  }

  /** Resolves once all is on the disk, for every machine to see. */
  async flushed(): Promise<void> {
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#file?.close().catch(() => undefined);
    this.#file = null;
  }

  #push(kind: LineKind, controller: number, bytes: Uint8Array): void {
    const head = Buffer.alloc(headBytes);
    head.writeUInt32LE(mark, 0);
    head.writeUInt32LE(bytes.length, 4);
    head.writeUInt32LE(kinds.indexOf(kind), 12);
    head.writeUInt32LE(controller, 16);
    head.writeUInt32LE(this.#number, 20);
    head.writeUInt32LE(checksumOf(head, bytes), 8);
    this.#number += 1;
    this.#queue.push(head, bytes);
    this.#queuedBytes += headBytes + bytes.length;
  }

  async #write(): Promise<void> {
    // Whatever else is said in this turn goes with it.
    await Promise.resolve();
    try {
      while (this.#queue.length > 0) {
        const pieces = this.#queue;
        const bytes = this.#queuedBytes;
        this.#queue = [];
        this.#file ??= await this.#nextFile();
        await writeAll(this.#file, Buffer.concat(pieces));
        // Without it other machines see it when theirs likes to write it.
        await this.#file.datasync();
        this.#queuedBytes -= bytes;
        this.#fileBytes += bytes;
        const { fileBytesMax = defaultFileBytesMax } = this.#options;
        if (this.#fileBytes > fileBytesMax && this.#queue.length === 0) await this.#turn();
      }
    } catch (error) {
      this.#isFaulty = true;
      this.#queue = [];
      this.#options.onFault(error instanceof Error ? error : new Error(String(error)));
    } finally {
      this.#writing = null;
    }
  }

  async #nextFile(): Promise<FileHandle> {
    this.#index += 1;
    this.#fileBytes = 0;
    const { folder, name } = this.#options;
    return open(fileOf(folder, name, this.#index), "wx");
  }

  async #turn(): Promise<void> {
    const last = this.#file;
    this.#push("next", 0, Buffer.alloc(0));
    const pieces = this.#queue;
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#number = 0;
    if (last === null) return;
    // The next one is there before this one points to it.
    this.#file = await this.#nextFile();
    await writeAll(last, Buffer.concat(pieces));
    await last.datasync();
    await last.close();
  }
}

async function writeAll(file: FileHandle, bytes: Buffer): Promise<void> {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
}

function checksumOf(head: Buffer, bytes: Uint8Array): number {
  return crc32(bytes, crc32(head.subarray(12, headBytes)));
}

export interface LineReaderOptions {
  readonly folder: string;
  readonly name: string;
  readonly onFrame: (frame: LineFrame) => void;
  /** Whether files that were read through are removed, after a while. */
  readonly removes: boolean;
}

export class LineReader {
  readonly #options: LineReaderOptions;
  readonly #readThrough: { readonly path: string; readonly at: number }[] = [];
  #index = 0;
  #offset = 0;
  #number = 0;
  #wrongSince: number | null = null;

  constructor(options: LineReaderOptions) {
    this.#options = options;
  }

  /** Hands on what has come; how many frames that were. Rejects when the file system does not answer, or when the file is damaged. */
  async read(): Promise<number> {
    await this.#sweep();
    if (this.#index === 0) this.#index = this.#firstIndex();
    if (this.#index === 0) return 0;
    const { folder, name } = this.#options;
    // Opened anew each time: that is when a network file system asks its server how long the file is.
    const file = await open(fileOf(folder, name, this.#index), "r").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return null;
      throw error;
    });
    if (file === null) return 0;
    try {
      const { size } = await file.stat();
      let count = 0;
      const index = this.#index;
      while (this.#index === index && size - this.#offset >= headBytes) {
        const taken = await this.#take(file, size);
        if (taken === 0) break;
        count += taken;
      }
      return count;
    } finally {
      await file.close();
    }
  }

  /** Frames of a piece of the file; 0 when none is whole. */
  async #take(file: FileHandle, size: number): Promise<number> {
    let piece = await this.#piece(file, Math.min(readBytes, size - this.#offset));
    const needed = piece.length < headBytes ? 0 : headBytes + piece.readUInt32LE(4);
    if (needed > piece.length && piece.readUInt32LE(0) === mark && needed <= size - this.#offset)
      piece = await this.#piece(file, needed);
    let count = 0;
    let at = 0;
    const index = this.#index;
    while (this.#index === index) {
      const frame = this.#frameAt(piece, at);
      if (frame === null) break;
      this.#wrongSince = null;
      at += headBytes + frame.bytes.length;
      this.#offset += headBytes + frame.bytes.length;
      this.#number += 1;
      count += 1;
      if (frame.kind === "next") this.#turn();
      else this.#options.onFrame(frame);
    }
    return count;
  }

  async #piece(file: FileHandle, bytes: number): Promise<Buffer> {
    const piece = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(piece, 0, bytes, this.#offset);
    return piece.subarray(0, bytesRead);
  }

  /** The frame there, null where it is not whole yet. Throws once its bytes have been wrong for too long. */
  #frameAt(piece: Buffer, at: number): LineFrame | null {
    if (piece.length - at < headBytes) return null;
    const head = piece.subarray(at, at + headBytes);
    const length = head.readUInt32LE(4);
    const isMarked = head.readUInt32LE(0) === mark && head.readUInt32LE(20) === this.#number;
    if (isMarked && piece.length - at < headBytes + length) return null;
    const bytes = piece.subarray(at + headBytes, at + headBytes + length);
    const kind = kinds[head.readUInt32LE(12)];
    if (isMarked && kind !== undefined && checksumOf(head, bytes) === head.readUInt32LE(8))
      return { kind, controller: head.readUInt32LE(16), bytes };
    this.#wrongSince ??= performance.now();
    if (performance.now() - this.#wrongSince > damagedMs)
      throw new RangeError(`${this.#options.name} is damaged at byte ${this.#offset}`);
    return null;
  }

  #turn(): void {
    const { folder, name } = this.#options;
    this.#readThrough.push({ path: fileOf(folder, name, this.#index), at: performance.now() });
    this.#index += 1;
    this.#offset = 0;
    this.#number = 0;
  }

  async #sweep(): Promise<void> {
    if (!this.#options.removes) return;
    const [oldest] = this.#readThrough;
    if (oldest === undefined || performance.now() - oldest.at < keptMs) return;
    this.#readThrough.shift();
    await rm(oldest.path, { force: true });
  }

  /** Of the first file that there is; 0 where there is none. */
  #firstIndex(): number {
    const { folder, name } = this.#options;
    let first = 0;
    for (const entry of namesIn(folder)) {
      if (!entry.startsWith(`${name}.`)) continue;
      const index = Number(entry.slice(name.length + 1));
      if (index > 0 && (first === 0 || index < first)) first = index;
    }
    return first;
  }
}

/** What a folder holds; nothing where it is not there. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
