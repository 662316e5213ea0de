// `.lab/builds/`: one folder a build, named by content, written beside and moved into place; pointer files name the latest build
// and the latest for each selection of paths. What is there is complete.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import type { BuildId, Plan } from "../../plan/plan.ts";
import { buildFault, buildFilesName, buildFilesOf, buildIdOf } from "../../store/build-files.ts";
import { wordedSync } from "../../store/files/store-error.ts";
import { readStored } from "../../store/files/stored-file.ts";
import type { EnvironmentUse } from "../discover/environment-uses.ts";
import { type SourceStamp, stampsOf } from "../discover/source-stamps.ts";
import type { EffectUse } from "../rules/effect-uses.ts";

/** What a build was made from: enough to know whether it still holds. */
export interface BuildRecord {
  readonly format: "labwright.build/2";
  readonly build: BuildId;
  readonly compiler: string;
  /** Experiment files, relative to the root. */
  readonly files: readonly string[];
  readonly sources: readonly SourceStamp[];
  /** Files that would have counted had they existed. */
  readonly absent: readonly string[];
  readonly warnings: readonly Diagnostic[];
  /** Effects that trials leave to performers, which the build does not know. */
  readonly effects: readonly EffectUse[];
  /** Environment files that the experiments reach. */
  readonly environments: readonly EnvironmentUse[];
}

/** A build in place: its plan and its absolute folder. */
export interface StoredBuild {
  readonly plan: Plan;
  readonly folder: string;
  readonly record: BuildRecord;
}

const stagingHours = 1;

/** A fresh folder for a build in the making, on the same disk; leftovers of builds that were killed are removed. */
export function openStaging(root: string): string {
  const builds = buildsFolder(root);
  mkdirSync(builds, { recursive: true });
  for (const name of readdirSync(builds)) {
    if (!name.startsWith(".staging-")) continue;
    const folder = path.join(builds, name);
    const stats = statSync(folder, { throwIfNoEntry: false });
    if (stats !== undefined && Date.now() - stats.mtimeMs > stagingHours * 3_600_000)
      rmSync(folder, { recursive: true, force: true });
  }
  const staging = path.join(builds, `.staging-${process.pid}-${Date.now().toString(36)}`);
  mkdirSync(staging);
  return staging;
}

/** Names a staged build by its content, writes plan and record, and moves it into place. */
export function storeBuild(of: {
  readonly root: string;
  readonly staging: string;
  readonly plan: Omit<Plan, "build">;
  readonly record: Omit<BuildRecord, "build" | "format">;
}): StoredBuild {
  const { root, staging } = of;
  const files = buildFilesOf(staging);
  const build = buildIdOf(of.plan, files);
  const { format, ...rest } = of.plan;
  const plan: Plan = { format, build, ...rest };
  const record: BuildRecord = { format: "labwright.build/2", build, ...of.record };
  const folder = path.join(buildsFolder(root), build);
  writeFileSync(path.join(staging, buildFilesName), JSON.stringify(files));
  writeFileSync(path.join(staging, "plan.json"), JSON.stringify(plan));
  writeFileSync(path.join(staging, "build.json"), JSON.stringify(record));
  if (!moved(staging, folder)) {
    // The same content is there already: only what it was made from is news.
    writeAtomically(path.join(folder, "build.json"), JSON.stringify(record));
    rmSync(staging, { recursive: true, force: true });
  }
  point(root, record);
  return { plan, folder, record };
}

/** The latest build of these files, whether or not it still holds; null when there is none, or a byte of it was changed. */
export function latestBuildOf(root: string, files: readonly string[]): StoredBuild | null {
  const name = pointerAt(pointerOf(root, files));
  return name === null ? null : storedIn(path.join(buildsFolder(root), name));
}

/** What was last built of these experiments alone, and the files that were broken then; null when there is nothing. */
export function latestBuildNamed(
  root: string,
  names: readonly string[],
): { readonly stored: StoredBuild; readonly broken: readonly SourceStamp[] } | null {
  try {
    const text = readStored(namedPointerOf(root, names)).toString("utf8");
    // Written by pointNamed.
    const { build, broken } = JSON.parse(text) as { build: BuildId; broken: readonly SourceStamp[] };
    const stored = storedIn(path.join(buildsFolder(root), build));
    return stored === null ? null : { stored, broken };
  } catch {
    return null;
  }
}

/** Remembers a build of some experiments alone, with the files (relative to `root`) that were broken beside it. */
export function pointNamed(of: {
  readonly root: string;
  readonly names: readonly string[];
  readonly stored: StoredBuild;
  readonly broken: readonly string[];
}): void {
  const { root, names, stored, broken } = of;
  const pointer = { build: stored.plan.build, broken: stampsOf(root, broken) };
  writeAtomically(namedPointerOf(root, names), JSON.stringify(pointer));
}

/** The build in a folder; null when it was cleaned away or damaged, and is to be made again. */
function storedIn(folder: string): StoredBuild | null {
  try {
    // Both were written by storeBuild; `format` says so.
    const record = JSON.parse(readStored(path.join(folder, "build.json")).toString("utf8")) as BuildRecord;
    if (record.format !== "labwright.build/2") return null;
    const plan = JSON.parse(readStored(path.join(folder, "plan.json")).toString("utf8")) as Plan;
    return buildFault(folder, plan) === null ? { plan, folder, record } : null;
  } catch {
    return null;
  }
}

/** Makes a stored build the latest, with the times that its files have now. */
export function refreshBuild(root: string, stored: StoredBuild, sources: readonly SourceStamp[]): void {
  const record: BuildRecord = { ...stored.record, sources };
  if (sources.some((stamp, index) => stamp !== stored.record.sources[index])) {
    writeAtomically(path.join(stored.folder, "build.json"), JSON.stringify(record));
  }
  point(root, record);
}

export function buildsFolder(root: string): string {
  return path.join(root, ".lab", "builds");
}

/** Moves a build into place; false when it is there already, whole. One that was damaged since is replaced. */
function moved(staging: string, folder: string): boolean {
  if (existsSync(folder)) {
    if (storedIn(folder) !== null) return false;
    rmSync(folder, { recursive: true, force: true });
  }
  try {
    renameSync(staging, folder);
    return true;
  } catch (error) {
    if (existsSync(folder)) return false;
    throw error;
  }
}

function point(root: string, { build, files }: BuildRecord): void {
  for (const pointer of [path.join(buildsFolder(root), "latest"), pointerOf(root, files)]) {
    if (pointerAt(pointer) !== build) writeAtomically(pointer, `${build}\n`);
  }
}

/** What a pointer names; null when there is none, or something that is no pointer. */
function pointerAt(pointer: string): string | null {
  try {
    const name = readStored(pointer).toString("utf8").trim();
    return /^[0-9a-f]{12}$/.test(name) ? name : null;
  } catch {
    return null; // Whatever is there is replaced, or refused in words, when the next pointer is written.
  }
}

function pointerOf(root: string, files: readonly string[]): string {
  const hash = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
  return path.join(buildsFolder(root), `latest-of-${hash}`);
}

function namedPointerOf(root: string, names: readonly string[]): string {
  const hash = createHash("sha256")
    .update([...names].sort().join("\n"))
    .digest("hex")
    .slice(0, 12);
  return path.join(buildsFolder(root), `latest-named-${hash}`);
}

function writeAtomically(file: string, text: string): void {
  const beside = `${file}.${process.pid}.tmp`;
  wordedSync(file, () => {
    try {
      writeFileSync(beside, text);
      renameSync(beside, file);
    } finally {
      rmSync(beside, { force: true });
    }
  });
}
