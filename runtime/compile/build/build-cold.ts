// A build from nothing: check, load, cut out, link, store. The folder is filled beside its place and moved there when it is whole.
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { saidOfPlan } from "../../diagnostic/said-of-plan.ts";
import { withoutEchoes } from "../../diagnostic/without-echoes.ts";
import { semanticsVersion } from "../../plan/semantics.ts";
import { check, neededFiles } from "../check/check.ts";
import { environmentUses } from "../discover/environment-uses.ts";
import { compilerStamp, ownVersion } from "../discover/labwright-package.ts";
import { isPlanFile } from "../discover/plan-files.ts";
import { sourceList } from "../discover/source-list.ts";
import { stampsOf } from "../discover/source-stamps.ts";
import { linkChecked } from "../link/link-checked.ts";
import { openPlanSources, type PlanSources } from "../plan-file/plan-sources.ts";
import { stageCodesFile } from "../slice/stage-code.ts";
import { openStaging, type StoredBuild, storeBuild } from "./build-folder.ts";

interface ColdBuild {
  readonly root: string;
  /** The experiment files that were asked for, relative to `root`. */
  readonly asked: readonly string[];
  /** Those that they need besides. */
  readonly needed?: readonly string[];
  /** Told as each phase begins. */
  readonly onPhase: ((phase: "check" | "link" | "write") => void) | undefined;
}

type Built = Result<StoredBuild, readonly Diagnostic[]>;

export async function buildCold(of: ColdBuild): Promise<Built> {
  const plans = await openPlanSources(of.root, of.asked);
  try {
    return await buildFrom(of, plans);
  } finally {
    plans.close();
  }
}

async function buildFrom(of: ColdBuild, plans: PlanSources): Promise<Built> {
  const { root, asked, needed = [], onPhase = () => {} } = of;
  const refused = (diagnostics: readonly Diagnostic[]): Built => ({
    ok: false,
    error: inOrder([...plans.problems, ...placed(withoutEchoes(diagnostics), plans)]),
  });
  const files = [...plans.sound, ...needed].sort();
  // Plan files that cannot be read do not hide what is wrong elsewhere.
  if (files.length === 0) return refused([]);
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
    if (plans.problems.length > 0) return refused(linked.value.warnings);
    onPhase("write");
    const { jobs, codes, data, warnings } = linked.value;
    const experiments = linked.value.experiments.map((each) => {
      const { file, line } = each;
      return { ...each, line: plans.placeOf({ file, line, column: 1, length: 1 }).line };
    });
    // A file without an experiment is a warning beside one that has some; alone it leaves nothing to build.
    if (experiments.length === 0) return refused(warnings.map((each) => ({ ...each, severity: "error" })));
    writeFileSync(path.join(folder, stageCodesFile), JSON.stringify(codes));
    const depends = sourceList({
      root,
      inputs: checked.value.bundles.inputs,
      checked: checked.value.sources,
      data: [...data, ...plans.data],
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
        warnings: inOrder(placed(warnings, plans)),
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

/** At their places in plan files, and in the words for them. */
function placed(diagnostics: readonly Diagnostic[], plans: PlanSources): readonly Diagnostic[] {
  return diagnostics.map((each) => {
    if (each.place === null) return each;
    const here = { ...each, place: plans.placeOf(each.place) };
    return isPlanFile(here.place.file) ? saidOfPlan(here) : here;
  });
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
