// Messages on a byte stream: a head of 16 bytes, the message without its binary field, then that field as it is. The binary field
// starts on a multiple of eight, so that a record batch can be read in place.
import { deserialize, serialize } from "node:v8";

/**
 * Layout, little-endian: uint32 bytes of the whole frame, uint32 bytes of the serialised message, uint32 bytes of the binary field,
 * uint32 which field it is; the message (v8 serialisation), padding to a multiple of eight, the binary field, padding likewise.
 */
const headBytes = 16;

/** Fields that travel outside the serialised message. Append only: the position is part of the protocol. */
const binaryFields = ["", "batch", "state", "bytes"] as const;

/** A frame at most: a checkpoint or a batch larger than this is a fault, not data. */
const frameBytesMax = 2 ** 30;

const align8 = (bytes: number): number => (bytes + 7) & ~7;

/** The pieces of a frame, in order, ready to be written one after the other; the binary field is not copied. */
export function frameOf(message: object): readonly Uint8Array[] {
  let field = 0;
  let binary: Uint8Array | null = null;
  for (let index = 1; index < binaryFields.length; index++) {
    const value: unknown = Reflect.get(message, binaryFields[index] ?? "");
    if (!(value instanceof Uint8Array)) continue;
    field = index;
    binary = value;
  }
  const body = serialize(binary === null ? message : { ...message, [binaryFields[field] ?? ""]: undefined });
  const bodyEnd = align8(headBytes + body.length);
  const total = align8(bodyEnd + (binary?.length ?? 0));
  if (total > frameBytesMax)
    throw new RangeError(`a message of ${total} bytes is more than the ${frameBytesMax} allowed`);
  const start = Buffer.alloc(bodyEnd);
  start.writeUInt32LE(total, 0);
  start.writeUInt32LE(body.length, 4);
  start.writeUInt32LE(binary?.length ?? 0, 8);
  start.writeUInt32LE(field, 12);
  start.set(body, headBytes);
  if (binary === null) return [start];
  const padding = total - bodyEnd - binary.length;
  return padding === 0 ? [start, binary] : [start, binary, Buffer.alloc(padding)];
}

/** Frames with a record batch are read into one buffer over and over, as long as they are no larger than this. */
const reusedBytesMax = 2 ** 22;

/**
 * Cuts a byte stream into messages. Feed it what arrives, in any pieces. The bytes of a record batch are valid only until `deliver`
 * returns: copy what is to be kept.
 *
 * @example
 * const reader = new FrameReader((message) => handle(message));
 * socket.on("data", (bytes) => reader.push(bytes));
 */
export class FrameReader {
  readonly #deliver: (message: unknown) => void;
  #frame: Buffer | null = null;
  #filled = 0;
  #head = Buffer.alloc(headBytes);
  #headFilled = 0;
  #reused = new ArrayBuffer(0);

  constructor(deliver: (message: unknown) => void) {
    this.#deliver = deliver;
  }

  /** Throws RangeError when the bytes cannot be a frame. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#frame === null) {
        const taken = Math.min(headBytes - this.#headFilled, bytes.length - at);
        this.#head.set(bytes.subarray(at, at + taken), this.#headFilled);
        this.#headFilled += taken;
        at += taken;
        if (this.#headFilled === headBytes) this.#begin();
        continue;
      }
      const taken = Math.min(this.#frame.length - this.#filled, bytes.length - at);
      this.#frame.set(bytes.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      if (this.#filled === this.#frame.length) this.#finish(this.#frame);
    }
  }

  #begin(): void {
    const total = this.#head.readUInt32LE(0);
    if (total < headBytes || total > frameBytesMax || total % 8 !== 0)
      throw new RangeError(
        `the stream between controller and host is out of step: a frame of ${total} bytes`,
      );
    const field = binaryFields[this.#head.readUInt32LE(12)];
    this.#frame =
      field === "batch" && total <= reusedBytesMax ? this.#reuse(total) : Buffer.from(new ArrayBuffer(total));
    this.#frame.set(this.#head);
    this.#filled = headBytes;
    this.#headFilled = 0;
    if (this.#filled === total) this.#finish(this.#frame);
  }

  #reuse(total: number): Buffer {
    if (this.#reused.byteLength < total) this.#reused = new ArrayBuffer(Math.min(reusedBytesMax, 2 * total));
    return Buffer.from(this.#reused, 0, total);
  }

  #finish(frame: Buffer): void {
    this.#frame = null;
    const bodyBytes = frame.readUInt32LE(4);
    const binaryBytes = frame.readUInt32LE(8);
    const field = binaryFields[frame.readUInt32LE(12)];
    const message: unknown = deserialize(frame.subarray(headBytes, headBytes + bodyBytes));
    if (field !== undefined && field !== "" && typeof message === "object" && message !== null) {
      const start = align8(headBytes + bodyBytes);
      Reflect.set(message, field, new Uint8Array(frame.buffer, frame.byteOffset + start, binaryBytes));
    }
    this.#deliver(message);
  }
}
