// Reads the frames of an append-only file in order, in bounded memory, and goes on after damage: it looks for the next place where a
// whole frame starts. The file may be growing meanwhile.
import { closeSync, fstatSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { openStored } from "../files/stored-file.ts";
import type { FrameHeader } from "./ledger-frame.ts";
import { frameBytes, frameHeaderAt, frameHeaderBytes } from "./ledger-frame.ts";

/** A part of a file that holds no whole frame. */
export interface Damage {
  readonly path: string;
  /** Byte offsets in the file; `to` is excluded. */
  readonly from: number;
  readonly to: number;
  /** "torn": the end of the file, as a killed writer or a live one leaves it. "corrupt": bytes changed after they were written. */
  readonly kind: "torn" | "corrupt";
}

export interface Frame {
  readonly header: FrameHeader;
  /** A view of a buffer that is used again: copy what must stay. It starts on a multiple of eight. */
  readonly payload: Uint8Array;
  /** Byte of the file at which the frame starts. */
  readonly offset: number;
}

export interface FrameFilter {
  /** Whether to read this frame's payload; without it every payload is read. */
  wants?(header: FrameHeader): boolean;
  damage?(damage: Damage): void;
}

export interface FrameVisitor extends FrameFilter {
  frame(payload: Uint8Array, header: FrameHeader, offset: number): void;
}

const chunkBytes = 4 * 1024 * 1024;

/**
 * Visits all frames from byte `start` (a multiple of eight) to `end` (the end of the file when left out). Returns where the last whole
 * frame ends: the place to go on from when the file has grown.
 */
export function scanFrames(path: string, start: number, visitor: FrameVisitor, end?: number): number {
  const frames = framesOf(path, start, visitor, end);
  for (;;) {
    const next = frames.next();
    if (next.done === true) return next.value;
    visitor.frame(next.value.payload, next.value.header, next.value.offset);
  }
}

/** The same frames one by one, for who cannot take them all at once. */
export function* framesOf(
  path: string,
  start: number,
  filter: FrameFilter,
  end?: number,
): Generator<Frame, number> {
  const file = openStored(path);
  try {
    return yield* new Scan(path, file, start, end ?? fstatSync(file).size, filter).frames();
  } finally {
    closeSync(file);
  }
}

/** Reads one frame's payload. Throws RangeError when it is damaged. */
export function readFrameAt(file: number, offset: number): Uint8Array {
  const head = new Uint8Array(frameHeaderBytes);
  readFully(file, head, offset);
  const header = frameHeaderAt(head, 0);
  if (header === null) throw new RangeError(`no frame starts at byte ${offset}`);
  const payload = new Uint8Array(header.length);
  if (
    readFully(file, payload, offset + frameHeaderBytes) < header.length ||
    crc32(payload) !== header.payloadCrc
  )
    throw new RangeError(`the frame at byte ${offset} is damaged`);
  return payload;
}

class Scan {
  #buffer = new Uint8Array(0);
  /** File offset of the buffer's first byte, and bytes of the buffer that are filled. */
  #base: number;
  #filled = 0;
  /** Start of the damage being skipped, or -1. */
  #damageFrom = -1;

  constructor(
    private readonly path: string,
    private readonly file: number,
    private readonly start: number,
    private readonly end: number,
    private readonly filter: FrameFilter,
  ) {
    this.#base = start;
  }

  *frames(): Generator<Frame, number> {
    let at = this.start;
    let wholeUntil = this.start;
    while (at < this.end) {
      const header = this.#headerAt(at);
      const size = header === null ? 0 : frameBytes(header);
      const isInside = header !== null && at + frameHeaderBytes + header.length <= this.end;
      if (header !== null && !isInside) {
        // Begun and never finished: nothing can follow.
        if (this.#damageFrom >= 0) this.#endDamage(at);
        this.#report(at, "torn");
        return wholeUntil;
      }
      if (header === null) {
        if (this.#damageFrom < 0) this.#damageFrom = at;
        at = this.#nextMarker(at + 8);
        continue;
      }
      if (this.#damageFrom < 0 && this.filter.wants?.(header) === false) {
        at += size;
        wholeUntil = at;
        continue;
      }
      const payload = this.#bytes(at + frameHeaderBytes, header.length);
      if (crc32(payload) !== header.payloadCrc) {
        // The header is whole, so its length is right: only this frame's payload is lost.
        if (this.#damageFrom < 0) this.#damageFrom = at;
        at += size;
        if (at >= this.end) break;
        this.#endDamage(at);
        continue;
      }
      this.#endDamage(at);
      if (this.filter.wants?.(header) !== false) yield { payload, header, offset: at };
      at += size;
      wholeUntil = Math.min(at, this.end);
    }
    if (this.#damageFrom >= 0)
      this.#report(this.#damageFrom, this.#isTornFrom(this.#damageFrom) ? "torn" : "corrupt");
    return wholeUntil;
  }

  #endDamage(to: number): void {
    if (this.#damageFrom < 0) return;
    this.filter.damage?.({ path: this.path, from: this.#damageFrom, to, kind: "corrupt" });
    this.#damageFrom = -1;
  }

  #report(from: number, kind: Damage["kind"]): void {
    this.filter.damage?.({ path: this.path, from, to: this.end, kind });
  }

  /** An end too short for a header, or of nothing but zeros (a file that grew before its bytes arrived), was torn, not changed. */
  #isTornFrom(from: number): boolean {
    return this.end - from < frameHeaderBytes || this.#isZero(from);
  }

  #isZero(from: number): boolean {
    for (let at = from; at < this.end; at += chunkBytes)
      if (this.#bytes(at, Math.min(chunkBytes, this.end - at)).some((byte) => byte !== 0)) return false;
    return true;
  }

  #headerAt(at: number): FrameHeader | null {
    if (at + frameHeaderBytes > this.end) return null;
    return frameHeaderAt(this.#bytes(at, frameHeaderBytes), 0);
  }

  /** The next multiple of eight at which a frame's header stands; the end of the file when there is none. */
  #nextMarker(from: number): number {
    for (let at = from; at + frameHeaderBytes <= this.end; at += 8)
      if (this.#headerAt(at) !== null) return at;
    return this.end;
  }

  /** A view of bytes of the file; reads ahead by a chunk. */
  #bytes(at: number, length: number): Uint8Array {
    const inBuffer = at - this.#base;
    if (inBuffer < 0 || inBuffer + length > this.#filled) this.#fill(at, length);
    const begin = at - this.#base;
    return this.#buffer.subarray(begin, begin + length);
  }

  #fill(at: number, length: number): void {
    const wanted = Math.min(Math.max(length, chunkBytes), this.end - at);
    if (wanted < length) throw new RangeError(`${this.path} ends before byte ${at + length}`);
    if (this.#buffer.length < wanted) this.#buffer = new Uint8Array(wanted);
    this.#base = at;
    this.#filled = readFully(this.file, this.#buffer.subarray(0, wanted), at);
    // A file that became shorter while it was read: the rest counts as zeros, which no frame is made of.
    if (this.#filled < wanted) {
      this.#buffer.fill(0, this.#filled, wanted);
      this.#filled = wanted;
    }
  }
}

/** Reads until `into` is full or the file ends; returns the bytes read. */
export function readFully(file: number, into: Uint8Array, offset: number): number {
  let done = 0;
  while (done < into.length) {
    const count = readSync(file, into, done, into.length - done, offset + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
