// Protocol Buffers, written by hand: the few kinds of fields that event files of other tools have. Numbers of fields are those of the tools'
// public .proto files; encoding: protobuf.dev/programming-guides/encoding.

/** An encoded field; a message is fields one after another. */
export type Field = Uint8Array;

/** Integers of any sign up to 2^53, as int32, int64, bool and enum have them. */
export function integer(number: number, value: number): Field {
  return joined([key(number, 0), varint(BigInt(value))]);
}

export function double(number: number, value: number): Field {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return joined([key(number, 1), bytes]);
}

export function float(number: number, value: number): Field {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return joined([key(number, 5), bytes]);
}

export function bytes(number: number, value: Uint8Array): Field {
  return joined([key(number, 2), varint(BigInt(value.length)), value]);
}

export function text(number: number, value: string): Field {
  return bytes(number, Buffer.from(value));
}

export function message(number: number, ...fields: readonly Field[]): Field {
  return bytes(number, joined(fields));
}

/** The message of some fields. */
export function joined(fields: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(fields);
}

function key(number: number, wireType: number): Uint8Array {
  return varint(BigInt(number * 8 + wireType));
}

/** Seven bits a byte, lowest first; a negative number is its two's complement of 64 bits. */
function varint(value: bigint): Uint8Array {
  const parts: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    parts.push(rest === 0n ? low : low + 128);
  } while (rest !== 0n);
  return Uint8Array.from(parts);
}
