// Rows in order of a column, equal ones as they stand and missing ones last whichever way: a sort by parts of the keys' bits, since comparing
// a million rows pair by pair would hold the server up for seconds.

export type Cell = number | string | boolean | null;

const digitBits = 16;
const digits = 4;

/** Places 0 to count - 1 in order of their cells; texts by their code units where any cell is no number. */
export function stableOrder(
  count: number,
  of: { readonly cell: (place: number) => Cell; readonly isDown: boolean },
): Uint32Array {
  const keys = numbersOf(count, of) ?? ranksOf(count, of);
  return placesInOrder(keys);
}

/** NaN for what is missing; null where any is no number. */
function numbersOf(
  count: number,
  { cell, isDown }: { readonly cell: (place: number) => Cell; readonly isDown: boolean },
): Float64Array | null {
  const keys = new Float64Array(count);
  for (let place = 0; place < count; place += 1) {
    const value = cell(place);
    if (value !== null && typeof value !== "number") return null;
    // Adding 0 makes one zero of two, so that equal keys have one bit pattern.
    keys[place] = value === null ? Number.NaN : (isDown ? -value : value) + 0;
  }
  return keys;
}

function ranksOf(
  count: number,
  { cell, isDown }: { readonly cell: (place: number) => Cell; readonly isDown: boolean },
): Float64Array {
  const codes = new Map<string, number>();
  const keys = new Float64Array(count);
  for (let place = 0; place < count; place += 1) {
    const value = cell(place);
    if (value === null) {
      keys[place] = Number.NaN;
      continue;
    }
    const text = String(value);
    const known = codes.get(text) ?? codes.size;
    codes.set(text, known);
    keys[place] = known;
  }
  const rankByCode = new Float64Array(codes.size);
  const inOrder = [...codes.keys()].sort((a, b) => (a < b ? -1 : 1));
  for (const [rank, text] of inOrder.entries()) rankByCode[codes.get(text)!] = isDown ? -rank + 0 : rank;
  return keys.map((code) => (Number.isNaN(code) ? code : rankByCode[code]!));
}

/** Places of keys in ascending order, equal ones as they stand, NaN last. */
function placesInOrder(keys: Float64Array): Uint32Array {
  const { low, high } = sortableBits(keys);
  let from = Uint32Array.from(keys.keys());
  let to = new Uint32Array(keys.length);
  for (let digit = 0; digit < digits; digit += 1) {
    const word = digit < 2 ? low : high;
    const shift = (digit % 2) * digitBits;
    if (!distributed(from, to, (place) => (word[place]! >>> shift) & 0xffff)) continue;
    [from, to] = [to, from];
  }
  return from;
}

/** Orders by one digit, keeping the order of equal ones; false where all have the same, and nothing is done. */
function distributed(from: Uint32Array, to: Uint32Array, digitOf: (place: number) => number): boolean {
  const ends = new Uint32Array(1 << digitBits);
  for (const place of from) ends[digitOf(place)]! += 1;
  if (ends.includes(from.length)) return false;
  let start = 0;
  for (let digit = 0; digit < ends.length; digit += 1) {
    const count = ends[digit]!;
    ends[digit] = start;
    start += count;
  }
  for (const place of from) {
    const digit = digitOf(place);
    to[ends[digit]!] = place;
    ends[digit]! += 1;
  }
  return true;
}

/** Both halves of each number's bits, changed so that they are in order as whole numbers are: IEEE 754 numbers are, up to the sign. */
function sortableBits(keys: Float64Array): { readonly low: Uint32Array; readonly high: Uint32Array } {
  const halves = new Uint32Array(keys.buffer, keys.byteOffset, 2 * keys.length);
  const low = new Uint32Array(keys.length);
  const high = new Uint32Array(keys.length);
  for (let index = 0; index < keys.length; index += 1) {
    // All machines that run Node.js keep the lower half first.
    const [lower, upper] = [halves[2 * index]!, halves[2 * index + 1]!];
    const isNegative = upper >>> 31 === 1;
    const isMissing = Number.isNaN(keys[index]!);
    low[index] = isMissing ? 0 : isNegative ? ~lower : lower;
    high[index] = isMissing ? 0xffffffff : isNegative ? ~upper : upper ^ 0x80000000;
  }
  return { low, high };
}
