// Checks that a value is JSON data, so that writing it down and reading it back gives the same value. Negative zero passes:
// it is stored as 0.

/** A value that JSON would change or lose; `path` says where it sits. */
export class NotJsonData extends Error {
  readonly path: string;
  constructor(path: string, found: string) {
    super(
      `${path || "the value"} is ${found}, which cannot be stored; use finite numbers, text, booleans, null, lists or plain objects`,
    );
    this.name = "NotJsonData";
    this.path = path;
  }
}

/** Throws NotJsonData unless `value` is null, a finite number, text, a boolean, or a list or plain object of such. Undefined members of objects are allowed and dropped. */
export function assertJsonData(value: unknown, path: string): void {
  switch (typeof value) {
    case "string":
    case "boolean":
      return;
    case "number":
      if (!Number.isFinite(value)) throw new NotJsonData(path, String(value));
      return;
    case "object":
      if (value === null) return;
      if (Array.isArray(value)) {
        for (let index = 0; index < value.length; index++) assertJsonData(value[index], `${path}[${index}]`);
        return;
      }
      assertPlainObject(value, path);
      for (const [key, member] of Object.entries(value))
        if (member !== undefined) assertJsonData(member, path === "" ? key : `${path}.${key}`);
      return;
    default:
      throw new NotJsonData(path, value === undefined ? "undefined" : `a ${typeof value}`);
  }
}

function assertPlainObject(value: object, path: string): void {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return;
  // An object of another realm (a vm context) has another Object.prototype, whose own prototype is null.
  if (Object.getPrototypeOf(prototype) === null) return;
  throw new NotJsonData(path, `an instance of ${value.constructor?.name ?? "a class"}`);
}

/** Sets an own property even for names such as `__proto__`. */
export function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__")
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  else target[key] = value;
}

/** Reads an own property; undefined when there is none, whatever the prototype holds. */
export function ownValue(source: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(source, key) ? source[key] : undefined;
}
