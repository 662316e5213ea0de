// Text that authors or trials wrote, made fit for a terminal: it cannot move the cursor, colour, ring, rename the window or turn the
// direction of reading.
import { stripVTControlCharacters } from "node:util";

/** Control characters but new line and tab, and the marks that turn the direction of what follows. */
const unfit = /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Escape sequences are left out; other control characters are shown by their number.
 *
 * @example plainText("\u001b[31mred, ring\u0007") // "red, ring\\u0007"
 */
export function plainText(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replace(
    unfit,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s*[\n\t]\s*/g, " ");
}
