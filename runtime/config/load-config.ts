// Loads `lab.config.ts` into this process: bundled beside the builds, so that it may be TypeScript and import files of the project, with
// packages left where they are. A project without one has the defaults.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildFailure } from "esbuild";
import { UserError } from "../diagnostic/user-error.ts";
import { writeAtomicSync } from "../store/files/atomic-file.ts";
import { type FilledConfig, noConfig, readConfig } from "./lab-config.ts";
import { loadEnvironment } from "./load-environment.ts";

/** The first that is there counts. */
export const configFiles = ["lab.config.ts", "lab.config.mts", "lab.config.js", "lab.config.mjs"] as const;

/** The one that counts in the project at `root`; null where there is none. */
export function configFileOf(root: string): string | null {
  return configFiles.find((name) => existsSync(path.join(root, name))) ?? null;
}

const loadMs = 10_000;
/** Bundles of earlier texts are removed after this long: another process may be loading one. */
const keptMs = 3_600_000;

/** Loads `.env` too, before anything. Throws UserError, in words that name the file, when it cannot be built or loaded, or holds no configuration. */
export async function loadConfig(root: string): Promise<FilledConfig> {
  loadEnvironment(root);
  const file = configFileOf(root);
  if (file === null) return noConfig;
  const bundle = await bundled(root, file);
  const module: unknown = await loaded(file, bundle);
  // A module is an object of its exports.
  return readConfig(file, (module as { readonly default?: unknown }).default);
}

async function bundled(root: string, file: string): Promise<string> {
  const { build } = await import("esbuild");
  try {
    const { outputFiles } = await build({
      entryPoints: [path.join(root, file)],
      absWorkingDir: root,
      bundle: true,
      packages: "external",
      platform: "node",
      target: "node20",
      format: "esm",
      sourcemap: "inline",
      charset: "utf8",
      write: false,
      logLevel: "silent",
    });
    const text = outputFiles[0]?.contents ?? new Uint8Array();
    const folder = path.join(root, ".lab", "config");
    const name = `${createHash("sha256").update(text).digest("hex").slice(0, 12)}.mjs`;
    mkdirSync(folder, { recursive: true });
    removeEarlier(folder, name);
    if (!existsSync(path.join(folder, name))) writeAtomicSync(path.join(folder, name), text);
    return path.join(folder, name);
  } catch (failure) {
    // esbuild rejects with a BuildFailure; what the disk says is not one.
    const { errors } = failure as Partial<BuildFailure>;
    if (!Array.isArray(errors)) throw failure;
    const [first] = errors as BuildFailure["errors"];
    const at = first?.location ?? null;
    const place = at === null ? file : `${at.file}:${at.line}:${at.column + 1}`;
    throw new UserError(`${place}: ${first?.text ?? "it cannot be built"}`);
  }
}

async function loaded(file: string, bundle: string): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      import(pathToFileURL(bundle).href),
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it has not loaded after ${loadMs / 1000} s`)), loadMs);
      }),
    ]);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} could not be loaded: ${words}`, {
      hint: "It is loaded by every command that runs or builds trials; what it does at its top level happens then.",
    });
  } finally {
    clearTimeout(timer);
  }
}

function removeEarlier(folder: string, kept: string): void {
  for (const name of readdirSync(folder)) {
    const stats = statSync(path.join(folder, name), { throwIfNoEntry: false });
    if (name !== kept && stats !== undefined && Date.now() - stats.mtimeMs > keptMs)
      rmSync(path.join(folder, name), { force: true });
  }
}
