// What of a stage's identity comes from code and files: computed once a build and kept with it, so that a plan with other levels
// needs neither sources nor bundler.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { IdentityPart } from "../plan/plan.ts";
import type { PackageGraph } from "./package-graph.ts";
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
