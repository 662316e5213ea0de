// The ranges that a series' schema declares for its columns, read off the JSON Schema of the plan.

/** Ends null where open. */
export interface SeriesRange {
  readonly min: number | null;
  readonly max: number | null;
}

/** Columns of numbers with a declared end; a schema that is no object declares none. */
export function seriesRangesOf(schema: unknown): Readonly<Record<string, SeriesRange>> {
  const properties = partOf(schema, "properties");
  if (typeof properties !== "object" || properties === null) return {};
  const ranges = Object.entries(properties).map(([column, written]) => {
    const end = (name: string) => {
      const value =
        partOf(written, name) ?? partOf(written, `exclusive${name[0]!.toUpperCase()}${name.slice(1)}`);
      // zod writes the largest safe integers for whole numbers without a bound.
      return typeof value === "number" && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : null;
    };
    return [column, { min: end("minimum"), max: end("maximum") }] as const;
  });
  return Object.fromEntries(ranges.filter(([, { min, max }]) => min !== null || max !== null));
}

function partOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
