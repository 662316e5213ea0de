// Values of a plan file as TypeScript: as text, or as text in which every part stands for its own place in the file.
import type { Part } from "./module-text.ts";
import type { PlanNode } from "./plan-document.ts";

/** The text is that of `code`, and knows where it comes from. */
export function nodeText({ place, value, entries, items }: PlanNode): Part {
  const inner = (): readonly Part[] => {
    if (items !== null) return ["[", ...separated(items.map(nodeText)), "]"];
    if (entries === null || entries.length === 0) return [code(value)];
    // In the order of the value: what `<<` brings in comes first there.
    const members = Object.keys(value as object).flatMap(
      (key) => entries.find((entry) => entry.key === key) ?? [],
    );
    const written = members.map(
      (entry): Part => ({ of: entry.place, parts: [`${code(entry.key)}: `, nodeText(entry.node)] }),
    );
    return ["{", ...separated(written), "}"];
  };
  return { of: place, parts: inner() };
}

/** With a comma between. */
export function separated(parts: readonly Part[]): readonly Part[] {
  return parts.flatMap((part, index) => (index === 0 ? [part] : [", ", part]));
}

/** A value as TypeScript; JSON is. */
export function code(value: unknown): string {
  return spaced(JSON.stringify(value ?? null));
}

/** JSON in one line with a blank after each comma and colon outside of texts; what TypeScript takes for a line's end is escaped. */
function spaced(json: string): string {
  return json
    .replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (part) => (part === "," || part === ":" ? `${part} ` : part))
    .replace(/[\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
}

/** A key of an object: bare where it can be. */
export function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : code(name);
}
