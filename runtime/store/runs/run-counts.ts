// How many trials a run planned and what has become of them, over all its experiments; and its status as people see it.
import { countBits, countShared, hasBit } from "../../plan/bitmap.ts";
import { select } from "../../plan/selection.ts";
import { isFailure } from "../../record/outcome.ts";
import type { ProjectStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { replicateCapsOf } from "./planned-rows.ts";
import { isRunning } from "./start-run.ts";

export interface RunCounts {
  readonly trials: number;
  /** Trials that have ended, with a measurement or without. */
  readonly done: number;
  readonly failed: number;
}

export async function runCounts(store: ProjectStore, run: RunManifest): Promise<RunCounts> {
  const opened = store.openPlan(await store.planOf(run));
  const selected = select(
    opened,
    { experiments: run.experiments, ...run.selection },
    replicateCapsOf(store, run, opened),
  );
  const wanted = "wanted" in selected ? selected.wanted : new Map<number, Uint8Array>();
  let [trials, done, failed] = [0, 0, 0];
  for (const [index, units] of wanted) {
    const job = opened.plan.jobs[index]!;
    if (job.stage !== "trial") continue;
    const records = await store.recordsOf(opened.plan, job, { run });
    trials += countBits(units);
    done += countShared(units, records.done);
    for (const [unit, outcome] of records.notMeasured)
      if (isFailure(outcome) && hasBit(units, unit)) failed += 1;
  }
  return { trials, done, failed };
}

/** "killed": its process is gone and did not say how the run ended. */
export function statusOf(store: ProjectStore, run: RunManifest): RunManifest["status"] | "killed" {
  if (isRunning(store, run)) return "running";
  return run.status === "running" ? "killed" : run.status;
}
