// Which files hold experiments: `experiments.ts` and `*.experiment.ts`, or .mts, .js, .mjs, and plan files, under the paths asked for.
// The walk is synchronous and reads directory entries only; an unchanged build pays for it every time.
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import {
  noExperiments,
  notAModule,
  pathMissing,
  pathNotAnExperiment,
  pathOutsideProject,
} from "../../diagnostic/messages.ts";
import { excludedBy } from "../typescript/project-tsconfig.ts";
import { isFoundPlan, isPlanFile } from "./plan-files.ts";

const skipped = new Set(["node_modules", "dist"]);

/**
 * The experiment files under `paths` (files or folders, absolute or relative to `root`; default the whole project), relative to
 * `root` with forward slashes, sorted. node_modules, dist, builds and folders whose name starts with a dot are not entered.
 *
 * @example discover({ root: "/project" }) // { ok: true, value: ["experiments/bandit.experiment.ts"] }
 */
export function discover(request: {
  readonly root: string;
  readonly paths?: readonly string[] | undefined;
  /** Plan files that are named; beside them a project without another experiment is none without any. */
  readonly plans?: readonly string[] | undefined;
}): Result<readonly string[], readonly Diagnostic[]> {
  const { root, plans = [] } = request;
  const asked =
    request.paths === undefined || request.paths.length === 0
      ? [...plans, "."]
      : [...plans, ...request.paths];
  const found = new Set<string>();
  const problems: Diagnostic[] = [];
  const isExcluded = excludedBy(root);
  for (const given of asked) {
    const absolute = path.resolve(root, given);
    const relative = relativeTo(root, absolute);
    if (relative === ".." || relative.startsWith("../") || path.isAbsolute(relative)) {
      problems.push(pathOutsideProject({ path: given, root }));
    } else if (!existsSync(absolute)) {
      problems.push(pathMissing({ path: given, siblings: siblingsOf(root, absolute) }));
    } else if (statSync(absolute).isDirectory()) {
      const before = found.size;
      const refusedBefore = problems.length;
      // A folder that is named counts even where the tsconfig leaves it out.
      const isLeftOut = isExcluded(relative) ? () => false : isExcluded;
      for (const file of experimentFiles(absolute)) {
        const inside = relativeTo(root, file);
        if (isLeftOut(inside)) continue;
        if (isOtherModule(path.basename(file))) problems.push(notAModule({ path: inside }));
        else found.add(inside);
      }
      if (found.size === before && problems.length === refusedBefore && plans.length === 0) {
        problems.push(
          noExperiments({
            place: null,
            searched: relative === "" ? "this project" : relative,
            near: nearMiss(absolute),
          }),
        );
      }
    } else if (isExperimentFile(path.basename(absolute)) || isPlanFile(absolute)) {
      found.add(relative);
    } else if (isOtherModule(path.basename(absolute))) {
      problems.push(notAModule({ path: relative }));
    } else {
      problems.push(pathNotAnExperiment({ path: given }));
    }
  }
  return problems.length > 0 ? { ok: false, error: problems } : { ok: true, value: [...found].sort() };
}

/** Whether a file of this name holds experiments. */
export function isExperimentFile(name: string): boolean {
  return /^(?:experiments|.+[.]experiment)[.]m?[jt]s$/.test(name);
}

/** An experiment in a language that cannot be built: CommonJS or JSX. */
function isOtherModule(name: string): boolean {
  return /^(?:experiments|.+[.]experiment)[.](?:c[jt]s|[jt]sx)$/.test(name);
}

function experimentFiles(folder: string): Generator<string> {
  return filesUnder(
    folder,
    (name, within) =>
      isOtherModule(name) ||
      (isExperimentFile(name) && !isCompiled(within, name)) ||
      isFoundPlan(path.join(within, name)),
  );
}

function* filesUnder(folder: string, isWanted: (name: string, folder: string) => boolean): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const { name } = entry;
    if (name.startsWith(".") || skipped.has(name)) continue;
    const inner = path.join(folder, name);
    if (entry.isDirectory()) {
      if (!isBuild(inner)) yield* filesUnder(inner, isWanted);
    } else if (isWanted(name, folder)) yield inner;
  }
}

/** Whether a folder is a build: wherever it lies (a cache of code, an archive that was unpacked), its bundles are called as their experiments are. */
function isBuild(folder: string): boolean {
  return /^[0-9a-f]{12}$/.test(path.basename(folder)) && existsSync(path.join(folder, "bundles"));
}

/** The files of a project that define environments, `*.environment.ts` or .mts, .js, .mjs, relative to `root`, sorted. */
export function environmentFiles(root: string): readonly string[] {
  const isExcluded = excludedBy(root);
  return [...filesUnder(root, (name, within) => isEnvironmentFile(name) && !isCompiled(within, name))]
    .map((file) => relativeTo(root, file))
    .filter((file) => !isExcluded(file))
    .sort();
}

/** Whether a file of this name defines environments. */
export function isEnvironmentFile(name: string): boolean {
  return /[.]environment[.]m?[jt]s$/.test(name);
}

/** Whether a .js file is what a compiler left beside its source. */
function isCompiled(folder: string, name: string): boolean {
  return /js$/.test(name) && existsSync(path.join(folder, name.replace(/js$/, "ts")));
}

/** A file whose name almost makes it an experiment file, such as experiment.ts. */
function nearMiss(folder: string): string | null {
  return readdirSync(folder).find((name) => /^experiments?[.]|[.]experiments?[.]/.test(name)) ?? null;
}

/** Existing paths beside a missing one, as the user would type them, for a suggestion. */
function siblingsOf(root: string, missing: string): string[] {
  const folder = path.dirname(missing);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder).map((name) => relativeTo(root, path.join(folder, name)));
}

function relativeTo(root: string, absolute: string): string {
  return path.relative(root, absolute).split(path.sep).join("/");
}
