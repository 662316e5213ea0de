// The declared metrics and series against the fields of a status: each has its field, of a type that it can be read from.
import type { MetricSpec } from "../../lib/experiment/definition.ts";
import type { Field, Message, Schema } from "./schema.ts";

/** A metric without a field, or of another type than its field. */
export interface MetricMisfit {
  readonly metric: string;
  readonly found: string;
  /** Null where there is no field: then `candidates` are those that there are. */
  readonly expected: string | null;
  readonly candidates: readonly string[];
  /** The one that the field's enumeration does not have. */
  readonly category?: string;
}

/** `paths` says where each metric lies. */
export function metricMisfits(
  schema: Schema,
  of: {
    readonly field: Field;
    readonly metrics: Readonly<Record<string, MetricSpec>>;
    readonly paths: Readonly<Record<string, string>>;
  },
): readonly MetricMisfit[] {
  return Object.entries(of.metrics).flatMap(([metric, spec]): readonly MetricMisfit[] => {
    const path = of.paths[metric] ?? metric;
    const found = fieldAt(schema, of.field, path.split("."));
    if (found === "any") return [];
    if ("candidates" in found)
      return [{ metric, found: found.name, expected: null, candidates: found.candidates }];
    const fits = fitsField(spec, found);
    const expected = `${fits}${orType(found, ["integer", "number", "boolean", "category"])}`;
    return fits === true
      ? strayCategories(spec, found).map((misfit) => ({ metric, ...misfit }))
      : [{ metric, found: `${spec.type} from ${wordsOf(found)}`, expected, candidates: [] }];
  });
}

/** Categories that no value of the field's enumeration can be. */
function strayCategories(
  { categories }: MetricSpec,
  { type }: Field,
): readonly Omit<MetricMisfit, "metric">[] {
  const values = type.kind === "enum" ? type.values : null;
  return (categories ?? [])
    .filter((category) => values?.includes(category) === false)
    .map((category) => ({
      found: JSON.stringify(category),
      expected: `one of ${values?.join(", ")}`,
      candidates: values ?? [],
      category,
    }));
}

/** A series without a field of the status, of a field that has no rows, or a column that its rows do not have, or have of another type. */
export interface SeriesMisfit extends Omit<MetricMisfit, "metric" | "category"> {
  readonly series: string;
  readonly column: string | null;
}

/** The types of columns by name, as JSON Schema has them; null for one that is of several. */
export type ColumnTypes = Readonly<Record<string, string | null>>;

/** `columns` are those that a series declares; null where they are not known. */
export function seriesMisfits(
  schema: Schema,
  of: {
    readonly status: Message;
    readonly fields: Readonly<Record<string, string>>;
    readonly columns: (series: string) => ColumnTypes | null;
  },
): readonly SeriesMisfit[] {
  return Object.entries(of.fields).flatMap(([series, name]): readonly SeriesMisfit[] => {
    const field = of.status.fields.find((each) => each.name === name);
    const whole = { series, column: null, candidates: [] };
    if (field === undefined)
      return [{ ...whole, found: name, expected: null, candidates: rowFieldsOf(schema, of.status) }];
    const message = rowsOf(schema, field);
    if (message === null)
      return [
        {
          ...whole,
          found: wordsOf(field),
          expected: `a field of messages, one a row${listedFields(rowFieldsOf(schema, of.status))}`,
        },
      ];
    if (message.name.startsWith("google.protobuf.")) return [];
    return Object.entries(of.columns(series) ?? {}).flatMap(([column, type]): readonly SeriesMisfit[] => {
      const own = message.fields.find((each) => each.name === column);
      if (own === undefined) {
        const candidates = message.fields.map((each) => each.name);
        return [{ series, column, found: column, expected: null, candidates }];
      }
      if (type === null) return [];
      const fits = fitsColumn(type, own);
      const expected = `${fits}${orType(own, ["integer", "number", "boolean", "string"])}`;
      return fits === true
        ? []
        : [{ ...whole, column, found: `${column} is ${typeWord(type)}, from ${wordsOf(own)}`, expected }];
    });
  });
}

/** The message of a field's rows; null where it has none. */
function rowsOf(schema: Schema, { type, isMap }: Field): Message | null {
  return type.kind === "message" && !isMap ? (schema.messages.get(type.message) ?? null) : null;
}

function rowFieldsOf(schema: Schema, status: Message): readonly string[] {
  return status.fields.filter((field) => rowsOf(schema, field) !== null).map(({ name }) => name);
}

function listedFields(names: readonly string[]): string {
  return names.length === 0 ? "" : `: ${names.join(", ")}`;
}

/** A type of JSON Schema as plan files name it. */
function typeWord(type: string): string {
  return type === "string" ? "text" : type;
}

/** The first of these types that the field can be read as. */
function orType(field: Field, types: readonly string[]): string {
  const type = types.find((one) => fitsColumn(one, field) === true);
  return type === undefined ? "" : `, or the type ${typeWord(type)}`;
}

/** Bytes come as text in base 64. */
function isBytes({ type, isList, isMap }: Field): boolean {
  return type.kind === "scalar" && type.scalar === "bytes" && !isList && !isMap;
}

function fitsColumn(type: string, field: Field): true | string {
  switch (type) {
    case "number":
    case "integer":
    case "boolean":
    case "category":
      return fitsField({ type }, field);
    case "string":
      return isBytes(field) || fitsField({ type: "category" }, field);
    default:
      return true;
  }
}

function fieldAt(
  schema: Schema,
  field: Field,
  [first, ...rest]: readonly string[],
): Field | "any" | { readonly name: string; readonly candidates: readonly string[] } {
  if (first === undefined) return field;
  // Names of a map are known when it is read.
  if (field.isMap) return fieldAt(schema, { ...field, isMap: false }, rest);
  const message = field.type.kind === "message" ? schema.messages.get(field.type.message) : undefined;
  if (message?.name.startsWith("google.protobuf.")) return "any";
  const next = message?.fields.find(({ name }) => name === first);
  if (next !== undefined) return fieldAt(schema, next, rest);
  return { name: first, candidates: message?.fields.map(({ name }) => name) ?? [] };
}

function fitsField({ type }: Pick<MetricSpec, "type">, field: Field): true | string {
  if (field.isList || field.isMap || field.type.kind === "message") return "a single value";
  const scalar = field.type.kind === "scalar" ? field.type.scalar : "enum";
  switch (type) {
    case "number":
      return /int|double|float/.test(scalar) || "a field of numbers (double, int32, ...)";
    case "integer":
      return /int/.test(scalar) || "a field of whole numbers (int32, uint32, ...)";
    case "boolean":
      return scalar === "bool" || "a bool";
    case "category":
      return scalar === "string" || scalar === "enum" || "text or an enumeration";
  }
}

function wordsOf({ name, type, isList, isMap }: Field): string {
  const kind = type.kind === "scalar" ? type.scalar : type.kind === "enum" ? "an enumeration" : type.message;
  return `${name}, ${isMap ? "a map of " : isList ? "a list of " : ""}${kind}`;
}
