// Typed reading of parsed options, and the project's folder. Commands never touch the raw values.
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UserError } from "../diagnostic/user-error.ts";
import type { OptionValues } from "./command.ts";
import type { Typed } from "./values/tokens.ts";

/** A flag that is on or off. */
export function flag(options: OptionValues, name: string): boolean {
  // An environment variable sets a flag by any text but these.
  const value = options[name];
  return value === true || (typeof value === "string" && !["", "0", "false", "no"].includes(value));
}

export function text(options: OptionValues, name: string): string | null {
  const value = options[name];
  return typeof value === "string" && value !== "" ? value : null;
}

export function number(options: OptionValues, name: string): number | null {
  const value = options[name];
  return typeof value === "number" ? value : null;
}

/** `-S key=values` and `--filter key=values` as typed, one a key. */
export function typedOf(options: OptionValues, name: "set" | "filter"): readonly Typed[] {
  return (options[name] ?? []) as readonly Typed[]; // As option-values.ts has parsed them.
}

/** The project's folder: as given, or the nearest above the current one that has `.lab` or `package.json`, or the current one. */
export function projectRoot(options: OptionValues): string {
  const given = text(options, "project");
  if (given !== null) {
    const root = resolve(given);
    if (!existsSync(root) || !statSync(root).isDirectory())
      throw new UserError(`there is no folder ${given}`);
    return root;
  }
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".lab")) || existsSync(join(folder, "package.json"))) return folder;
    if (dirname(folder) === folder) return process.cwd();
  }
}

/** The absolute path of a file or folder as typed: seen from the current folder, or else from the project's. */
export function typedPath(root: string, given: string): string {
  const here = resolve(given);
  return existsSync(here) ? here : resolve(root, given);
}
