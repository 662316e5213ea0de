// The modules of a build's plan files: kept by the file's path while the build is made, so that whoever reads a source file gets the
// module that a plan file stands for. The type checker reads files only; for it each module lies in the build's own temporary folder.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { isPlanFile } from "../discover/plan-files.ts";
import type { MarkedText } from "./module-text.ts";

const modules = new Map<string, MarkedText>();

export interface PlanSources {
  /** The files whose modules can be built: those of plan files without a mistake, and all others. */
  readonly sound: readonly string[];
  readonly problems: readonly Diagnostic[];
  /** Configuration files that the plans rest on, relative to the root. */
  readonly data: readonly string[];
  /** The place in a plan file of a place in its module; any other as it is. */
  placeOf(place: SourcePlace): SourcePlace;
  /** Forgets the modules once the build is made. */
  close(): void;
}

/** Reads the plan files among `files` (relative to `root`). */
export async function openPlanSources(root: string, files: readonly string[]): Promise<PlanSources> {
  const plans = files.filter(isPlanFile);
  const problems: Diagnostic[] = [];
  const broken = new Set<string>();
  const data: string[] = [];
  if (plans.length > 0) {
    const { readPlan } = await import("./read-plan.ts");
    const { planModule } = await import("./plan-module.ts");
    for (const file of plans) {
      const plan = readPlan(root, file);
      if (!plan.ok) {
        problems.push(...plan.error);
        broken.add(file);
        continue;
      }
      const { base, runs } = plan.value;
      const folder = path.posix.dirname(file);
      if (base !== null) data.push(path.posix.join(folder, base.file));
      modules.set(path.join(root, file), planModule(plan.value));
      const typed = path.join(root, typedFileOf(file));
      const trial = runs.kind === "module" ? path.join(root, folder, runs.specifier) : null;
      const specifier = trial === null ? undefined : path.relative(path.dirname(typed), trial);
      mkdirSync(path.dirname(typed), { recursive: true });
      writeFileSync(typed, planModule(plan.value, specifier?.split(path.sep).join("/")).text);
    }
  }
  return {
    sound: files.filter((file) => !broken.has(file)),
    problems,
    data,
    placeOf: (place) => modules.get(path.join(root, place.file))?.originOf(place) ?? place,
    close() {
      for (const file of plans) modules.delete(path.join(root, file));
      if (plans.length > 0) rmSync(path.join(root, typedFolder), { recursive: true, force: true });
    },
  };
}

/** The module that the plan file at an absolute path stands for; null for any other file. */
export function planModuleAt(absolute: string): string | null {
  return modules.get(absolute)?.text ?? null;
}

const typedFolder = `.lab/tmp/plans-${process.pid}`;

/** Where the type checker finds a file, relative to the root: a plan file's module, or the file itself. */
export function typedFileOf(file: string): string {
  return isPlanFile(file) ? `${typedFolder}/${file}.mts` : file;
}

/** The file that the type checker has seen as `file` (both relative to the root). */
export function fileOfTyped(file: string): string {
  const inside = file.startsWith(`${typedFolder}/`) ? file.slice(typedFolder.length + 1) : null;
  return inside === null ? file : inside.replace(/[.]mts$/, "");
}
