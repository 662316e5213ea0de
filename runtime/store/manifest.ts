// Run manifests on disk, `runs/<run>/run.json`: small, replaced as a whole, readable at any time.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { Plan } from "../plan/plan.ts";
import { writeAtomicSync } from "./atomic-file.ts";
import type { RunLayout, StoreLayout } from "./layout.ts";
import { runLayoutOf } from "./layout.ts";
import { isRunId } from "./run-id.ts";
import type { RunManifest } from "./store.ts";
import { StoreError } from "./store-error.ts";

export function writeManifest(run: RunLayout, manifest: RunManifest): void {
  writeAtomicSync(run.manifest, `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Ids of all runs, oldest first; also of those whose manifest was never finished. */
export function runIds(store: StoreLayout): readonly string[] {
  if (!existsSync(store.runs)) return [];
  return readdirSync(store.runs).filter(isRunId).sort(byNumber);
}

/** Null when the run has no readable manifest; `problems` then says why. */
export function readManifest(store: StoreLayout, id: string, problems: string[]): RunManifest | null {
  const { manifest: path } = runLayoutOf(store, id);
  if (!existsSync(path)) return null;
  let read: unknown;
  try {
    read = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    problems.push(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
    return null;
  }
  const format = typeof read === "object" && read !== null && "format" in read ? read.format : null;
  if (format !== "labwright.run/1") {
    problems.push(
      `${path} has the format ${JSON.stringify(format)}; this labwright reads "labwright.run/1". It was left alone.`,
    );
    return null;
  }
  // Written by writeManifest in this format.
  return read as RunManifest;
}

/** The plan that a run pinned. */
export function readRunPlan(store: StoreLayout, run: string): Plan {
  const { plan: path } = runLayoutOf(store, run);
  try {
    // Written by startRun; its hash is in the manifest.
    return JSON.parse(readFileSync(path, "utf8")) as Plan;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StoreError("damaged", `The plan of run ${run} cannot be read: ${why}.`);
  }
}

function byNumber(left: string, right: string): number {
  return Number.parseInt(left.slice(1), 10) - Number.parseInt(right.slice(1), 10) || (left < right ? -1 : 1);
}
