// The jobs of a plan with their experiments, and from a unit to the units of other jobs that it draws on.
import { conditionKeyOf } from "../../../../lib/experiment/space/condition-key.ts";
import type { OpenedExperiment, OpenedPlan } from "../../../plan/opened-plan.ts";
import type { Job, JobNeed } from "../../../plan/plan.ts";
import { picked, unitServing } from "../../../plan/projection.ts";
import { coordinatesOf, unitOf } from "../../../plan/units.ts";

/** A job of the plan with the experiment that it belongs to. */
export interface PlannedJob {
  readonly index: number;
  readonly job: Job;
  readonly experiment: OpenedExperiment;
  readonly isTrial: boolean;
  readonly needs: readonly PlannedNeed[];
}

export interface PlannedNeed {
  readonly input: string;
  readonly kind: JobNeed["kind"];
  /** Index of the needed job. */
  readonly job: number;
  /** Null when all of the job's rows are drawn on. */
  readonly unitOf: ((unit: number) => number) | null;
}

/** Every job of the plan, by index. */
export function plannedJobsOf(opened: OpenedPlan): readonly PlannedJob[] {
  const indexOf = new Map(opened.plan.jobs.map((job, index) => [job.id, index]));
  const jobs: PlannedJob[] = [];
  for (const experiment of opened.experiments) {
    const last = experiment.jobs.at(-1);
    for (const { index, job } of experiment.jobs) {
      const needs = job.needs.map((need): PlannedNeed => {
        const needed = indexOf.get(need.job);
        if (needed === undefined)
          throw new Error(`job ${index} needs ${need.job}, which the plan does not have`);
        const neededJob = opened.plan.jobs[needed]!;
        const serving = need.kind === "stage" ? unitServingUnit(job, neededJob, experiment) : null;
        return { input: need.input, kind: need.kind, job: needed, unitOf: serving };
      });
      jobs[index] = { index, job, experiment, isTrial: last?.index === index, needs };
    }
  }
  return jobs;
}

/** Maps a unit of `job` to the unit of the earlier stage `needed` that serves it. */
function unitServingUnit(job: Job, needed: Job, { space }: OpenedExperiment): (unit: number) => number {
  if (needed.per === "build") return () => 0;
  const { projected } = job;
  if (projected === null) {
    const serving = unitServing(needed, space);
    return (unit) => {
      const { condition, replicate } = coordinatesOf(job, unit);
      return serving(condition, replicate);
    };
  }
  const numberByKey = new Map(
    needed.projected?.map((condition, index) => [conditionKeyOf(condition), index]),
  );
  const numbers = projected.map((condition) => {
    const key = conditionKeyOf(picked(condition, needed.uses));
    const number = numberByKey.get(key);
    if (number === undefined)
      throw new Error(`stage ${needed.experiment}/${needed.stage} has no unit for ${key}`);
    return number;
  });
  return (unit) => {
    const { condition, replicate } = coordinatesOf(job, unit);
    return unitOf(needed, numbers[condition] ?? 0, needed.per === "replicate" ? replicate : 0);
  };
}

/** What a thread may hold, in MB: as told, or the largest that experiments declare, if all of them do. Null for no limit. */
export function memoryLimitOf(told: number | null, jobs: readonly PlannedJob[]): number | null {
  if (told !== null) return told;
  const declared = jobs.map(({ experiment }) => experiment.planned.limits?.memoryMb ?? null);
  return (
    declared.reduce((most, each) => (most === null || each === null ? null : Math.max(most, each)), 0) || null
  );
}
