// Which tool's results a file or folder looks like, by what stands at its beginning or lies in it: for the words of a refusal.
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { hasFolders } from "./folders.ts";
import type { ImportKind } from "./imported.ts";

/** The kind that was asked for where it may be that one; null for what looks like none. */
export function likelyKind(path: string, asked: ImportKind): ImportKind | null {
  if (!statSync(path).isDirectory()) return likelyKindOfFile(path);
  if ((asked === "hydra" || asked === "folder") && hasFolders(asked, path)) return asked;
  if (hasFolders("hydra", path)) return "hydra";
  if (hasFolders("folder", path)) return "folder";
  return readdirSync(path).some((name) => name.endsWith(".eval")) ? "inspect" : null;
}

function likelyKindOfFile(path: string): ImportKind | null {
  const start = beginningOf(path);
  if (start.startsWith("SQLite format 3") || /^\{[^\n]*"op_code"/.test(start)) return "optuna";
  if (path.endsWith(".eval") && start.startsWith("PK")) return "inspect";
  return path.endsWith(".csv") ? "wandb-csv" : null;
}

function beginningOf(path: string): string {
  const bytes = Buffer.alloc(512);
  const file = openSync(path, "r");
  try {
    return bytes.subarray(0, readSync(file, bytes)).toString("latin1");
  } finally {
    closeSync(file);
  }
}
