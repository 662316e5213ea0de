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
    return fits === true
      ? []
      : [{ metric, found: `${spec.type} from ${wordsOf(found)}`, expected: fits, candidates: [] }];
  });
}

/** A series without a field of the status, of a field that has no rows, or a column that its rows do not have. */
export interface SeriesMisfit extends Omit<MetricMisfit, "metric"> {
  readonly series: string;
}

/** `columns` are those that a series declares; null where they are not known. */
export function seriesMisfits(
  schema: Schema,
  of: {
    readonly status: Message;
    readonly fields: Readonly<Record<string, string>>;
    readonly columns: (series: string) => readonly string[] | null;
  },
): readonly SeriesMisfit[] {
  return Object.entries(of.fields).flatMap(([series, name]): readonly SeriesMisfit[] => {
    const field = of.status.fields.find((each) => each.name === name);
    if (field === undefined)
      return [{ series, found: name, expected: null, candidates: of.status.fields.map((each) => each.name) }];
    const message = field.type.kind === "message" ? schema.messages.get(field.type.message) : undefined;
    if (message === undefined || field.isMap)
      return [{ series, found: wordsOf(field), expected: "a field of messages, one a row", candidates: [] }];
    if (message.name.startsWith("google.protobuf.")) return [];
    const has = message.fields.map((each) => each.name);
    const missing = of.columns(series)?.find((column) => !has.includes(column));
    return missing === undefined ? [] : [{ series, found: missing, expected: null, candidates: has }];
  });
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

function fitsField({ type }: MetricSpec, field: Field): true | string {
  if (field.isList || field.isMap || field.type.kind === "message") return "a single value";
  const scalar = field.type.kind === "scalar" ? field.type.scalar : "enum";
  switch (type) {
    case "number":
      return /int|double|float/.test(scalar) || "a field of numbers (double, int32, ...)";
    case "integer":
      return /int/.test(scalar) || "a field of whole numbers (int32, uint32, ...), or metric.number()";
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
