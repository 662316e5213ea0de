// The code of a plan's jobs as hosts are told of it, by content, and its files for hosts that ask. The hashes are those that the
// build wrote: a file that was changed since is not handed out.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import type { OpenedPlan } from "../../../plan/opened-plan.ts";
import type { PlannedExperiment } from "../../../plan/plan.ts";
import { type BuildFiles, buildFilesName } from "../../../store/build-files.ts";
import type { CodeFile, JobCode } from "../../protocol/opening.ts";
import type { FromHost, ToHost } from "../../protocol/protocol.ts";

/** The code of a job cannot be had; the message says why. */
export class MissingCode extends Error {
  constructor(message: string) {
    super(message);
    this.name = "MissingCode";
  }
}

export interface CodeShelf {
  /** Throws MissingCode. */
  codeOf(experiment: PlannedExperiment): JobCode;
  answer(asked: Extract<FromHost, { type: "need-file" }>): Extract<ToHost, { type: "file" }>;
}

export function codeShelfOf({ plan, folder }: OpenedPlan): CodeShelf {
  let listed: BuildFiles["files"] | null = null;
  const closures = new Map<string, readonly CodeFile[]>();

  return {
    codeOf({ name, bundle, exportName }) {
      const imported = closures.get(bundle) ?? closureOf(bundle);
      closures.set(bundle, imported);
      const files = [...imported, ...filesOfCommands(name)];
      return { build: plan.build, bundle, exportName, files };
    },
    answer({ build, path }) {
      try {
        if (build !== plan.build) throw new MissingCode(`this run is of build ${plan.build}`);
        return { type: "file", build, path, bytes: contentOf(fileNamed(path)), error: null };
      } catch (error) {
        if (!(error instanceof MissingCode)) throw error;
        return { type: "file", build, path, bytes: null, error: error.message };
      }
    },
  };

  /** What programs find in their folders. */
  function filesOfCommands(experiment: string): readonly CodeFile[] {
    const kept = plan.jobs.flatMap((job) => (job.experiment === experiment ? (job.files ?? []) : []));
    return [...new Set(kept.map((file) => file.kept))].map(fileNamed);
  }

  /** A bundle, what it imports, and their source maps. */
  function closureOf(bundle: string): readonly CodeFile[] {
    const found = new Map<string, CodeFile>();
    const open = [bundle];
    for (let path = open.pop(); path !== undefined; path = open.pop()) {
      if (found.has(path)) continue;
      const file = fileNamed(path);
      found.set(path, file);
      if (!/[.][cm]?js$/.test(path)) continue;
      const text = Buffer.from(contentOf(file)).toString("utf8");
      for (const name of namesIn(text)) {
        const named = posix.join(posix.dirname(path), name);
        if (Object.hasOwn(filesOf(), named)) open.push(named);
      }
    }
    return [...found.values()];
  }

  function fileNamed(path: string): CodeFile {
    const file = Object.hasOwn(filesOf(), path) ? filesOf()[path] : laterFile(path);
    if (file === undefined) throw new MissingCode(`build ${plan.build} has no file ${path}`);
    return { path, ...file };
  }

  /** A program's file that came with levels of the command line, after the build: the plan has its hash. */
  function laterFile(path: string): BuildFiles["files"][string] | undefined {
    const file = plan.jobs.flatMap(({ files = [] }) => files).find(({ kept }) => kept === path);
    return file === undefined ? undefined : { bytes: read(path).length, sha256: file.sha256 };
  }

  function filesOf(): BuildFiles["files"] {
    if (listed !== null) return listed;
    // Written by the build, whose id covers it.
    const { files } = JSON.parse(Buffer.from(read(buildFilesName)).toString("utf8")) as BuildFiles;
    listed = files;
    return files;
  }

  function contentOf({ path, sha256 }: CodeFile): Uint8Array {
    const content = read(path);
    if (createHash("sha256").update(content).digest("hex") !== sha256)
      throw new MissingCode(`${path} of build ${plan.build} was changed after it was built`);
    return content;
  }

  function read(path: string): Uint8Array {
    try {
      return readFileSync(join(folder, path));
    } catch {
      throw new MissingCode(`${path} of build ${plan.build} is missing or cannot be read`);
    }
  }
}

/** Whatever a module may mean by a file beside it: imports, copied assets, its source map. */
function* namesIn(text: string): Generator<string> {
  for (const [, name] of text.matchAll(/["'`](\.\/[^"'`\s]+)["'`]/g)) if (name !== undefined) yield name;
  const [, map] = /\n\/\/# sourceMappingURL=([^\s]+)\s*$/.exec(text) ?? [];
  if (map !== undefined) yield map;
}
