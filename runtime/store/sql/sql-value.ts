// Values of SQL as plain JavaScript: numbers where they are exact, text where a number would not be, ISO 8601 for times.

/** Plain data: number, text, boolean, null, lists and objects of such. */
export function plainValueOf(value: unknown): unknown {
  switch (typeof value) {
    case "bigint":
      return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
    case "object":
      if (value === null) return null;
      if (value instanceof Date) return value.toISOString();
      if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
      if (Array.isArray(value)) return value.map(plainValueOf);
      if (Object.getPrototypeOf(value) === Object.prototype)
        return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainValueOf(member)]));
      return String(value);
    default:
      return value;
  }
}
