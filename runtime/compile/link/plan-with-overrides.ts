// The plan of a finished build with other levels in place of the declared ones (`-S key=value`): definitions are loaded again from
// the build's own bundles and expanded; nothing is checked, bundled or cut out anew.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Diagnostic, Result } from "../../diagnostic/diagnostic.ts";
import { unknownOverride } from "../../diagnostic/messages.ts";
import type { Plan } from "../../plan/plan.ts";
import { checkDefinitions } from "../load/check-definitions.ts";
import { load } from "../load/load.ts";
import { codeOfStage, type StageCodes, stageCodesFile } from "../slice/stage-code.ts";
import { link } from "./link.ts";

/** A plan whose experiments have the given levels; each parameter must be one of some experiment of the build. */
export async function planWithOverrides(of: {
  readonly root: string;
  readonly build: { readonly plan: Plan; readonly folder: string };
  readonly overrides: Readonly<Record<string, readonly unknown[]>>;
}): Promise<Result<Plan, readonly Diagnostic[]>> {
  const { root, build, overrides } = of;
  const { plan, folder } = build;
  if (Object.keys(overrides).length === 0) return { ok: true, value: plan };
  const bundles = new Map(plan.experiments.map(({ file, bundle }) => [file, bundle]));
  const loaded = await load({
    root,
    folder,
    bundles: [...bundles].map(([file, bundle]) => ({ file, bundle })),
    overrides,
    spaces: `spaces/${createHash("sha256").update(JSON.stringify(overrides)).digest("hex").slice(0, 12)}`,
  });
  const placed = loaded.experiments.map((experiment) => ({
    experiment,
    place: loaded.placeOf(experiment.site),
    written: null,
  }));
  const known = [...new Set(loaded.experiments.flatMap(({ parameters }) => parameters))];
  const diagnostics = [
    ...loaded.diagnostics,
    ...Object.keys(overrides).flatMap((name) =>
      known.includes(name) ? [] : [unknownOverride({ place: null, name, known })],
    ),
    ...checkDefinitions(placed, loaded.placeOf),
  ];
  if (diagnostics.length > 0) return { ok: false, error: diagnostics };
  // Written by the build itself.
  const codes = JSON.parse(readFileSync(path.join(folder, stageCodesFile), "utf8")) as StageCodes;
  const linked = link(placed, {
    bundleOf: ({ experiment }) => bundles.get(experiment.file) ?? "",
    codeOf({ experiment }, stage) {
      const planned = plan.experiments.find(({ name }) => name === experiment.name);
      if (planned === undefined) throw new Error(`the build has no experiment named ${experiment.name}`);
      return codeOfStage(codes, planned, stage.name);
    },
  });
  if (!linked.ok) return linked;
  const lines = new Map(plan.experiments.map(({ name, line }) => [name, line]));
  const experiments = linked.value.experiments.map((experiment) => ({
    ...experiment,
    line: lines.get(experiment.name) ?? experiment.line,
  }));
  return { ok: true, value: { ...plan, experiments, jobs: linked.value.jobs } };
}
