// Texts of any length made fit to keep: head and tail stay, and what was left out is said.

/** A text of a record or a line of a log at most, in characters. */
export const textMax = 10_000;

/** The text, or its head and tail with the number of characters left out between them. */
export function shortened(text: string): string {
  if (text.length <= textMax) return text;
  const [left, whole] = [text.length - textMax, text.length].map((count) => count.toLocaleString("en"));
  const half = textMax / 2;
  return `${text.slice(0, half)}\n... (${left} of ${whole} characters left out) ...\n${text.slice(-half)}`;
}
