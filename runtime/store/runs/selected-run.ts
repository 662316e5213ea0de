// The run that commands take when none is named, `.lab/selected`: its id in one line. Without the file it is the latest.
import { existsSync, rmSync } from "node:fs";
import { writeAtomicSync } from "../files/atomic-file.ts";
import type { StoreLayout } from "../files/layout.ts";
import { readStored } from "../files/stored-file.ts";
import { isRunId } from "./run-id.ts";

/** The id; null when none is selected. */
export function selectedRun({ selected: path }: Pick<StoreLayout, "selected">): string | null {
  if (!existsSync(path)) return null;
  const id = readStored(path).toString("utf8").trim();
  return isRunId(id) ? id : null;
}

/** Null selects none. */
export function selectRun({ selected: path }: Pick<StoreLayout, "selected">, id: string | null): void {
  if (id === null) rmSync(path, { force: true });
  else writeAtomicSync(path, `${id}\n`);
}
