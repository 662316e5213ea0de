// The stages of the located experiments cut out and described: which export of which file gets which stage code. Where a definition
// or a stage is not written out where it is exported, the whole export stands for it.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { LocatedExperiment } from "../check/locate.ts";
import type { PackageGraph } from "../discover/package-graph.ts";
import { type SliceRequest, slicesOf } from "./slice.ts";
import { type StageCode, type StageCodes, stageCodeOf, stageKeyOf } from "./stage-code.ts";

/** Cuts out every stage that is written in place, and the whole of every other export. Writes slices and codes into `folder`. */
export async function stageSlices(of: {
  readonly root: string;
  readonly folder: string;
  readonly located: readonly LocatedExperiment[];
  /** Exports that hold experiments, by file, where they are known only after loading. */
  readonly unlocated: readonly { readonly file: string; readonly exportName: string }[];
  readonly packages: PackageGraph;
}): Promise<StageCodes> {
  const { root, folder, located, packages } = of;
  const requests: SliceRequest[] = [];
  for (const { file, exportName, stages, definition, properties } of located) {
    const names = stages.map(({ name }) => name);
    for (const stage of names) requests.push({ file, exportName, stage });
    // A helper may make stages that are not seen here: the whole stands for them.
    const areSeen = definition !== null && names.includes("trial") && !properties.has("stages");
    if (!areSeen) requests.push({ file, exportName, stage: null });
  }
  for (const { file, exportName } of of.unlocated) requests.push({ file, exportName, stage: null });
  if (requests.length === 0) return {};
  const slices = await slicesOf({ root, located, requests });
  mkdirSync(path.join(folder, "slices"), { recursive: true });
  const codes: Record<string, StageCode> = {};
  for (const [index, request] of requests.entries()) {
    const slice = slices[index];
    if (slice === undefined) throw new Error(`no slice for request ${index}`);
    const stage = request.stage ?? "*";
    codes[stageKeyOf(request, stage)] = stageCodeOf({ root, slice, packages });
    writeFileSync(path.join(folder, "slices", `${sliceName(request, stage)}.js`), slice.code);
  }
  return codes;
}

function sliceName({ file, exportName }: SliceRequest, stage: string): string {
  return `${file.replace(/[.]ts$/, "").replaceAll("/", "--")}.${exportName}.${stage === "*" ? "whole" : stage}`;
}
