// A plan with its spaces ready to be read by index: no code of the author's is needed, since `where` and derived values come from
// the bitmap and the column that the build wrote.
import type { IndexedSpace } from "../../lib/experiment/space/space.ts";
import type { Job, Plan, PlannedExperiment } from "./plan.ts";

export interface OpenedExperiment {
  readonly planned: PlannedExperiment;
  readonly space: IndexedSpace;
  /** Its jobs in order, each with its index in the plan's `jobs`; the last is the trial. */
  readonly jobs: readonly { readonly index: number; readonly job: Job }[];
}

export interface OpenedPlan {
  readonly plan: Plan;
  /** Absolute path of the build's folder. */
  readonly folder: string;
  readonly experiments: readonly OpenedExperiment[];
}

/** The trial job of an experiment. */
export function trialOf(experiment: OpenedExperiment): { readonly index: number; readonly job: Job } {
  const last = experiment.jobs.at(-1);
  if (last === undefined) throw new Error(`experiment ${experiment.planned.name} has no jobs`);
  return last;
}

/** The opened experiment that a job of the plan belongs to. */
export function experimentOfJob(opened: OpenedPlan, jobIndex: number): OpenedExperiment {
  const found = opened.experiments.find((experiment) =>
    experiment.jobs.some(({ index }) => index === jobIndex),
  );
  if (found === undefined) throw new Error(`the plan has no job ${jobIndex}`);
  return found;
}
