// What is drawn again and again at the bottom of a terminal while lines go by above it. Whoever writes a line does so above it; while somebody is
// asked something, nothing is drawn and no line is written.
import { createLogUpdate } from "log-update";

export class Drawing {
  readonly #live: ReturnType<typeof createLogUpdate>;
  #shown = "";
  readonly #held: (() => void)[] = [];
  #isPaused = false;

  constructor(stream: NodeJS.WritableStream) {
    this.#live = createLogUpdate(stream);
  }

  /** Draws in place of what was drawn before. */
  draw(text: string): void {
    this.#shown = text;
    if (!this.#isPaused) this.#live(text);
  }

  /** What is drawn stays as it is; the next drawing begins below it. */
  done(): void {
    if (!this.#isPaused) this.#live.done();
    this.#shown = "";
  }

  /** Writes lines above what is drawn; once nobody is asked any more, where somebody is. */
  above(write: () => void): void {
    if (this.#isPaused) {
      this.#held.push(write);
      return;
    }
    if (this.#shown === "") {
      write();
      return;
    }
    this.#live.clear();
    write();
    this.#live(this.#shown);
  }

  /** Leaves the terminal to a question until the function returned is called. */
  pause(): () => void {
    this.#isPaused = true;
    if (this.#shown !== "") this.#live.clear();
    return () => {
      if (!this.#isPaused) return;
      this.#isPaused = false;
      for (const write of this.#held.splice(0)) write();
      if (this.#shown !== "") this.#live(this.#shown);
    };
  }
}

/** The one of standard error, where a run is told. */
export const drawing = new Drawing(process.stderr);
