// DuckDB, opened when first needed: loading it costs a tenth of a second that most commands need not pay. Every instance is in memory
// and reads no settings of the user's.
import { createRequire } from "node:module";
import type { DuckDBConnection } from "@duckdb/node-api";

export interface DuckOptions {
  /** Upper bound of DuckDB's own memory in MB; what does not fit is spilled to `spillFolder`. */
  readonly memoryMb: number;
  readonly threads: number;
  /** Null: nothing is spilled. */
  readonly spillFolder: string | null;
}

/**
 * DuckDB with texts as they are stored: its package decodes them with a decoder that takes a leading U+FEFF for a mark of the encoding
 * and drops it. The decoder is a member of that module, asked at each use.
 */
export async function loadDuck(): Promise<typeof import("@duckdb/node-api")> {
  const require = createRequire(import.meta.url);
  const accessors: {
    textDecoder: InstanceType<typeof TextDecoder>;
  } = require("@duckdb/node-api/lib/vectors/dataAccessors.js");
  accessors.textDecoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return import("@duckdb/node-api");
}

/** Runs `use` with a connection of its own, which is closed after. */
export async function withDuck<T>(
  options: DuckOptions,
  use: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const { DuckDBInstance } = await loadDuck();
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: `${options.memoryMb}MB`,
    threads: String(options.threads),
    preserve_insertion_order: "false",
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    ...(options.spillFolder !== null && { temp_directory: options.spillFolder }),
  });
  try {
    const connection = await instance.connect();
    try {
      return await use(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
}

/** A name as SQL quotes it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as SQL quotes it. SQL itself ends at a NUL, so that one is named. */
export function quotedText(text: string): string {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  return text.includes("\0") ? `(${quoted.replaceAll("\0", "' || chr(0) || '")})` : quoted;
}
