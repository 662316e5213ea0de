// The plan of a branch: one trial of a run, continued with something changed, as an experiment of its own. Its streams are those of the trial that
// it branches from; its jobs have ids of their own, so that nothing it records counts for the experiment it comes from.
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { Condition } from "../../lib/experiment/space/space.ts";
import type { OpenedExperiment } from "./opened-plan.ts";
import type { BranchOrigin, Job, JobId, Plan, PlannedExperiment, UnitNumber } from "./plan.ts";
import { conditionOfUnit } from "./trial-id.ts";
import { coordinatesOf } from "./units.ts";

/** What is branched from. */
export interface BranchedTrial {
  readonly plan: Plan;
  readonly experiment: OpenedExperiment;
  readonly job: Job;
  readonly unit: UnitNumber;
}

/** The plan, whose last experiment is the branch; `condition` is its only one. */
export function branchPlan({ plan, experiment, job, unit }: BranchedTrial, origin: BranchOrigin): Plan {
  const { planned, space } = experiment;
  const digest = digestOf(origin);
  const name = `${planned.name}~${digest.slice(0, 6)}`;
  const index = coordinatesOf(job, unit).condition;
  // A trial's condition is the space's own.
  const before = conditionOfUnit(job, index, space) as Condition;
  // Values are JSON: they were typed as such.
  const condition = { ...before, ...origin.set } as Condition;
  const ids = new Map(experiment.jobs.map((each) => [each.job.id, idOf(`${digest} ${each.job.id}`)]));
  const jobs = experiment.jobs.map((each) =>
    branchJob(each.job, { name, before, condition, index, id: ids.get(each.job.id)!, ids }),
  );
  const own: PlannedExperiment = {
    ...planned,
    name,
    question: `What if, from ${origin.at} on, ${changesOf(origin)}?`,
    description: branchWords(origin),
    replicates: { ...planned.replicates, until: null },
    analyses: [],
    primary: null,
    space: {
      kind: "product",
      parameters: Object.entries(condition).map(([key, value]) => ({ name: key, kind: "constant", value })),
    },
    conditions: 1,
    admittedCount: 1,
    admitted: null,
    derived: null,
    derivedHashes: null,
    overrides: {},
    branch: origin,
    jobs: jobs.map(({ id }) => id),
  };
  const others = plan.experiments.filter((each) => each.name !== planned.name);
  const otherJobs = plan.jobs.filter((each) => each.experiment !== planned.name);
  return { ...plan, experiments: [...others, own], jobs: [...otherJobs, ...jobs] };
}

/** "a branch of trial 3f2a... (firms, run r0001-...) from firm-1/round-12 on, with tone = "rude"; ..." */
export function branchWords(origin: BranchOrigin): string {
  const { trial, experiment, run, at } = origin;
  return `A branch of trial ${trial} of ${experiment} in ${run}: with ${changesOf(origin)}. Exchanges before ${at} have the answers that were kept, later ones were asked anew. It is one episode and counts for no condition of ${experiment}.`;
}

function changesOf({ set, answers }: BranchOrigin): string {
  return [
    ...Object.entries(set).map(([name, value]) => `${name} = ${JSON.stringify(value)}`),
    ...Object.entries(answers).map(([key, value]) => `the answer to ${key} = ${JSON.stringify(value)}`),
  ].join(", ");
}

function branchJob(
  job: Job,
  of: {
    readonly name: string;
    readonly before: Condition;
    readonly condition: Condition;
    readonly index: number;
    readonly id: JobId;
    readonly ids: ReadonlyMap<JobId, JobId>;
  },
): Job {
  const seen = (whole: Condition): Condition =>
    job.uses === "all" ? whole : picked(whole, [...job.uses, ...(job.inherited ?? [])]);
  const at =
    job.projected === null
      ? of.index
      : job.projected.findIndex((each) => isDeepStrictEqual(each, seen(of.before)));
  const { seedSalts, ...kept } = job;
  const salt = seedSalts?.[at];
  return {
    ...kept,
    id: of.id,
    experiment: of.name,
    needs: job.needs.map((need) => ({ ...need, job: of.ids.get(need.job) ?? need.job })),
    conditions: 1,
    projected: job.projected === null ? null : [seen(of.condition)],
    ...(salt !== undefined && { seedSalts: { 0: salt } }),
    streams: { experiment: job.experiment, condition: job.per === "build" ? null : seen(of.before) },
  };
}

function picked(condition: Condition, names: readonly string[]): Condition {
  return Object.fromEntries(Object.entries(condition).filter(([name]) => names.includes(name)));
}

function digestOf(origin: BranchOrigin): string {
  return createHash("sha256").update(conditionKeyOf(origin)).digest("hex");
}

/** Ids of a branch's jobs are made here and nowhere else. */
function idOf(text: string): JobId {
  return createHash("sha256").update(text).digest("hex").slice(0, 32) as JobId;
}
