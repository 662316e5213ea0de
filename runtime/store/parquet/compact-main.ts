// The program of the process that compacts a run, so that what DuckDB takes is given back when it ends and the controller stays small.
// Arguments: the project's root and the run's id. Answers one message: the tables by experiment, or what went wrong.
import { runLayoutOf } from "../files/layout.ts";
import { openStore } from "../project-store.ts";
import { readManifest } from "../runs/manifest.ts";
import type { RunManifest } from "../store.ts";
import { compact } from "./compact.ts";

/** What the process answers. */
export type CompactAnswer =
  | { readonly ok: true; readonly tables: RunManifest["compacted"] }
  | { readonly ok: false; readonly message: string; readonly hint: string | null };

const [root = "", id = ""] = process.argv.slice(2);
const store = openStore(root);
const run = readManifest(store.layout, id, []);

function answer(message: CompactAnswer): void {
  process.send?.(message);
  process.disconnect?.();
}

try {
  if (run === null) throw new Error(`there is no run ${id} in ${root}`);
  answer({ ok: true, tables: await compact({ store, run, folder: runLayoutOf(store.layout, id).folder }) });
} catch (error) {
  const hint =
    typeof error === "object" && error !== null && "hint" in error && typeof error.hint === "string"
      ? error.hint
      : null;
  answer({ ok: false, message: error instanceof Error ? error.message : String(error), hint });
}
