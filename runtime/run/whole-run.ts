// The whole that runs of parts (`lab run --shard`) make up: one run over all trials, which stands on their records. It needs no code of the
// author's: its plan is the parts' own.
import { countBits, countShared } from "../plan/bitmap.ts";
import { select } from "../plan/selection.ts";
import type { ProjectStore } from "../store/project-store.ts";
import { isRunOf, resumableRun, startRun } from "../store/runs/start-run.ts";
import type { RunManifest } from "../store/store.ts";

export interface WholeRun {
  readonly run: RunManifest;
  /** Units of all jobs that are recorded, and that there are. */
  readonly done: number;
  readonly total: number;
}

/** A run for each design of which parts were run, made or brought up to date; none where it is there and complete. */
export async function wholeRuns(store: ProjectStore, command: string): Promise<readonly WholeRun[]> {
  const made: WholeRun[] = [];
  const seen: ((run: RunManifest) => boolean)[] = [];
  for (const part of (await store.runs()).filter(({ selection, forced }) => selection.shard && !forced)) {
    const { shard: _, ...selection } = part.selection;
    const plan = await store.planOf(part);
    const identity = { plan, experiments: part.experiments, selection, forced: false };
    if (seen.some((isSame) => isSame({ ...part, selection }))) continue;
    const isSame = isRunOf(identity);
    seen.push(isSame);
    const runs = await store.runs();
    if (runs.some((run) => isSame(run) && run.status === "complete")) continue;
    const { done, total } = await recordedOf(store, { plan, experiments: part.experiments, selection });
    const resume = resumableRun(runs, identity);
    const writer = await startRun({ ...identity, store, name: null, command, resume, records: [] });
    made.push({ run: await writer.finish(done === total ? "complete" : "stopped"), done, total });
  }
  return made;
}

async function recordedOf(
  store: ProjectStore,
  of: Pick<RunManifest, "experiments" | "selection"> & {
    readonly plan: Awaited<ReturnType<ProjectStore["planOf"]>>;
  },
): Promise<{ readonly done: number; readonly total: number }> {
  const opened = store.openPlan(of.plan);
  const selected = select(opened, { experiments: of.experiments, ...of.selection });
  if ("problems" in selected) throw new Error("the selection of a part does not fit its plan");
  let [done, total] = [0, 0];
  for (const [index, units] of selected.wanted) {
    const records = await store.recordsOf(of.plan, of.plan.jobs[index]!);
    total += countBits(units);
    done += countShared(units, records.done);
  }
  return { done, total };
}
