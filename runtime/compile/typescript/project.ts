// The one ts-morph project of a build: syntax trees only, no type checker (types are tsc's, check-types.ts).
// Importing this file costs about 0.3 s, so it is reached by dynamic import and only on a cold build.
import path from "node:path";
import type { SourcePlace } from "../../diagnostic/diagnostic.ts";
import { planModuleAt } from "../plan-file/plan-sources.ts";
import { Project, type SourceFile, ts } from "./ts-morph.ts";

const projects = new Map<string, Project>();

/** The shared syntax-only project of the folder `root`; the same instance for the same root until `forgetProject`. */
export function sharedProject(root: string): Project {
  const known = projects.get(root);
  if (known !== undefined) return known;
  const project = new Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    skipLoadingLibFiles: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      noLib: true,
      allowJs: true,
    },
  });
  projects.set(root, project);
  return project;
}

/** The syntax tree of one file (absolute, or relative to `root`), parsed once a build; of a plan file that of its module. */
export function sourceFileOf(root: string, file: string): SourceFile {
  const absolute = path.resolve(root, file);
  const project = sharedProject(root);
  const known = project.getSourceFile(absolute);
  if (known !== undefined) return known;
  const module = planModuleAt(absolute);
  return module === null
    ? project.addSourceFileAtPath(absolute)
    : project.createSourceFile(absolute, module, { overwrite: true, scriptKind: ts.ScriptKind.TS });
}

/** Drops the trees of `root`, so that the next build reads the files again. */
export function forgetProject(root: string): void {
  projects.delete(root);
}

/** The place of a character range of a source file; `file` is relative to `root`, with forward slashes. */
export function placeOfRange(
  root: string,
  source: SourceFile,
  range: { readonly start: number; readonly end: number },
): SourcePlace {
  const { line, column } = source.getLineAndColumnAtPos(range.start);
  const lineEnd = source.getFullText().indexOf("\n", range.start);
  const end = lineEnd < 0 ? range.end : Math.min(range.end, lineEnd);
  const file = path.relative(root, source.getFilePath()).split(path.sep).join("/");
  return { file, line, column, length: Math.max(1, end - range.start) };
}
