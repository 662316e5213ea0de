// The columns of a series, read off its zod schema without importing zod: an author's zod may be another copy than ours.
import type { z } from "zod";

/** Keys of an object schema in declared order; null for a schema that is not a plain object (a union, a record). */
export function seriesColumnsOf(schema: z.ZodType): readonly string[] | null {
  if (!("shape" in schema)) return null;
  const { shape } = schema;
  return typeof shape === "object" && shape !== null ? Object.keys(shape) : null;
}
