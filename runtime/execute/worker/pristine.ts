// The language as it was before any author's code ran. A trial may patch JSON.stringify, Object.prototype.toJSON or Map for itself; what
// labwright encodes its records with is put back first, and the thread is left as the author's modules made it when they were loaded.

// Taken before any author's code runs, and used below in place of what may be patched: loops go by index for the same reason.
const { getOwnPropertyDescriptor, defineProperty, deleteProperty, ownKeys, getPrototypeOf } = Reflect;

/** What the standard library of a realm is made of, and what an encoder touches. */
function holders(): readonly object[] {
  const typedArray = getPrototypeOf(Uint8Array) ?? Uint8Array;
  const typedPrototype = getPrototypeOf(Uint8Array.prototype) ?? Uint8Array.prototype;
  const iterators = [
    [].values(),
    new Map().values(),
    new Set().values(),
    ""[Symbol.iterator](),
    (function* () {})(),
  ];
  return [
    ...[Object, Array, Number, String, Promise, Symbol, Reflect, JSON, Math, ArrayBuffer, typedArray],
    ...[
      Object.prototype,
      Function.prototype,
      Array.prototype,
      Number.prototype,
      Boolean.prototype,
      String.prototype,
    ],
    ...[
      Map.prototype,
      Set.prototype,
      WeakMap.prototype,
      Promise.prototype,
      RegExp.prototype,
      Error.prototype,
    ],
    ...[
      ArrayBuffer.prototype,
      DataView.prototype,
      typedPrototype,
      TextEncoder.prototype,
      TextDecoder.prototype,
    ],
    ...[Uint8Array, Uint16Array, Uint32Array, Float32Array, Float64Array].map((each) => each.prototype),
    ...iterators.map((each) => getPrototypeOf(each) ?? each),
  ];
}

/** Names that the encoder needs of the global object. */
const globals = [
  ...[
    "Array",
    "ArrayBuffer",
    "DataView",
    "Error",
    "Float32Array",
    "Float64Array",
    "JSON",
    "Map",
    "Math",
    "Number",
  ],
  ...[
    "Object",
    "Promise",
    "Reflect",
    "Set",
    "String",
    "TextEncoder",
    "Uint16Array",
    "Uint32Array",
    "Uint8Array",
  ],
];

/** One property as it was: absent where it has no descriptor. */
interface Slot {
  readonly holder: object;
  readonly key: PropertyKey;
  descriptor: PropertyDescriptor | undefined;
}

function slotsNow(): Slot[] {
  const slots: Slot[] = [];
  const add = (holder: object, key: PropertyKey): void => {
    slots[slots.length] = { holder, key, descriptor: getOwnPropertyDescriptor(holder, key) };
  };
  for (const holder of holders()) {
    for (const key of ownKeys(holder)) add(holder, key);
    if (!("toJSON" in holder)) add(holder, "toJSON");
  }
  for (const key of globals) add(globalThis, key);
  return slots;
}

const slots = slotsNow();
/** Properties that the author's modules had changed once they were loaded, with what they made of them. */
let patches: Slot[] = [];

/** Takes what has been changed so far for the author's own: called once a job's modules are loaded. */
export function keepPatches(): void {
  patches = [];
  for (let at = 0; at < slots.length; at++) {
    const { holder, key, descriptor } = slots[at]!;
    const now = getOwnPropertyDescriptor(holder, key);
    if (!isSame(now, descriptor)) patches[patches.length] = { holder, key, descriptor: now };
  }
}

/** Calls `encode` with the language as it was, and leaves it as the author's modules had made it. */
export function withPristine<T>(encode: () => T): T {
  for (let at = 0; at < slots.length; at++) putBack(slots[at]!);
  try {
    return encode();
  } finally {
    for (let at = 0; at < patches.length; at++) putBack(patches[at]!);
  }
}

const { get, set, has, delete: remove } = Map.prototype;
const { push, map, includes, [Symbol.iterator]: iterate } = Array.prototype;
const { isFinite: isFiniteNumber } = Number;
const { keys, entries, hasOwn } = Object;
const mapIterate = Map.prototype[Symbol.iterator];
const { apply } = Reflect;

/** Undoes what a unit has patched of what its row is written with. Costs next to nothing where it has patched nothing. */
export function undoPatches(): void {
  if (
    Map.prototype.get === get &&
    Map.prototype.set === set &&
    Map.prototype.has === has &&
    Map.prototype.delete === remove &&
    Map.prototype[Symbol.iterator] === mapIterate &&
    Array.prototype.push === push &&
    Array.prototype.map === map &&
    Array.prototype.includes === includes &&
    Array.prototype[Symbol.iterator] === iterate &&
    Object.keys === keys &&
    Object.entries === entries &&
    Object.hasOwn === hasOwn &&
    Number.isFinite === isFiniteNumber &&
    Reflect.apply === apply
  )
    return;
  for (let at = 0; at < slots.length; at++) putBack(slots[at]!);
  for (let at = 0; at < patches.length; at++) putBack(patches[at]!);
}

function putBack({ holder, key, descriptor }: Slot): void {
  if (isSame(getOwnPropertyDescriptor(holder, key), descriptor)) return;
  if (descriptor === undefined) deleteProperty(holder, key);
  else defineProperty(holder, key, descriptor);
}

function isSame(now: PropertyDescriptor | undefined, then: PropertyDescriptor | undefined): boolean {
  if (now === undefined || then === undefined) return now === then;
  return now.value === then.value && now.get === then.get && now.set === then.set;
}
