// Where two results of one trial differ, for `lab verify`: one line a value, named by its path, instead of two long lines of JSON.
import { isDeepStrictEqual } from "node:util";
import { fit } from "./words.ts";

/**
 * Lines such as `metrics.price: 1.5, again 1.25`. Texts that are not JSON are compared as they are. Never empty for unequal texts.
 *
 * @example resultDifference('{"metrics":{"price":1.5}}', '{"metrics":{"price":1.25}}') // ["metrics.price: 1.5, again 1.25"]
 */
export function resultDifference(stored: string, again: string): readonly string[] {
  const [before, after] = [parsed(stored), parsed(again)];
  const lines = differences("", before, after);
  return lines.length > 0 ? lines : [line("result", stored, again)];
}

function differences(path: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (!isRecord(before) || !isRecord(after)) return [line(path === "" ? "result" : path, before, after)];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(path === "" ? key : `${path}.${key}`, before[key], after[key]));
}

function line(path: string, before: unknown, after: unknown): string {
  return `${path}: ${shown(before)}, again ${shown(after)}`;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  return fit(typeof value === "string" ? value : JSON.stringify(value), 120);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
