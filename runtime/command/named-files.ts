// Files below a folder whose paths fit one of some globs: `*` and `?` stay within a name, `**` goes through folders.
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** Paths relative to the folder with forward slashes, sorted. */
export function namedFiles(folder: string, globs: readonly string[]): string[] {
  if (globs.length === 0) return [];
  const expressions = globs.map(expressionOf);
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .filter((path) => expressions.some((expression) => expression.test(path)))
    .sort();
}

function expressionOf(glob: string): RegExp {
  const parts = glob.split(/(\*\*\/|\*\*|\*|\?)/).map((part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part === "?" ? "[^/]" : part.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  });
  return new RegExp(`^${parts.join("")}$`);
}
