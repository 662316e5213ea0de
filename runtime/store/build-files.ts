// What a build is made of, and whether that is still so. `files.json` lists every file of a build with its hash; the build's id is
// a hash of that list and of the plan, so a changed byte anywhere no longer fits the folder's name.
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { BuildId, Plan } from "../plan/plan.ts";
import { readStored } from "./files/stored-file.ts";

/** One file of a build. */
export interface BuildFile {
  readonly bytes: number;
  /** SHA-256 of its content, lower-case hex. */
  readonly sha256: string;
}

/** The content of `files.json`: by path relative to the build's folder, forward slashes, sorted. */
export interface BuildFiles {
  readonly format: "labwright.files/1";
  readonly files: Readonly<Record<string, BuildFile>>;
}

export const buildFilesName = "files.json";

/** Files that stand beside the list: the plan is hashed with it, the record says what it was made from and may change. */
const apart = new Set([buildFilesName, "plan.json", "build.json"]);

/** Lists the files of a build's folder. */
export function buildFilesOf(folder: string): BuildFiles {
  const files: Record<string, BuildFile> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" }).sort()) {
    if (apart.has(name) || !statSync(path.join(folder, name)).isFile()) continue;
    files[name.split(path.sep).join("/")] = fileOf(path.join(folder, name));
  }
  return { format: "labwright.files/1", files };
}

/** The only maker of a BuildId: a hash of the plan and of the list of files. */
export function buildIdOf(plan: Omit<Plan, "build">, files: BuildFiles): BuildId {
  const { format, labwright, semantics, experiments, jobs } = plan;
  const hash = createHash("sha256").update(
    JSON.stringify({ format, labwright, semantics, experiments, jobs }),
  );
  // The one place that brands.
  return hash
    .update(`\n${JSON.stringify(files)}`)
    .digest("hex")
    .slice(0, 12) as BuildId;
}

/**
 * What is wrong with the build in `folder`, in words that follow its name, such as "its bundles/a.mjs was changed"; null when every
 * byte is as it was written. Files that came later (levels of the command line) are named by their own content and not listed.
 *
 * @param plan The parsed plan.json of the folder.
 */
export function buildFault(folder: string, plan: Plan): string | null {
  let files: BuildFiles;
  try {
    // Checked against the folder's name below.
    files = JSON.parse(readStored(path.join(folder, buildFilesName)).toString("utf8")) as BuildFiles;
  } catch {
    return `its ${buildFilesName} cannot be read`;
  }
  if (buildIdOf(plan, files) !== path.basename(folder) || plan.build !== path.basename(folder))
    return `its plan.json or ${buildFilesName} was changed`;
  for (const [name, { bytes, sha256 }] of Object.entries(files.files)) {
    const found = fileIn(folder, name);
    if (found === null) return `its ${name} is missing`;
    if (found.bytes !== bytes || found.sha256 !== sha256) return `its ${name} was changed`;
  }
  return null;
}

function fileIn(folder: string, name: string): BuildFile | null {
  try {
    return fileOf(path.join(folder, name));
  } catch {
    return null;
  }
}

function fileOf(file: string): BuildFile {
  const content = readStored(file);
  return { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
}

/** "spaces/a.trial.json" with its content's hash in the name, "spaces/a.trial.3f2a9c0d41b7.json", by which it is checked when read. */
export function contentNamed(base: string, suffix: string, content: string | Uint8Array): string {
  return `${base}.${contentHash(content)}${suffix}`;
}

/** Whether a file named by contentNamed still holds what it was named for. */
export function fitsContentName(name: string, content: Uint8Array): boolean {
  return name.includes(`.${contentHash(content)}.`);
}

function contentHash(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
