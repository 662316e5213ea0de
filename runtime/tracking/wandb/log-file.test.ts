// Promise: messages of any length come back from the log file, read by another program from the published format.
import { crc32 } from "node:zlib";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { wandbLog } from "./log-file.ts";

/** As wandb/sdk/internal/datastore.py reads: blocks of 32,768 bytes, heads of 7, zeros where no head fits. */
function read(file: Buffer): Buffer[] {
  assert.equal([...file.subarray(0, 7)], [0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]);
  const found: Buffer[] = [];
  let parts: Buffer[] = [];
  for (let at = 7; at < file.length; ) {
    const room = 32_768 - (at % 32_768);
    if (room < 7) {
      assert.ok(file.subarray(at, at + room).every((byte) => byte === 0));
      at += room;
      continue;
    }
    const length = file.readUInt16LE(at + 4);
    const kind = file.readUInt8(at + 6);
    const data = file.subarray(at + 7, at + 7 + length);
    assert.ok(7 + length <= room);
    assert.is(file.readUInt32LE(at), crc32(Buffer.concat([Uint8Array.of(kind), data])));
    assert.is(kind === 1 || kind === 2, parts.length === 0);
    parts.push(data);
    if (kind === 1 || kind === 4) {
      found.push(Buffer.concat(parts));
      parts = [];
    }
    at += 7 + length;
  }
  assert.is(parts.length, 0);
  return found;
}

test("messages of any length are framed in blocks and come back in order", () => {
  const length = fc.oneof(fc.nat(100), fc.integer({ min: 32_700, max: 32_800 }), fc.nat(100_000));
  fc.assert(
    fc.property(fc.array(length, { maxLength: 8 }), (lengths) => {
      const messages = lengths.map((size, index) => Buffer.alloc(size, index + 1));
      assert.equal(read(Buffer.from(wandbLog(messages))), messages);
    }),
    // A block with room for a head alone begins a message with no data of it: one begin, not two.
    {
      numRuns: 100,
      examples: [[[32_747, 1]], [[32_746, 1]], [[32_748, 1]], [[32_747, 0]], [[100_000 - 21, 70_000]]],
    },
  );
});

test.run();
