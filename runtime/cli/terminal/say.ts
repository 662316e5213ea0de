// Words for people, wrapped to the terminal between words: a line goes on two columns further in. In a pipe lines stay whole.
import { stripVTControlCharacters } from "node:util";
import { drawing } from "./drawing.ts";

type Stream = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">;

/** Writes lines to a stream, above what is drawn there; a line break is added at the end. */
export function say(stream: Stream, text: string): void {
  const write = (): unknown => stream.write(`${stream.isTTY ? wrapped(text, stream.columns || 80) : text}\n`);
  if (stream === process.stderr) drawing.above(write);
  else write();
}

/** The text with no line wider than `columns`, but for words that are wider alone. Colours take no room. */
export function wrapped(text: string, columns: number): string {
  return text
    .split("\n")
    .flatMap((line) => wrappedLine(line, columns))
    .join("\n");
}

function wrappedLine(line: string, columns: number): readonly string[] {
  if (widthOf(line) <= columns) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const lines: string[] = [];
  let current = "";
  for (const word of line.trim().split(/ +/)) {
    const begin = lines.length === 0 ? indent : `${indent}  `;
    const longer = current === "" ? `${begin}${word}` : `${current} ${word}`;
    if (current !== "" && widthOf(longer) > columns) {
      lines.push(current);
      current = `${indent}  ${word}`;
    } else current = longer;
  }
  return [...lines, current];
}

function widthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
