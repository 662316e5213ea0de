// A build read back from its folder: the plan with its spaces rebuilt from descriptor, bitmap and derived column.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { spaceFromDescriptor } from "../../lib/experiment/space/indexed-space.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { Plan } from "../plan/plan.ts";

/** Opens a plan whose files lie in `folder` (absolute). */
export function openPlan(plan: Plan, folder: string): OpenedPlan {
  const experiments = plan.experiments.map((planned) => ({
    planned,
    space: spaceFromDescriptor(planned.space, {
      ...(planned.admitted !== null && { admitted: readFileSync(join(folder, planned.admitted)) }),
      // The build writes the column beside the plan, one entry a raw condition.
      ...(planned.derived !== null && {
        derived: JSON.parse(readFileSync(join(folder, planned.derived), "utf8")),
      }),
    }),
    jobs: plan.jobs.flatMap((job, index) => (planned.jobs.includes(job.id) ? [{ index, job }] : [])),
  }));
  return { plan, folder, experiments };
}
