// Names as ids: of an element on the page, of a file on a disk. However long the name, the id is short, and no two are the same.

/** Some file systems take 255 bytes for a name; an id stands beside others and before an ending. */
const lengthMax = 120;
/** The last word says which chart it is: it stays. */
const lastMax = 24;

/**
 * The id itself where it is short and free; cut before its last word, with a mark of the whole, where it is long; with a number where it is taken.
 *
 * @param id lower-case letters, digits and dashes; empty for a name of other characters only.
 * @example shortId("points", new Set(["points"]))  // "points-2"
 */
export function shortId(id: string, taken: ReadonlySet<string>): string {
  const whole = id === "" ? "unnamed" : id;
  const short = whole.length <= lengthMax ? whole : cut(whole);
  let free = short;
  for (let count = 2; taken.has(free); count += 1) free = `${short}-${count}`;
  return free;
}

function cut(whole: string): string {
  const last = whole.slice(whole.lastIndexOf("-") + 1);
  const end = last.length <= lastMax ? `-${last}` : "";
  return `${whole.slice(0, lengthMax - 9 - end.length).replace(/-$/, "")}-${markOf(whole)}${end}`;
}

/** Eight hexadecimal digits that tell long names apart (FNV-1a, 32 bits). */
function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, "0");
}
