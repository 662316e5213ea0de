// Frames: how append-only files (ledger segments, effect journals) hold their entries so that a torn end or a flipped bit costs one
// entry and never the file. Both header and payload carry a CRC-32; the marker lets a reader find the next frame after damage.
import { crc32 } from "node:zlib";

/** "LWFR" read as a little-endian uint32. */
export const frameMarker = 0x5246574c;
export const frameHeaderBytes = 24;
/** Longer payloads are refused: they would be a damaged length in disguise. */
export const framePayloadMax = 512 * 1024 * 1024;

/** [marker][payload bytes][job][rows][CRC-32 of payload][CRC-32 of the twenty bytes before]. */
export interface FrameHeader {
  readonly length: number;
  /** Job number of a record batch; 0 elsewhere. */
  readonly job: number;
  readonly rows: number;
  readonly payloadCrc: number;
}

/** The header and the bytes that follow the payload so that the next frame starts on a multiple of eight. */
export function frameAround(
  payload: Uint8Array,
  tag: { readonly job: number; readonly rows: number },
): { readonly header: Uint8Array; readonly padding: number } {
  if (payload.length > framePayloadMax)
    throw new RangeError(`an entry of ${payload.length} bytes is longer than ${framePayloadMax}`);
  const header = new Uint8Array(frameHeaderBytes);
  const view = new DataView(header.buffer);
  view.setUint32(0, frameMarker, true);
  view.setUint32(4, payload.length, true);
  view.setUint32(8, tag.job, true);
  view.setUint32(12, tag.rows, true);
  view.setUint32(16, crc32(payload), true);
  view.setUint32(20, crc32(header.subarray(0, 20)), true);
  return { header, padding: -payload.length & 7 };
}

/** The header that starts at `at`; null when the bytes there are none, or are damaged. */
export function frameHeaderAt(bytes: Uint8Array, at: number): FrameHeader | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, frameHeaderBytes);
  if (view.getUint32(0, true) !== frameMarker) return null;
  if (view.getUint32(20, true) !== crc32(bytes.subarray(at, at + 20))) return null;
  const length = view.getUint32(4, true);
  if (length > framePayloadMax) return null;
  return {
    length,
    job: view.getUint32(8, true),
    rows: view.getUint32(12, true),
    payloadCrc: view.getUint32(16, true),
  };
}

/** Bytes that a frame takes in its file. */
export function frameBytes(header: FrameHeader): number {
  return frameHeaderBytes + header.length + (-header.length & 7);
}
