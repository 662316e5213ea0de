// Rows of a series as a program writes them: whole new lines of a JSON lines or CSV file are read at a pace while it runs, and what is
// left at its end.
import { closeSync, existsSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import type { SeriesSource } from "../../lib/experiment/command.ts";
import { csvRows, parsed } from "./values.ts";

const chunkBytes = 64 * 1024;

export class SeriesTail {
  readonly #path: string;
  readonly #source: SeriesSource;
  readonly #record: (row: Readonly<Record<string, unknown>>) => void;
  readonly #decoder = new TextDecoder();
  #offset = 0;
  #rest = "";
  #line = 0;
  #heading: string | null = null;

  constructor(
    folder: string,
    source: SeriesSource,
    record: (row: Readonly<Record<string, unknown>>) => void,
  ) {
    this.#source = source;
    this.#path = join(folder, fileOf(source));
    this.#record = record;
  }

  /** Records the rows that are new; `isLast` takes the last line without its end too. Throws on a line that is no row. */
  read({ isLast }: { readonly isLast: boolean }): void {
    const lines = (this.#rest + this.#news()).split("\n");
    this.#rest = isLast ? "" : (lines.pop() ?? "");
    for (const line of lines) {
      this.#line += 1;
      if (line.trim() !== "") this.#take(line);
    }
  }

  #take(line: string): void {
    if ("jsonLines" in this.#source) {
      this.#record(parsed(line, `${this.#source.jsonLines}:${this.#line}`));
    } else if (this.#heading === null) {
      this.#heading = line;
    } else {
      for (const row of csvRows(`${this.#heading}\n${line}`)) this.#record(row);
    }
  }

  #news(): string {
    if (!existsSync(this.#path)) return "";
    const file = openSync(this.#path, "r");
    const bytes = new Uint8Array(chunkBytes);
    let text = "";
    try {
      for (;;) {
        const count = readSync(file, bytes, 0, bytes.length, this.#offset);
        if (count === 0) return text;
        this.#offset += count;
        text += this.#decoder.decode(bytes.subarray(0, count), { stream: true });
      }
    } finally {
      closeSync(file);
    }
  }
}

function fileOf(source: SeriesSource): string {
  return "csv" in source ? source.csv : source.jsonLines;
}
