// Checks that a value is JSON data and copies it, so that writing it down and reading it back gives the same value. Negative zero
// passes: it is stored as 0.

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

/** Deeper than any data is; what refers to itself gets there. */
const depthMax = 1000;

/**
 * A copy of JSON data, each part of it read once, so that what is stored is what was checked. Undefined members of objects are dropped.
 *
 * @throws NotJsonData unless `value` is null, a finite number, text, a boolean, or a list or plain object of such.
 */
export function jsonCopyOf(value: unknown, path: string, depth = 0): unknown {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (!Number.isFinite(value)) throw new NotJsonData(path, String(value));
      return value;
    case "object":
      if (value === null) return null;
      if (depth === depthMax) throw new NotJsonData(`${path.slice(0, 60)}…`, "data that refers to itself");
      if (Array.isArray(value)) return listCopyOf(value, path, depth);
      return objectCopyOf(value, path, depth);
    default:
      throw new NotJsonData(path, value === undefined ? "undefined" : `a ${typeof value}`);
  }
}

/** Throws NotJsonData where jsonCopyOf does. */
export function assertJsonData(value: unknown, path: string): void {
  jsonCopyOf(value, path);
}

function listCopyOf(list: readonly unknown[], path: string, depth: number): unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < list.length; index++)
    copy.push(jsonCopyOf(list[index], `${path}[${index}]`, depth + 1));
  return copy;
}

function objectCopyOf(value: object, path: string, depth: number): Record<string, unknown> {
  assertPlainObject(value, path);
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    setOwn(copy, key, jsonCopyOf(member, path === "" ? key : `${path}.${key}`, depth + 1));
  }
  return copy;
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
