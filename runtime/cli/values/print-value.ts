// A value as it is typed on the command line: what the grammar of tokens.ts reads back as the same value.
import type { Json } from "../../../lib/experiment/json.ts";
import { typedNumber } from "./typed-number.ts";

/** @example printValue("a,b") // '"a,b"' */
export function printValue(value: Json): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const isPlain = /^[\p{L}\p{N}_.:/@%+~^-]+$/u.test(value) && !["true", "false", "null"].includes(value);
  return isPlain && typedNumber(value).kind === "none" ? value : JSON.stringify(value);
}
