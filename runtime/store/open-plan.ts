// A plan with its spaces rebuilt from descriptor, bitmap and derived column, out of the build's folder.
import { join } from "node:path";
import { spaceFromDescriptor } from "../../lib/experiment/space/indexed-space.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { fitsContentName } from "./build-files.ts";
import { errorCodeOf, StoreError } from "./files/store-error.ts";
import { readStored } from "./files/stored-file.ts";

/** Opens a plan whose files lie in `folder` (absolute). Throws StoreError when the build has been deleted or changed. */
export function openPlan(plan: Plan, folder: string): OpenedPlan {
  const indexOf = new Map(plan.jobs.map((job, index) => [job.id, index]));
  return {
    plan,
    folder,
    experiments: plan.experiments.map((planned) => ({
      planned,
      space: spaceFromDescriptor(planned.space, {
        admitted: planned.admitted === null ? undefined : readPart(folder, planned.admitted),
        // The build writes the column beside the plan: one entry a raw condition.
        derived:
          planned.derived === null
            ? undefined
            : JSON.parse(new TextDecoder().decode(readPart(folder, planned.derived))),
      }),
      jobs: planned.jobs.map((id) => {
        const index = indexOf.get(id);
        if (index === undefined)
          throw new Error(`experiment ${planned.name} names job ${id}, which the plan lacks`);
        return { index, job: plan.jobs[index]! };
      }),
    })),
  };
}

function readPart(folder: string, name: string): Uint8Array {
  const remedy =
    "Bring the build's folder back from a copy, or check out the same sources and run `lab build`.";
  try {
    const content = readStored(join(folder, name));
    if (fitsContentName(name, content)) return content;
    throw new StoreError("damaged", `${join(folder, name)} was changed after it was built.`, remedy);
  } catch (error) {
    if (errorCodeOf(error) !== "ENOENT") throw error;
    throw new StoreError(
      "damaged",
      `${join(folder, name)} is missing: the build that this run belongs to was deleted.`,
      remedy,
    );
  }
}
