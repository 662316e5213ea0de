// Lines out of a stream of bytes that comes in pieces: a line counts once its end has come, and one that is longer than it may be is
// refused before it is held.
import { StringDecoder } from "node:string_decoder";

export class LineReader {
  readonly #decoder = new StringDecoder("utf8");
  readonly #charactersMax: number;
  #rest = "";

  constructor(charactersMax: number) {
    this.#charactersMax = charactersMax;
  }

  /** The lines that end in these bytes, without empty ones. Throws RangeError for a line that is too long; nothing can be read after it. */
  push(bytes: Buffer): readonly string[] {
    const pieces = (this.#rest + this.#decoder.write(bytes)).split("\n");
    this.#rest = pieces.pop() ?? "";
    if (this.#rest.length > this.#charactersMax || pieces.some(({ length }) => length > this.#charactersMax))
      throw new RangeError(`a line is longer than ${this.#charactersMax} characters`);
    return pieces.map((line) => line.trim()).filter((line) => line !== "");
  }
}
