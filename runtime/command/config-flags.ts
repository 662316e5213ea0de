// The configuration of a trial as words of a command line.
import type { Json } from "../../lib/experiment/json.ts";

/** `--rate=0.1`; true is the flag alone, false and null leave it out, a list is several words after the flag, an object is JSON. */
export function flagsOf(settings: Readonly<Record<string, Json>>): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => {
    const flag = name.startsWith("-") ? name : `--${name}`;
    if (value === true) return [flag];
    if (value === false || value === null) return [];
    return Array.isArray(value) ? [flag, ...value.map(wordOf)] : [`${flag}=${wordOf(value)}`];
  });
}

/** Text as it is, anything else as JSON. */
export function wordOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
