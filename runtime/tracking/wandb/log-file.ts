// The log file of a run of Weights & Biases (`run-ID.wandb`): LevelDB's log format with blocks of 32 KiB, a header of its own before the first
// record, and CRC-32 where LevelDB has CRC-32C (wandb/sdk/internal/datastore.py; google/leveldb doc/log_format.md).
import { crc32 } from "node:zlib";

const blockBytes = 32_768;
const headBytes = 7;
const kind = { full: 1, first: 2, middle: 3, last: 4 } as const;

/** ":W&B", the magic number 0xBEE1 and version 0. */
const fileHead = Uint8Array.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]);

export function wandbLog(messages: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [fileHead];
  let offset = fileHead.length;
  const put = (part: Uint8Array): void => {
    parts.push(part);
    offset += part.length;
  };
  for (const message of messages) {
    let used = 0;
    let isFirst = true;
    do {
      const room = blockBytes - (offset % blockBytes);
      // No head fits: the rest of the block is zeros.
      if (room < headBytes) put(new Uint8Array(room));
      const space = blockBytes - (offset % blockBytes) - headBytes;
      const data = message.subarray(used, used + space);
      used += data.length;
      const isLast = used === message.length;
      put(headOf(data, isFirst ? (isLast ? kind.full : kind.first) : isLast ? kind.last : kind.middle));
      put(data);
      isFirst = false;
    } while (used < message.length);
  }
  return Buffer.concat(parts);
}

function headOf(data: Uint8Array, type: number): Uint8Array {
  const head = Buffer.alloc(headBytes);
  // In one piece: continued with no data, Node's crc32 forgets where it was.
  head.writeUInt32LE(crc32(Buffer.concat([Uint8Array.of(type), data])));
  head.writeUInt16LE(data.length, 4);
  head.writeUInt8(type, 6);
  return head;
}
