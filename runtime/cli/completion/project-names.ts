// The names that completion offers, read from the latest build and the runs as they lie there: nothing is built or checked, and what
// cannot be read is not offered.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Json } from "../../../lib/experiment/json.ts";
import { declaredValuesOf } from "../../../lib/experiment/space/level-kinds.ts";
import { isFoundPlan, isPlanFile } from "../../compile/discover/plan-files.ts";
import type { Plan } from "../../plan/plan.ts";
import { layoutOf, runLayoutOf } from "../../store/files/layout.ts";
import { readLabels } from "../../store/runs/labels.ts";
import { readManifest, runIds } from "../../store/runs/manifest.ts";
import type { ProjectNames } from "./candidates.ts";

/** Runs offered, newest first, and trials without a measurement. */
const runsMax = 50;
const trialsMax = 20;

export function projectNames(root: string): ProjectNames {
  const layout = layoutOf(root);
  const plan = newestPlan(layout.builds);
  const experiments = plan?.experiments ?? [];
  return {
    experiments: () => experiments.map(({ name }) => name),
    planFiles: () => plansIn(root, experiments),
    tags: () => [
      ...experiments.flatMap(({ tags = [] }) => tags),
      ...[...runIds(layout)]
        .reverse()
        .slice(0, runsMax)
        .flatMap((id) => readLabels(runLayoutOf(layout, id)).tags),
    ],
    parameters() {
      const all = new Map<string, Json[]>();
      for (const { space } of experiments)
        for (const [name, values] of declaredValuesOf(space))
          all.set(name, [...(all.get(name) ?? []), ...(values ?? [])]);
      return all;
    },
    runs: () =>
      [...runIds(layout)]
        .reverse()
        .slice(0, runsMax)
        .flatMap((id) => {
          const name = readManifest(layout, id, [])?.name ?? null;
          return name === null ? [id] : [id, name];
        }),
    unmeasured: () => unmeasuredIn(root),
  };
}

/** Plan files in the project's folder, and those below it that were built. */
function plansIn(root: string, experiments: Plan["experiments"]): readonly string[] {
  const here = readdirSync(root).filter((name) => isPlanFile(name) && isFoundPlan(join(root, name)));
  const built = experiments
    .map(({ file }) => file)
    .filter((file) => isPlanFile(file) && existsSync(join(root, file)));
  return [...new Set([...here, ...built])];
}

/** The plan of the build made last; null when there is none. */
function newestPlan(builds: string): Plan | null {
  try {
    const files = readdirSync(builds)
      .filter((name) => /^[0-9a-f]{12}$/.test(name))
      .map((name) => join(builds, name, "plan.json"))
      .flatMap((file) => {
        const stat = statSync(file, { throwIfNoEntry: false });
        return stat === undefined ? [] : [{ file, at: stat.mtimeMs }];
      })
      .sort((one, other) => other.at - one.at);
    // Written by the build.
    return files[0] === undefined ? null : (JSON.parse(readFileSync(files[0].file, "utf8")) as Plan);
  } catch {
    return null;
  }
}

async function unmeasuredIn(root: string): Promise<readonly string[]> {
  try {
    const { openStore } = await import("../../store/project-store.ts");
    const { idOfUnit } = await import("../../plan/trial-id.ts");
    const store = openStore(root);
    const run = await store.findRun("latest");
    if (run === null || "ambiguous" in run) return [];
    const opened = store.openPlan(await store.planOf(run));
    const ids: string[] = [];
    for (const { planned, jobs, space } of opened.experiments) {
      if (!run.experiments.includes(planned.name)) continue;
      for (const { job } of jobs) {
        const { notMeasured } = await store.recordsOf(opened.plan, job, { run });
        for (const unit of [...notMeasured.keys()].slice(0, trialsMax - ids.length))
          ids.push(idOfUnit({ job, unit, space, replicates: planned.replicates }));
      }
    }
    return ids;
  } catch {
    return [];
  }
}
