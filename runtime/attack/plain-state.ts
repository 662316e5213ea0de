// States as text: what two of them are compared by, and what of them is no plain data and so could not be copied or written down.

/** A state as one line; typed arrays, maps and sets included. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (item instanceof Map) return { map: [...item] };
    if (item instanceof Set) return { set: [...item] };
    if (ArrayBuffer.isView(item) && !(item instanceof DataView)) return [...(item as Float64Array)];
    if (typeof item === "number" && !Number.isFinite(item)) return String(item);
    if (Object.is(item, -0)) return "-0";
    if (typeof item === "bigint") return `${item}n`;
    return item;
  });
}

/** The first part that a structured clone would change or refuse, such as "state.deck is a function"; null when all is plain. */
export function notPlain(value: unknown, path = "state", above: readonly object[] = []): string | null {
  if (typeof value === "function" || typeof value === "symbol") return `${path} is a ${typeof value}`;
  if (typeof value !== "object" || value === null) return null;
  if (above.includes(value)) return `${path} refers to itself`;
  if (ArrayBuffer.isView(value)) return null;
  const within = [...above, value];
  const parts: readonly (readonly [string, unknown])[] =
    value instanceof Map || value instanceof Set
      ? [...value].flat().map((item, i) => [`${path}(${i})`, item] as const)
      : Object.entries(value).map(([key, item]) => [`${path}.${key}`, item] as const);
  const prototype: unknown = Object.getPrototypeOf(value);
  const isOrdinary =
    Array.isArray(value) ||
    value instanceof Map ||
    value instanceof Set ||
    prototype === null ||
    // A state may come from another realm's Object.
    Object.getPrototypeOf(prototype) === null;
  if (!isOrdinary) return `${path} is an instance of ${value.constructor?.name ?? "a class"}`;
  for (const [at, item] of parts) {
    const found = notPlain(item, at, within);
    if (found !== null) return found;
  }
  return null;
}
