// Which conditions a lease must bring: those of spaces with derived values, which only the author's code could compute again, and of
// spaces that grow while they run. All other conditions follow from what the opening says.
import type { Condition } from "../../../../lib/experiment/space/space.ts";
import type { UnitRanges } from "../../../schedule/unit-ranges.ts";
import type { LeasedCondition } from "../../protocol/opening.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";

/** Whether leases on the job bring their conditions. */
export function leasesConditions({ job, experiment }: PlannedJob): boolean {
  return (
    job.per !== "build" && job.projected === null && (experiment.space.derives || experiment.space.grows)
  );
}

/** The conditions of the units, each once, in the order in which they are first met; none where hosts know them. */
export function leasedConditions(planned: PlannedJob, units: UnitRanges): readonly LeasedCondition[] {
  if (!leasesConditions(planned)) return [];
  const { conditions } = planned.job;
  const found = new Map<number, Condition>();
  for (const [first, count] of units) {
    for (let unit = first; unit < first + Math.min(count, conditions); unit++) {
      const index = unit % conditions;
      if (!found.has(index)) found.set(index, planned.experiment.space.at(index));
    }
  }
  return Array.from(found, ([index, parameters]) => ({ index, parameters }));
}
