// Where numbers come from: the commit and what was changed since, the lockfile, versions and machine. Gathered once, when a run begins.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { redactorOf } from "../../record/redact.ts";
import type { Provenance } from "../../record/trial-table.ts";

export interface GatheredProvenance {
  readonly provenance: Provenance;
  /** Uncommitted changes of tracked files, secrets taken out; null without a repository or without changes. */
  readonly diff: string | null;
}

export interface ProvenanceRequest {
  /** The project's root. */
  readonly root: string;
  readonly run: string;
  readonly runName: string | null;
  readonly build: string;
  readonly labwright: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** What was typed. */
  readonly command: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const lockfiles = [
  "package-lock.json",
  "npm-shrinkwrap.json",
  "pnpm-lock.yaml",
  "yarn.lock",
  "bun.lock",
  "bun.lockb",
];

export async function gatherProvenance(request: ProvenanceRequest): Promise<GatheredProvenance> {
  const redact = redactorOf(request.environment);
  const git = await gitState(request.root);
  const { root, environment: _, ...named } = request;
  return {
    provenance: {
      ...named,
      command: redact(request.command),
      finishedAt: null,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      cpu: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memoryGb: Math.round((totalmem() / 2 ** 30) * 10) / 10,
      gitCommit: git.commit,
      gitDirty: git.isDirty,
      lockfileHash: lockfileHash(root),
      packages: packageVersions(root),
    },
    diff: git.diff === null ? null : redact(git.diff),
  };
}

async function gitState(root: string): Promise<{
  readonly commit: string | null;
  readonly isDirty: boolean | null;
  readonly diff: string | null;
}> {
  const commit = (await git(root, ["rev-parse", "HEAD"]))?.trim() ?? null;
  const status = await git(root, ["status", "--porcelain", "--", "."]);
  // The store's own files change with every run and say nothing about the sources.
  const changes =
    status === null
      ? null
      : status.split("\n").filter((line) => line !== "" && !/ "?(.*\/)?\.lab\//.test(line));
  if (changes === null) return { commit, isDirty: null, diff: null };
  if (changes.length === 0) return { commit, isDirty: false, diff: null };
  const diff = commit === null ? null : await git(root, ["diff", "HEAD", "--", "."]);
  const untracked = changes
    .filter((line) => line.startsWith("??"))
    .map((line) => `# untracked: ${line.slice(3)}\n`);
  return { commit, isDirty: true, diff: untracked.join("") + (diff ?? "") };
}

/** Null when there is no git, no repository or no commit, or when it takes longer than ten seconds. */
async function git(root: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", root, ...args], {
      maxBuffer: 256 * 2 ** 20,
      timeout: 10_000,
    });
    return stdout;
  } catch {
    return null;
  }
}

function lockfileHash(root: string): string | null {
  const name = lockfiles.find((each) => existsSync(join(root, each)));
  return name === undefined
    ? null
    : createHash("sha256")
        .update(readFileSync(join(root, name)))
        .digest("hex");
}

/** Installed versions of the project's direct dependencies. */
function packageVersions(root: string): Readonly<Record<string, string>> {
  const versions: Record<string, string> = {};
  const { dependencies, devDependencies } = jsonAt(join(root, "package.json"));
  for (const name of [...keysOf(dependencies), ...keysOf(devDependencies)].sort()) {
    const { version } = jsonAt(join(root, "node_modules", name, "package.json"));
    if (typeof version === "string") versions[name] = version;
  }
  return versions;
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null ? Object.keys(value) : [];
}

function jsonAt(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
