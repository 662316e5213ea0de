// From the plan to what a host must know of a job.
import type { JobCode, JobOpening } from "../../protocol/opening.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import { leasesConditions } from "./lease-conditions.ts";

/** What a host is told before its first lease on the job. */
export function openingOf(
  planned: PlannedJob,
  options: { readonly code: JobCode; readonly timeoutMs: number | null; readonly tellsRows: boolean },
): JobOpening {
  const { index, experiment } = planned;
  const { identity: _, ...job } = planned.job;
  const isComputed = job.per !== "build" && job.projected === null && !leasesConditions(planned);
  return {
    index,
    job,
    code: options.code,
    space: isComputed ? experiment.planned.space : null,
    replicates: experiment.planned.replicates,
    timeoutMs: options.timeoutMs,
    tellsRows: options.tellsRows,
  };
}
