// The jobs of a run as it begins: what of each is wanted and what is recorded, for the scheduler and for the counts.
import { bitmapOf } from "../../../plan/bitmap.ts";
import type { ScheduledJob } from "../../../schedule/job-state.ts";
import type { JobRecords } from "../../../store/store.ts";
import type { ControllerOptions } from "../controller-options.ts";
import { JobProgress } from "../run-progress.ts";
import type { PlannedJob } from "./planned-jobs.ts";
import { recordedOf, standingOf, triedBefore } from "./recorded-units.ts";

const nothing = { done: bitmapOf(0), notMeasured: new Map(), failures: new Map() };

/** `records` are those of each job; null of one that the run does not look at. */
export function openJobsOf(
  jobs: readonly PlannedJob[],
  records: readonly (JobRecords | null)[],
  options: Pick<ControllerOptions, "wanted" | "limits">,
): { readonly progress: readonly JobProgress[]; readonly scheduled: readonly ScheduledJob[] } {
  // A forced run is handed its own records alone.
  const { retryErrors, retryMax } = options.limits;
  const again = { force: false, retryErrors, retryMax };
  const scheduled = jobs.map(
    ({ index, needs, experiment: { planned } }): ScheduledJob => ({
      wanted: options.wanted.get(index) ?? bitmapOf(0),
      done: recordedOf(records[index] ?? null, again, planned),
      failed: standingOf(records[index] ?? null, again, planned),
      again: retryErrors ? new Map() : triedBefore(records[index] ?? nothing, again, planned),
      needs,
    }),
  );
  const progress = jobs.map((job, index) => {
    const { wanted, done } = scheduled[index]!;
    return new JobProgress(job, wanted, done);
  });
  return { progress, scheduled };
}
