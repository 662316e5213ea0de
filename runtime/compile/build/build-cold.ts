// A build from nothing: check, load, cut out, link, store. The folder is filled beside its place and moved there when it is whole.
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { withoutEchoes } from "../../diagnostic/without-echoes.ts";
import { semanticsVersion } from "../../plan/semantics.ts";
import { check, neededFiles } from "../check/check.ts";
import { environmentUses } from "../discover/environment-uses.ts";
import { compilerStamp, ownVersion } from "../discover/labwright-package.ts";
import { sourceList } from "../discover/source-list.ts";
import { stampsOf } from "../discover/source-stamps.ts";
import { linkChecked } from "../link/link-checked.ts";
import { stageCodesFile } from "../slice/stage-code.ts";
import { openStaging, type StoredBuild, storeBuild } from "./build-folder.ts";

export async function buildCold(of: {
  readonly root: string;
  /** The experiment files that were asked for, relative to `root`. */
  readonly asked: readonly string[];
  /** Those that they need besides. */
  readonly needed?: readonly string[];
  /** Told as each phase begins. */
  readonly onPhase: ((phase: "check" | "link" | "write") => void) | undefined;
}): Promise<Result<StoredBuild, readonly Diagnostic[]>> {
  const { root, asked, needed = [], onPhase = () => {} } = of;
  const files = [...asked, ...needed].sort();
  const folder = openStaging(root);
  try {
    onPhase("check");
    const checked = await check({ root, folder, files });
    if (!checked.ok) return refused(checked.error);
    const missing = neededFiles(checked.value);
    if (missing.length > 0) return await buildCold({ ...of, needed: [...needed, ...missing] });
    onPhase("link");
    const linked = await linkChecked(checked.value);
    if (!linked.ok) return refused(linked.error);
    onPhase("write");
    const { experiments, jobs, codes, data, warnings } = linked.value;
    // A file without an experiment is a warning beside one that has some; alone it leaves nothing to build.
    if (experiments.length === 0) return refused(warnings.map((each) => ({ ...each, severity: "error" })));
    writeFileSync(path.join(folder, stageCodesFile), JSON.stringify(codes));
    const depends = sourceList({
      root,
      inputs: checked.value.bundles.inputs,
      checked: checked.value.sources,
      data,
    });
    const stored = storeBuild({
      root,
      staging: folder,
      plan: {
        format: "labwright.plan/1",
        labwright: ownVersion(),
        semantics: semanticsVersion,
        experiments,
        jobs,
      },
      record: {
        compiler: compilerStamp(),
        files: asked,
        sources: stampsOf(root, depends.files),
        absent: depends.absent,
        warnings: inOrder(warnings),
        effects: checked.value.effects,
        environments: environmentUses(root, checked.value.bundles.inputs, files),
      },
    });
    (await import("../typescript/ts-morph.ts")).keepCompiled();
    return { ok: true, value: stored };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function refused(diagnostics: readonly Diagnostic[]): Result<never, readonly Diagnostic[]> {
  return { ok: false, error: inOrder(withoutEchoes(diagnostics)) };
}

/** By place, those without one first. */
function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort((a, b) => {
    const [left, right] = [a.place, b.place];
    if (left === null || right === null) return Number(left !== null) - Number(right !== null);
    if (left.file !== right.file) return left.file < right.file ? -1 : 1;
    return left.line - right.line || left.column - right.column;
  });
}
