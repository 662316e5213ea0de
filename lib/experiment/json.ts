// JSON data: what parameters, levels and stage values are made of, because they cross processes, are hashed and are stored.
// findNonJson names the first place that is not JSON, in words, so that a diagnostic can point at it.

/** A value that survives JSON unchanged: finite numbers, strings, booleans, null, and lists and plain objects of these. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** The first part of a value that JSON would change or lose. */
export interface NonJson {
  /** Path inside the value, such as `.costs[1]`; empty for the value itself. */
  readonly path: string;
  /** What was found there, such as "NaN", "a function", "an instance of Map". */
  readonly found: string;
}

/** Finds the first part of `value` that is not JSON data; null when all of it is. Cycles are reported, not followed. */
export function findNonJson(value: unknown): NonJson | null {
  return search(value, "", []);
}

/** Half of a surrogate pair: no UTF-8 can hold it. */
const loneSurrogate = /\p{Surrogate}/u;

function search(value: unknown, path: string, above: readonly object[]): NonJson | null {
  switch (typeof value) {
    case "string":
      return loneSurrogate.test(value) ? { path, found: "text with half a surrogate pair" } : null;
    case "boolean":
      return null;
    case "number":
      return Number.isFinite(value) ? null : { path, found: String(value) };
    case "object":
      return value === null ? null : searchObject(value, path, above);
    case "function":
      return { path, found: "a function" };
    case "undefined":
      return { path, found: "undefined" };
    case "bigint":
      return { path, found: "a bigint" };
    case "symbol":
      return { path, found: "a symbol" };
  }
}

function searchObject(value: object, path: string, above: readonly object[]): NonJson | null {
  if (above.includes(value)) return { path, found: "a reference to itself" };
  const within = [...above, value];
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = search(value[i], `${path}[${i}]`, within);
      if (found !== null) return found;
    }
    return null;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return { path, found: describeInstance(value) };
  if (Object.getOwnPropertySymbols(value).length > 0) return { path, found: "an object with symbol keys" };
  for (const [key, item] of Object.entries(value)) {
    const found = search(item, `${path}.${key}`, within);
    if (found !== null) return found;
  }
  return null;
}

function describeInstance(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" && name !== "" ? `an instance of ${name}` : "an object with a prototype";
}

/** A deep, frozen copy of JSON data, so that no trial can change a level that other trials share. */
export function frozenCopy<T extends Json>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  const copy: unknown = Array.isArray(value)
    ? value.map(frozenCopy)
    : Object.fromEntries(Object.entries(value).map(([key, item]) => [key, frozenCopy(item)]));
  // The copy has the shape of `value`, key by key.
  return Object.freeze(copy) as T;
}
