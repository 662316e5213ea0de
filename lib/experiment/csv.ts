// A CSV file as typed rows. The file is imported as text, so that it is found, bundled and part of the identity like any other import;
// this parses the text and checks every row by a schema.
import { CsvError, parse } from "csv-parse/sync";
import type { z } from "zod";

/**
 * The rows of a CSV text: one object a line, keyed by the header.
 *
 * Cells are text; a cell of a column that the schema declares a number or a boolean is read as one. An empty cell is null where the
 * schema takes null, left out where it is optional, and an empty text otherwise. Quotes are those of RFC 4180; a leading byte-order
 * mark and empty lines are skipped.
 *
 * @param text What `import regions from "./regions.csv"` gives.
 * @param row Schema of one row: a zod object of the columns that are wanted; others are dropped.
 * @param options.delimiter What stands between cells; a comma unless told.
 * @throws Error that names line and column when the text is no CSV, a column is missing, or a row does not fit the schema.
 * @example
 * import regions from "./regions.csv";
 * const rows = csv(regions, z.object({ region: z.string(), population: z.int() }));
 */
export function csv<Row extends z.ZodObject>(
  text: string,
  row: Row,
  { delimiter = "," }: { readonly delimiter?: string } = {},
): readonly z.output<Row>[] {
  const { header, lines } = parsed(text, delimiter);
  const columns = Object.keys(row.shape);
  const missing = columns.filter(
    (column) => !header.includes(column) && !takes(row.shape[column], undefined),
  );
  if (missing.length > 0)
    throw new Error(
      `the CSV has no column ${missing.map((name) => `"${name}"`).join(", ")}; its columns are ${header.map((name) => `"${name}"`).join(", ")}`,
    );
  const read = columns.map((column) => ({ column, at: header.indexOf(column), schema: row.shape[column] }));
  return lines.map(({ line, cells }) => {
    const given: Record<string, unknown> = {};
    for (const { column, at, schema } of read)
      if (at >= 0) given[column] = cellValue(cells[at] ?? "", schema);
    const checked = row.safeParse(given);
    if (checked.success) return checked.data;
    const [issue] = checked.error.issues;
    const column = String(issue?.path[0] ?? "");
    throw new Error(
      `line ${line} of the CSV, column "${column}": ${issue?.message ?? "does not fit"} (the cell is ${JSON.stringify(cells[header.indexOf(column)] ?? "")})`,
    );
  });
}

interface Line {
  /** Counted from 1; the header is the first. */
  readonly line: number;
  readonly cells: readonly string[];
}

function parsed(
  text: string,
  delimiter: string,
): { readonly header: readonly string[]; readonly lines: readonly Line[] } {
  try {
    const records = parse(text, {
      bom: true,
      delimiter,
      info: true,
      relax_column_count: false,
      skip_empty_lines: true,
      // With `info`, each record comes with where it ended.
    }) as unknown as readonly {
      readonly record: readonly string[];
      readonly info: { readonly lines: number };
    }[];
    const [header, ...lines] = records.map(({ record, info }) => ({ line: info.lines, cells: record }));
    return { header: header?.cells ?? [], lines };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Error(`the text is no CSV: ${error.message.replace(/^Invalid \w+(?: \w+)*: /, "")}`);
  }
}

/** A cell as the schema wants it, where the text says it without doubt; the text otherwise, for the schema to judge. */
function cellValue(cell: string, schema: z.core.$ZodType | undefined): unknown {
  if (cell === "" && takes(schema, null)) return null;
  if (cell === "" && takes(schema, undefined)) return undefined;
  const trimmed = cell.trim();
  switch (baseType(schema)) {
    case "number":
      return /^[+-]?(?:\d+[.]?\d*|[.]\d+)(?:[eE][+-]?\d+)?$/.test(trimmed) ? Number(trimmed) : cell;
    case "boolean":
      return /^(?:true|false)$/i.test(trimmed) ? trimmed.toLowerCase() === "true" : cell;
    default:
      return cell;
  }
}

function takes(schema: z.core.$ZodType | undefined, value: null | undefined): boolean {
  return schema?.["~standard"] !== undefined && isAccepted(schema["~standard"].validate(value));
}

function isAccepted(result: unknown): boolean {
  return (
    !(result instanceof Promise) && typeof result === "object" && result !== null && !("issues" in result)
  );
}

/** "number" of `z.int().nullable()`. */
function baseType(schema: z.core.$ZodType | undefined): string {
  let at: z.core.$ZodType | undefined = schema;
  for (;;) {
    const definition = at?._zod.def as
      | { readonly type: string; readonly innerType?: z.core.$ZodType }
      | undefined;
    if (definition?.innerType === undefined) return definition?.type ?? "";
    at = definition.innerType;
  }
}
