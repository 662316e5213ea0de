// Compacts a run in a process of its own.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { StoreError } from "../files/store-error.ts";
import type { RunManifest } from "../store.ts";
import type { CompactAnswer } from "./compact-main.ts";

/** The tables made in the run's folder, by experiment. Throws StoreError when it did not work; the ledger is untouched by that. */
export async function compactInChild(root: string, run: string): Promise<RunManifest["compacted"]> {
  // The checkout runs .ts through a loader that is in execArgv, the package .js; both name the sibling as this file is named.
  const program = fileURLToPath(import.meta.url.replace(/compact-run(\.[cm]?[jt]s)$/, "compact-main$1"));
  const answer = await new Promise<CompactAnswer>((resolve, reject) => {
    const child = fork(program, [root, run], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      serialization: "json",
    });
    let said = "";
    child.stderr?.on("data", (data) => {
      said = (said + String(data)).slice(-4000);
    });
    let given: CompactAnswer | null = null;
    // Only compact-main.ts runs there.
    child.on("message", (message) => (given = message as CompactAnswer));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      if (given !== null) resolve(given);
      else
        resolve({
          ok: false,
          message: `the process ended with ${signal ?? code}${said === "" ? "" : `: ${said.trim()}`}`,
          hint: null,
        });
    });
  });
  if (!answer.ok)
    throw new StoreError(
      "io",
      `The results of ${run} were not compacted to Parquet: ${answer.message.replace(/\.$/, "")}.`,
      answer.hint ?? "Nothing is lost: reports, queries and exports read the ledger instead.",
    );
  return answer.tables;
}
