// What one unit may say: a trial that logs without end must not fill the disk, nor the channel to the controller.
import { shortened } from "../../../record/short-text.ts";

/** Characters and lines that a unit may leave behind. */
export const logLimits = { characters: 1_000_000, lines: 20_000 } as const;

export class LogBudget {
  #characters: number = logLimits.characters;
  #lines: number = logLimits.lines;
  #dropped = 0;

  /** The line as it is logged, cut when it is long; null when the unit has said enough. */
  admit(text: string): string | null {
    const line = shortened(text);
    if (this.#lines <= 0 || this.#characters < line.length) {
      this.#dropped += 1;
      return null;
    }
    this.#lines -= 1;
    this.#characters -= line.length + 1;
    return line;
  }

  /** What was left out, in words; null when nothing was. */
  summary(): string | null {
    if (this.#dropped === 0) return null;
    const { characters, lines } = logLimits;
    return `${this.#dropped.toLocaleString("en")} more lines were dropped: a trial's log holds ${lines.toLocaleString("en")} lines and ${characters.toLocaleString("en")} characters`;
  }
}
