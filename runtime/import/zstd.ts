// Texts compressed with Zstandard (RFC 8878), which Node 20 does not read itself: DuckDB does, a line at a time, from files.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withScratch } from "../scratch-folder.ts";
import { quotedText, withDuck } from "../store/parquet/duck.ts";

export interface ZstdText {
  readonly bytes: Uint8Array;
  /** Length of the text in bytes, as whoever compressed it says: one that is longer is refused. */
  readonly size: number;
}

/** Every line but empty ones, joined by line feeds: JSON means the same. Rejects for what is damaged or longer than it says. */
export async function zstdTexts(compressed: readonly ZstdText[]): Promise<readonly string[]> {
  return withScratch("labwright-zstd", (folder) =>
    withDuck({ memoryMb: 4096, threads: 1, spillFolder: null }, async (connection) => {
      await connection.run("SET preserve_insertion_order = true");
      const texts: string[] = [];
      for (const { bytes, size } of compressed) {
        const file = join(folder, "text.zst");
        writeFileSync(file, bytes);
        // Nothing is a sign of its own but the end of a line: JSON has no U+0001 in its text.
        const read = await connection.runAndReadAll(
          `SELECT line FROM read_csv(${quotedText(file)}, compression = 'zstd', columns = {line: 'VARCHAR'}, delim = '\u0001', quote = '', escape = '',
header = false, auto_detect = false, parallel = false, max_line_size = ${Math.max(size, 1)})`,
        );
        texts.push(
          read
            .getRows()
            .map(([line]) => String(line ?? ""))
            .join("\n"),
        );
      }
      return texts;
    }),
  );
}
