// The type check of the author's files: everything reachable from the discovered files, nothing else, under the project's own
// tsconfig where there is one. It runs in a process of its own while the other phases work.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, SourcePlace } from "../../diagnostic/diagnostic.ts";
import { explainTypeError } from "../../diagnostic/explain-type-error.ts";
import { typeError, untypedPackage } from "../../diagnostic/messages.ts";
import { fileOfTyped, typedFileOf } from "../plan-file/plan-sources.ts";
import { nativeTscPath, runNativeTsc, type TscAnswer, type TscError } from "../typescript/native-tsc.ts";
import { projectTsconfig } from "../typescript/project-tsconfig.ts";

export interface TypeCheck {
  readonly diagnostics: readonly Diagnostic[];
  /** Absolute paths of the files that the check read, but for those of packages. */
  readonly sources: readonly string[];
}

/** Compiler options for a project without a tsconfig. */
const leanOptions = {
  target: "ES2023",
  lib: ["ES2023"],
  module: "NodeNext",
  moduleResolution: "NodeNext",
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  resolveJsonModule: true,
} as const;

/** Whatever the project's settings, a check writes nothing and leaves the packages' own declarations unchecked. */
const forcedOptions = {
  noEmit: true,
  incremental: false,
  composite: false,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  // JavaScript is read for its types, and checked where the project's own settings say so.
  allowJs: true,
} as const;

/** Files checked in one process at most: what its memory grows with. */
const filesPerCheck = 160;

/** Checks `files` (relative to `root`) and whatever they import. Many files are checked in parts, one after the other. */
export async function checkTypes(request: {
  readonly root: string;
  readonly files: readonly string[];
}): Promise<TypeCheck> {
  const { root, files } = request;
  const sources = new Set<string>();
  // A helper that two parts reach is wrong once.
  const errors = new Map<string, TscError>();
  for (let first = 0; first < files.length; first += filesPerCheck) {
    const part = await checkPart(root, files.slice(first, first + filesPerCheck));
    for (const error of part.errors) errors.set(JSON.stringify(error), error);
    for (const file of part.files)
      if (!/[\\/](?:node_modules|[.]lab[\\/]tmp)[\\/]/.test(file) && !isLibrary(file)) sources.add(file);
  }
  return {
    diagnostics: [...errors.values()].map((error) => diagnosticOf(root, error)),
    sources: [...sources],
  };
}

async function checkPart(root: string, files: readonly string[]): Promise<TscAnswer> {
  const folder = path.join(root, ".lab", "tmp");
  const tsconfig = path.join(folder, `check-${process.pid}.json`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(tsconfig, JSON.stringify(checkSettings(root, folder, files)));
  try {
    const tsc = nativeTscPath();
    return tsc === null
      ? await slowCheck(tsconfig)
      : await runNativeTsc({ tsc, tsconfig, folder: root, fileCount: files.length });
  } finally {
    rmSync(tsconfig, { force: true });
  }
}

/** A machine for which there is no native compiler uses the one inside ts-morph: same answers, several times slower. */
async function slowCheck(tsconfig: string): Promise<TscAnswer> {
  const { checkWithTsMorph } = await import("../typescript/bundled-typescript.ts");
  return checkWithTsMorph(tsconfig);
}

/** The tsconfig of a check, written to `folder`, of `files` (relative to `root`) under the project's own settings. */
export function checkSettings(root: string, folder: string, files: readonly string[]): object {
  const own = projectTsconfig(root);
  const listed = files.map((file) =>
    path
      .relative(folder, path.join(root, typedFileOf(file)))
      .split(path.sep)
      .join("/"),
  );
  const up = path.relative(folder, root).split(path.sep).join("/");
  const shared = {
    files: listed,
    // Declarations of the project that nothing imports: what a .wasm or .txt file is when it is imported.
    include: [`${up}/**/*.d.ts`],
    exclude: [`${up}/**/node_modules`, `${up}/**/dist`],
    references: [],
  };
  if (own === null) return { ...shared, compilerOptions: { ...leanOptions, ...forcedOptions } };
  return {
    ...shared,
    extends: path.relative(folder, own).split(path.sep).join("/"),
    compilerOptions: forcedOptions,
  };
}

function diagnosticOf(root: string, error: TscError): Diagnostic {
  const place = error.file === null ? null : placeOf(root, path.resolve(root, error.file), error);
  const untyped = error.tsCode === "TS7016" ? /module '([^'./][^']*)'/.exec(error.text)?.[1] : undefined;
  if (untyped !== undefined) return untypedPackage({ place, specifier: packageName(untyped) });
  const stagesBelow = place !== null && hasStagesBelow(path.resolve(root, place.file), error.line);
  const { text, hint } = explainTypeError(error.text, { stagesBelow });
  return typeError({ place, text: `${text.replace(/[.]$/, "")} (${error.tsCode}).`, hint });
}

/** Whether the definition around a line has its `stages` further down, as far as the text shows. */
function hasStagesBelow(file: string, line: number): boolean {
  try {
    const lines = readFileSync(file, "utf8").split(/\r?\n/);
    const isHead = (text: string): boolean => text.includes("defineExperiment(");
    const isStages = (text: string): boolean => /^\s*stages\b\s*[:(]/.test(text);
    const start = lines.slice(0, line).findLastIndex(isHead);
    const next = lines.slice(line).findIndex(isHead);
    const end = next === -1 ? lines.length : line + next;
    return !lines.slice(Math.max(start, 0), line).some(isStages) && lines.slice(line, end).some(isStages);
  } catch {
    // The file went away since the check.
    return false;
  }
}

/** "@scope/name" of "@scope/name/part". */
function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** tsc prints where an error starts; the word that stands there is what to underline. */
function placeOf(root: string, file: string, error: TscError): SourcePlace {
  let length = 1;
  try {
    const line = readFileSync(file, "utf8").split(/\r?\n/)[error.line - 1] ?? "";
    length = /^(?:[\w$]+|"[^"]*"|'[^']*'|`[^`]*`)/.exec(line.slice(error.column - 1))?.[0].length ?? 1;
  } catch {
    // The file went away since the check; the place without a length is still right.
  }
  return {
    file: fileOfTyped(path.relative(root, file).split(path.sep).join("/")),
    line: error.line,
    column: error.column,
    length,
  };
}

function isLibrary(file: string): boolean {
  return /[\\/]lib[.][\w.]*d[.]ts$/.test(file);
}
