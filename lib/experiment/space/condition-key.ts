// The canonical text of a condition (JSON Canonicalization Scheme, RFC 8785): equal conditions have equal text, whatever the
// order in which their parameters were written. Names and identities hash this text.

/**
 * Canonical JSON: keys sorted by UTF-16 code units, numbers as ECMAScript writes them, no spaces; -0 is written 0.
 * `conditionKeyOf({ b: 1, a: -0 })` is `{"a":0,"b":1}`.
 * @throws TypeError on what JSON cannot hold: NaN, undefined, functions, bigints, class instances such as Map.
 */
export function conditionKeyOf(value: unknown): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value);
    case "number":
      if (!Number.isFinite(value)) break;
      return `${value}`;
    case "boolean":
      return value ? "true" : "false";
    case "object":
      return value === null ? "null" : keyOfObject(value);
  }
  throw new TypeError(`no canonical JSON for ${typeof value === "number" ? value : typeof value}`);
}

function keyOfObject(value: object): string {
  if (Array.isArray(value)) {
    let text = "[";
    for (let i = 0; i < value.length; i++) text += (i === 0 ? "" : ",") + conditionKeyOf(value[i]);
    return `${text}]`;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError(`no canonical JSON for an instance of ${value.constructor?.name ?? "a class"}`);
  }
  // A plain object: its own enumerable properties are all there is.
  const record = value as Readonly<Record<string, unknown>>;
  const keys = Object.keys(record).sort();
  let text = "{";
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] ?? "";
    text += `${i === 0 ? "" : ","}${JSON.stringify(key)}:${conditionKeyOf(record[key])}`;
  }
  return `${text}}`;
}
