// What of a stage's identity comes from code and files: computed once a build and kept with it, so that a plan with other levels
// needs neither sources nor bundler.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { IdentityPart } from "../../plan/plan.ts";
import type { PackageGraph } from "../discover/package-graph.ts";
import type { Slice } from "./slice.ts";

export interface StageCode {
  /** Hash of the stage's slice. */
  readonly slice: string;
  /** The declarations in the slice, each with its own hash, to name what changed. */
  readonly symbols: readonly IdentityPart[];
  /** What the slice reaches outside: packages (their versions stand for a hash) and data files. */
  readonly outside: readonly IdentityPart[];
}

/** The key of a stage among the stage codes of a build. */
export function stageKeyOf(
  experiment: { readonly file: string; readonly exportName: string },
  stage: string,
): string {
  return `${experiment.file}#${experiment.exportName}/${stage}`;
}

/** Stage codes by stageKeyOf; the key of a whole export has the stage "*". */
export type StageCodes = Readonly<Record<string, StageCode>>;

/** Where a build keeps its stage codes and slices, relative to its folder. */
export const stageCodesFile = "slices/codes.json";

/** The code of a stage: its own, or that of the whole export. */
export function codeOfStage(
  codes: StageCodes,
  experiment: { readonly file: string; readonly exportName: string },
  stage: string,
): StageCode {
  const code = codes[stageKeyOf(experiment, stage)] ?? codes[stageKeyOf(experiment, "*")];
  if (code === undefined) throw new Error(`no code for stage ${stageKeyOf(experiment, stage)}`);
  return code;
}

/** Describes a slice. */
export function stageCodeOf(of: {
  readonly root: string;
  readonly slice: Slice;
  readonly packages: PackageGraph;
}): StageCode {
  const { root, slice, packages } = of;
  return {
    slice: slice.hash,
    symbols: slice.symbols.map((symbol) => ({ kind: "symbol", ...symbol })),
    outside: [...packageParts(packages, slice), ...slice.files.map((file) => filePart(root, file))],
  };
}

function packageParts(packages: PackageGraph, slice: Slice): IdentityPart[] {
  const versions = new Map<string, Set<string>>();
  for (const { name, version } of packages.behind(slice.packages)) {
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return [...versions].map(([name, found]) => ({
    kind: "package",
    name,
    hash: [...found].sort().join(", "),
  }));
}

/** A data file by its bytes; JSON by its meaning, so that formatting it changes nothing. */
function filePart(root: string, file: string): IdentityPart {
  const name = path.relative(root, file).split(path.sep).join("/");
  const bytes = readFileSync(file);
  const content = file.endsWith(".json") ? JSON.stringify(JSON.parse(bytes.toString("utf8"))) : bytes;
  return { kind: "file", name, hash: createHash("sha256").update(content).digest("hex") };
}
