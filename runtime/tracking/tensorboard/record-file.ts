// TFRecord, the framing of TensorBoard's event files: length, its checksum, the message, its checksum. Checksums are CRC-32C (Castagnoli),
// masked: rotated right by 15 bits, plus a constant (tensorflow/core/lib/io/record_writer, tensorflow/core/lib/hash/crc32c.h).

const polynomial = 0x82f63b78;
const maskDelta = 0xa282ead8;

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
  return crc >>> 0;
});

export function tfRecord(message: Uint8Array): Uint8Array {
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(BigInt(message.length));
  head.writeUInt32LE(maskedCrc(head.subarray(0, 8)), 8);
  const tail = Buffer.alloc(4);
  tail.writeUInt32LE(maskedCrc(message));
  return Buffer.concat([head, message, tail]);
}

function maskedCrc(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8);
  crc = (crc ^ 0xffffffff) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + maskDelta) >>> 0;
}
