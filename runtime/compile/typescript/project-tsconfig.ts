// Which tsconfig files govern a project: the tsconfig.json at its root and whatever it extends.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** Absolute path of the project's tsconfig.json, or null. */
export function projectTsconfig(root: string): string | null {
  const file = path.join(root, "tsconfig.json");
  return existsSync(file) ? file : null;
}

/** The project's tsconfig.json and the files it extends, nearest first; empty when there is none. */
export function tsconfigChain(root: string): readonly string[] {
  const chain: string[] = [];
  const pending = [projectTsconfig(root)];
  while (pending.length > 0) {
    const file = pending.shift();
    if (file === null || file === undefined || chain.includes(file)) continue;
    chain.push(file);
    for (const base of extendedBy(readFileSync(file, "utf8"))) pending.push(resolved(base, file));
  }
  return chain;
}

/** Whether the project's own tsconfig.json excludes a path (relative to `root`): fixtures and drafts are no part of the project. */
export function excludedBy(root: string): (file: string) => boolean {
  const own = projectTsconfig(root);
  const listed =
    own === null ? undefined : /"exclude"\s*:\s*\[([^\]]*)\]/.exec(readFileSync(own, "utf8"))?.[1];
  const patterns = [...(listed ?? "").matchAll(/"([^"]+)"/g)].map((match) => patternOf(match[1] ?? ""));
  return (file) => patterns.some((pattern) => pattern.test(file));
}

/** tsconfig's globs: a double star for any folders, a star and a question mark within a name; a folder stands for all in it. */
function patternOf(glob: string): RegExp {
  const parts = glob
    .replace(/^[.]\//, "")
    .replace(/[/]+$/, "")
    .split(/([*][*][/]|[*]|[?])/);
  const meanings: Readonly<Record<string, string>> = { "**/": "(?:.*/)?", "*": "[^/]*", "?": "[^/]" };
  const body = parts.map((part) => meanings[part] ?? part.replace(/[\\^$.|+()[\]{}]/g, "\\$&")).join("");
  return new RegExp(`^${body}(?:/|$)`);
}

/** The `extends` of a tsconfig, which is JSON with comments: found in the text, because no parser of that dialect is at hand. */
function extendedBy(text: string): string[] {
  const value = /"extends"\s*:\s*("(?:[^"\\]|\\.)*"|\[[^\]]*\])/.exec(text)?.[1];
  return value === undefined
    ? []
    : [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map((match) => match[1] ?? "");
}

function resolved(base: string, from: string): string | null {
  if (base.startsWith(".") || path.isAbsolute(base)) {
    const file = path.resolve(path.dirname(from), base);
    return [file, `${file}.json`].find((candidate) => existsSync(candidate)) ?? null;
  }
  try {
    return createRequire(from).resolve(base);
  } catch {
    return null;
  }
}
