// Run manifests on disk, `runs/<run>/run.json`: small, replaced as a whole, readable at any time. A manifest carries the hash of its own
// content, and of the plan that the run pinned: what was changed since is not believed.
import { createHash } from "node:crypto";
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../plan/plan.ts";
import { writeAtomicSync } from "../files/atomic-file.ts";
import type { RunLayout, StoreLayout } from "../files/layout.ts";
import { runLayoutOf } from "../files/layout.ts";
import { StoreError } from "../files/store-error.ts";
import { namesStored, parseStored } from "../files/stored-file.ts";
import { planHashOf } from "../plan-hash.ts";
import type { RunManifest } from "../store.ts";
import { readLabels } from "./labels.ts";
import { isRunId } from "./run-id.ts";

export function writeManifest(run: RunLayout, manifest: RunManifest): void {
  const sealed = { ...manifest, sha256: sealOf(manifest) };
  writeAtomicSync(run.manifest, `${JSON.stringify(sealed, null, 2)}\n`);
}

export const manifestFormat = "labwright.run/2";

/** SHA-256 of the manifest's JSON without white space, lower-case hex. */
function sealOf(manifest: object): string {
  return createHash("sha256").update(JSON.stringify(manifest)).digest("hex");
}

/** Ids of all runs, oldest first; also of those whose manifest was never finished. */
export function runIds(store: StoreLayout): readonly string[] {
  return namesStored(store.runs).filter(isRunId).sort(byNumber);
}

/** Null when the run has no manifest that can be believed; `problems` then says why. */
export function readManifest(store: StoreLayout, id: string, problems: string[]): RunManifest | null {
  const { manifest: path } = runLayoutOf(store, id);
  if (!existsSync(path) && !isLink(path)) return null;
  const read = parseStored(path);
  const fault = "fault" in read ? read.fault : manifestFault(read.value, { path, id });
  if (fault !== null || "fault" in read) {
    problems.push(`${fault} The run is left out; what it recorded still counts.`);
    return null;
  }
  // Written by writeManifest in this format, and its hash holds.
  const { sha256: _, ...manifest } = read.value as RunManifest & { readonly sha256: string };
  const { name = manifest.name } = readLabels(runLayoutOf(store, id));
  return { ...manifest, name };
}

function manifestFault(read: unknown, of: { readonly path: string; readonly id: string }): string | null {
  const { path, id } = of;
  if (typeof read !== "object" || read === null || !("format" in read))
    return `${path} is no manifest of a run.`;
  if (read.format !== manifestFormat)
    return `${path} has the format ${JSON.stringify(read.format)}; this labwright reads ${JSON.stringify(manifestFormat)}.`;
  const { sha256, ...manifest } = read as { readonly sha256?: unknown; readonly id?: unknown };
  if (sha256 !== sealOf(manifest)) return `${path} was changed after it was written.`;
  return manifest.id === id ? null : `${path} is of another run, ${JSON.stringify(manifest.id)}.`;
}

/** A link that leads nowhere is no missing file. */
function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

/**
 * The plan that a run pinned. A copy that was changed is told by its hash; the same plan is then taken from the build, where it is
 * there, and `problems` says so. Throws StoreError when neither is what the run began with.
 */
export function readRunPlan(store: StoreLayout, run: RunManifest, problems: string[]): Plan {
  const { plan: path } = runLayoutOf(store, run.id);
  const fault = planAt(path, run);
  if (typeof fault !== "string") return fault;
  const frozen = planAt(join(store.builds, run.build, "plan.json"), run);
  if (typeof frozen === "string")
    throw new StoreError(
      "damaged",
      `The plan of run ${run.id} cannot be used: ${fault}`,
      "Put the file back from a copy. What was recorded is kept: `lab run` counts it for the same experiments.",
    );
  problems.push(`${fault} The plan was read from build ${run.build} instead.`);
  return frozen;
}

/** The plan in a file if it is the run's, else what is wrong with it in words. */
function planAt(path: string, { planHash }: RunManifest): Plan | string {
  const read = parseStored(path);
  if ("fault" in read) return read.fault;
  // Written by startRun or the compiler, if its hash says so.
  const plan = read.value as Plan;
  return isOfHash(plan, planHash) ? plan : `${path} was changed after it was written.`;
}

function isOfHash(plan: Plan, planHash: string): boolean {
  try {
    return planHashOf(plan) === planHash;
  } catch {
    // What a changed byte made of a number can have no canonical form.
    return false;
  }
}

function byNumber(left: string, right: string): number {
  return Number.parseInt(left.slice(1), 10) - Number.parseInt(right.slice(1), 10) || (left < right ? -1 : 1);
}
