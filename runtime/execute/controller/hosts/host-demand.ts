// What a run asks its executor for.
import { dirname } from "node:path";
import type { Scheduler } from "../../../schedule/scheduler.ts";
import type { HostDemand } from "../../protocol/executor.ts";
import type { ControllerOptions } from "../controller-options.ts";
import { memoryLimitOf, type PlannedJob } from "../jobs/planned-jobs.ts";
import type { JobsNeed } from "./host-room.ts";

/** Null when there is nothing to do. */
export function hostDemandOf(of: {
  readonly run: Pick<ControllerOptions, "demand" | "limits" | "opened" | "session">;
  readonly jobs: readonly PlannedJob[];
  readonly needs: JobsNeed;
  readonly scheduler: Pick<Scheduler, "remaining" | "remainingOf">;
}): HostDemand | null {
  const { run, jobs, needs, scheduler } = of;
  const units = scheduler.remaining;
  if (units === 0) return null;
  const concerned = jobs.filter(({ index }) => scheduler.remainingOf(index) > 0);
  return {
    ...run.demand,
    memoryMb: memoryLimitOf(run.limits.memoryMb, concerned),
    code: dirname(run.opened.folder),
    session: run.session,
    labels: concerned.map(({ index }) => needs.labels?.[index] ?? []),
    units,
  };
}
