// A name that tells this project from others wherever they meet, such as at an orchestrator: drawn once and kept in `.lab/key`.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { writeAtomicSync } from "./files/atomic-file.ts";
import type { StoreLayout } from "./files/layout.ts";

const digits = "abcdefghijkmnpqrstuvwxyz23456789";
const length = 8;

/** Eight letters and digits, 40 bits; made where there is none yet. */
export function projectKeyOf({ key: path }: Pick<StoreLayout, "key">): string {
  const kept = existsSync(path) ? readFileSync(path, "utf8").trim() : "";
  if (/^[a-z0-9]{8}$/.test(kept)) return kept;
  const key = [...randomBytes(length)].map((byte) => digits[byte % digits.length]).join("");
  writeAtomicSync(path, `${key}\n`);
  return key;
}
