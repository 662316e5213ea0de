// Types of stored columns: the narrowest that holds every value seen and what the schema says; anything nested or mixed is JSON text.

export type ColumnType = "integer" | "number" | "boolean" | "text" | "json";

/** The SQL type a column is stored as. */
export const sqlTypes: Readonly<Record<ColumnType, string>> = {
  integer: "BIGINT",
  number: "DOUBLE",
  boolean: "BOOLEAN",
  text: "VARCHAR",
  json: "VARCHAR",
};

/** Whether a column travels as doubles (missing is NaN) rather than as text. */
export function isNumeric(type: ColumnType): boolean {
  return type === "integer" || type === "number" || type === "boolean";
}

/** The type of one value; null for null and undefined, which every type holds. */
export function typeOfValue(value: unknown): ColumnType | null {
  switch (typeof value) {
    case "number":
      return Number.isSafeInteger(value) ? "integer" : "number";
    case "boolean":
      return "boolean";
    case "string":
      return "text";
    default:
      return value === null || value === undefined ? null : "json";
  }
}

/** The narrowest type that holds both. */
export function widerType(left: ColumnType | null, right: ColumnType | null): ColumnType | null {
  if (left === null || right === null || left === right) return left ?? right;
  const areNumbers = (left === "integer" || left === "number") && (right === "integer" || right === "number");
  return areNumbers ? "number" : "json";
}

/** The types of a series' columns as its JSON Schema declares them, in its order. A member that may be several things is JSON. */
export function schemaTypesOf(schema: unknown): Map<string, ColumnType> {
  const types = new Map<string, ColumnType>();
  for (const [name, member] of Object.entries(memberOf(schema, "properties") ?? {})) {
    const type = schemaTypeOf(member);
    if (type !== null) types.set(name, type);
  }
  return types;
}

function schemaTypeOf(schema: unknown): ColumnType | null {
  const { type, anyOf, enum: values } = memberOf({ schema }, "schema") ?? {};
  if (Array.isArray(anyOf)) return anyOf.map(schemaTypeOf).reduce(widerType, null);
  if (Array.isArray(values)) return values.map(typeOfValue).reduce(widerType, null);
  switch (type) {
    case "integer":
    case "number":
    case "boolean":
      return type;
    case "string":
      return "text";
    case "null":
      return null;
    default:
      return "json";
  }
}

function memberOf(value: unknown, key: string): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
  const member: unknown = Reflect.get(value, key);
  return typeof member === "object" && member !== null ? { ...member } : null;
}

/** A value as its text column holds it; null for a missing one. */
export function textOfValue(value: unknown, type: ColumnType): string | null {
  if (value === null || value === undefined) return null;
  return type === "text" ? String(value) : JSON.stringify(value);
}

/** A value as its double holds it; NaN for a missing one. */
export function doubleOfValue(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "boolean" ? Number(value) : Number.NaN;
}
