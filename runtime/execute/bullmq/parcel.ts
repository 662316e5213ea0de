// Frames of the host protocol as entries of a Redis stream: cut where they are large, made smaller where that pays, numbered so that a loss shows.
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { readBatch } from "../../record/record-batch.ts";
import { frameOf } from "../protocol/wire.ts";

/** Part of a frame. */
export interface Parcel {
  /** Whether a frame begins with it. */
  readonly isFirst: boolean;
  readonly bytes: Uint8Array;
  /** Whether it is columns of numbers and nothing else. */
  readonly isNumbers?: boolean;
}

const partBytes = 4 * 2 ** 20;
/** Smaller parts are sent as they are. */
const packedFrom = 512;
/** Columns of numbers hold runs and no words: looking for nothing but runs takes half the time and leaves 5 % more. */
const quick = { level: 1, strategy: constants.Z_RLE };

/** The parts of a message, in order. */
export function parcelsOf(message: object): readonly Parcel[] {
  const isNumbers =
    "batch" in message && message.batch instanceof Uint8Array && !readBatch(message.batch).hasExtras;
  const frame = Buffer.concat(frameOf(message));
  const parcels: Parcel[] = [];
  for (let at = 0; at < frame.length; at += partBytes)
    parcels.push({ isFirst: at === 0, bytes: frame.subarray(at, at + partBytes), isNumbers });
  return parcels;
}

/** Fields of an entry: `f` whether a frame begins, `z` whether the bytes are deflated, `b` the bytes. */
export function fieldsOf({ isFirst, bytes, isNumbers = false }: Parcel): (string | Buffer)[] {
  const isPacked = bytes.length >= packedFrom;
  const sent = isPacked
    ? deflateRawSync(bytes, isNumbers ? quick : { level: 1 })
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return ["f", isFirst ? "1" : "0", "z", isPacked ? "1" : "0", "b", sent];
}

export function parcelOf(fields: ReadonlyMap<string, Buffer>): Parcel {
  const bytes = fields.get("b") ?? Buffer.alloc(0);
  return {
    isFirst: text(fields, "f") === "1",
    bytes: text(fields, "z") === "1" ? inflateRawSync(bytes) : bytes,
  };
}

/** An entry's fields by name. */
export function fieldsIn(flat: readonly Buffer[]): ReadonlyMap<string, Buffer> {
  const fields = new Map<string, Buffer>();
  for (let at = 0; at + 1 < flat.length; at += 2) fields.set(flat[at]!.toString(), flat[at + 1]!);
  return fields;
}

export function text(fields: ReadonlyMap<string, Buffer>, name: string): string {
  return fields.get(name)?.toString() ?? "";
}
