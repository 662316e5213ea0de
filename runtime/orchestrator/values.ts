// JSON data against the fields of a message: what does not fit, and the two ways between JSON and what the wire format takes. Google's
// Struct, Value and ListValue are JSON as such.
import type { Json } from "../../lib/experiment/json.ts";
import type { Field, Message, ScalarType, Schema } from "./schema.ts";

/** What does not fit, and where. */
export interface Misfit {
  /** "tank.temperature"; empty for the whole. */
  readonly path: string;
  readonly found: string;
  /** What the field holds; null for a field that there is not. */
  readonly expected: string | null;
  /** Fields that there are, for one that there is not; values of an enumeration. */
  readonly candidates: readonly string[];
}

const anyJson = /^google[.]protobuf[.](Struct|Value|ListValue)$/;

/** The parts of a value that a message cannot hold. */
export function misfitsOf(schema: Schema, message: Message, value: unknown, path = ""): readonly Misfit[] {
  if (anyJson.test(message.name)) return [];
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [{ path, found: JSON.stringify(value), expected: `the message ${message.name}`, candidates: [] }];
  const fields = new Map(message.fields.map((field) => [field.name, field]));
  return Object.entries(value).flatMap(([key, part]): readonly Misfit[] => {
    const at = path === "" ? key : `${path}.${key}`;
    const field = fields.get(key);
    return field === undefined
      ? [{ path: at, found: key, expected: null, candidates: [...fields.keys()] }]
      : misfitsOfField(schema, field, part, at);
  });
}

function misfitsOfField(schema: Schema, field: Field, value: unknown, path: string): readonly Misfit[] {
  // What is not set has its default.
  if (value === null) return [];
  if (!field.isMap && !field.isList) return misfitsOfOne(schema, field, value, path);
  const isObject = typeof value === "object" && !Array.isArray(value);
  if (field.isMap ? !isObject : !Array.isArray(value))
    return [
      { path, found: JSON.stringify(value), expected: field.isMap ? "a map" : "a list", candidates: [] },
    ];
  return Object.entries(value as object).flatMap(([key, part]) =>
    misfitsOfOne(schema, field, part, `${path}.${key}`),
  );
}

function misfitsOfOne(schema: Schema, { type }: Field, value: unknown, path: string): readonly Misfit[] {
  if (type.kind === "message") {
    const message = schema.messages.get(type.message);
    return message === undefined ? [] : misfitsOf(schema, message, value, path);
  }
  const found = JSON.stringify(value);
  if (type.kind === "enum")
    return typeof value === "string" && type.values.includes(value)
      ? []
      : [{ path, found, expected: `one of ${type.values.join(", ")}`, candidates: type.values }];
  return fitsScalar(type.scalar, value)
    ? []
    : [{ path, found, expected: scalarWords[type.scalar], candidates: [] }];
}

const scalarWords: Readonly<Record<ScalarType, string>> = {
  double: "a number (double)",
  float: "a number (float)",
  int32: "a whole number from -2147483648 to 2147483647 (int32)",
  uint32: "a whole number from 0 to 4294967295 (uint32)",
  int64: "a whole number (int64)",
  uint64: "a whole number from 0 (uint64)",
  bool: "true or false (bool)",
  string: "text (string)",
  bytes: "text in base 64 (bytes)",
};

function fitsScalar(scalar: ScalarType, value: unknown): boolean {
  const within = (low: number, high: number): boolean =>
    Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
  switch (scalar) {
    case "double":
    case "float":
      return typeof value === "number";
    case "int32":
      return within(-(2 ** 31), 2 ** 31 - 1);
    case "uint32":
      return within(0, 2 ** 32 - 1);
    case "int64":
      return within(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    case "uint64":
      return within(0, Number.MAX_SAFE_INTEGER);
    case "bool":
      return typeof value === "boolean";
    case "string":
    case "bytes":
      return typeof value === "string";
  }
}

/** JSON that fits a message as the wire format takes it. */
export function toWire(schema: Schema, message: Message, value: unknown): object {
  const { name } = message;
  if (name === "google.protobuf.Struct") return structOf(value);
  if (name === "google.protobuf.ListValue") return { values: listOf(value).map(wrapped) };
  if (name === "google.protobuf.Value") return wrapped(value);
  const fields = new Map(message.fields.map((field) => [field.name, field]));
  const one = ({ type }: Field, part: unknown): unknown => {
    const inner = type.kind === "message" ? schema.messages.get(type.message) : undefined;
    return inner === undefined ? part : toWire(schema, inner, part);
  };
  return Object.fromEntries(
    entriesOf(value).flatMap(([key, part]) => {
      const field = fields.get(key);
      if (field === undefined || part === null) return [];
      if (field.isList) return [[key, listOf(part).map((each) => one(field, each))]];
      if (!field.isMap) return [[key, one(field, part)]];
      return [[key, Object.fromEntries(entriesOf(part).map(([name, each]) => [name, one(field, each)]))]];
    }),
  );
}

/** What came over the wire as JSON: numbers that are none are null, as is what was not sent; one that could not be read to its last digit is text. */
export function fromWire(schema: Schema, message: Message, value: unknown): Json {
  if (value === null || value === undefined) return null;
  const { name } = message;
  if (name === "google.protobuf.Struct") return jsonOfStruct(value);
  if (name === "google.protobuf.ListValue")
    return listOf(Reflect.get(Object(value), "values")).map(jsonOfValue);
  if (name === "google.protobuf.Value") return jsonOfValue(value);
  const one = ({ type }: Field, part: unknown): Json => {
    const inner = type.kind === "message" ? schema.messages.get(type.message) : undefined;
    if (type.kind === "scalar" && type.scalar.endsWith("int64") && !isExact(part))
      return "a number beyond 2^53";
    return inner === undefined ? plain(part) : fromWire(schema, inner, part);
  };
  return Object.fromEntries(
    message.fields.map((field) => {
      const part: unknown = Reflect.get(Object(value), field.name);
      if (field.isList) return [field.name, listOf(part).map((each) => one(field, each))];
      if (!field.isMap) return [field.name, one(field, part)];
      return [field.name, Object.fromEntries(entriesOf(part).map(([key, each]) => [key, one(field, each)]))];
    }),
  );
}

function isExact(value: unknown): boolean {
  return typeof value !== "number" || Number.isSafeInteger(value);
}

function plain(value: unknown): Json {
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : null;
}

function structOf(value: unknown): object {
  return { fields: Object.fromEntries(entriesOf(value).map(([key, part]) => [key, wrapped(part)])) };
}

function wrapped(value: unknown): object {
  if (value === null || value === undefined) return { nullValue: 0 };
  if (typeof value === "number") return { numberValue: value };
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  return Array.isArray(value)
    ? { listValue: { values: value.map(wrapped) } }
    : { structValue: structOf(value) };
}

function jsonOfStruct(value: unknown): Json {
  const fields: unknown = Reflect.get(Object(value), "fields");
  return Object.fromEntries(entriesOf(fields).map(([key, part]) => [key, jsonOfValue(part)]));
}

function jsonOfValue(value: unknown): Json {
  const part = (name: string): unknown => Reflect.get(Object(value), name);
  const list: unknown = part("listValue");
  if (part("structValue") != null) return jsonOfStruct(part("structValue"));
  if (list != null) return listOf(Reflect.get(Object(list), "values")).map(jsonOfValue);
  return plain(part("numberValue") ?? part("stringValue") ?? part("boolValue"));
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return Object.entries(value ?? {});
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
