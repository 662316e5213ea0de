// Trials that two stores recorded under the same identity with different results: what a merge names before it takes anything over.
import { isDeepStrictEqual } from "node:util";
import { bitsOf } from "../../plan/bitmap.ts";
import type { Job, Plan } from "../../plan/plan.ts";
import { idOfUnit } from "../../plan/trial-id.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { ProjectStore } from "../project-store.ts";
import type { JobRecords } from "../store.ts";

export interface Conflict {
  /** Id of the trial or of the unit of a stage. */
  readonly trial: string;
  readonly experiment: string;
  readonly stage: string;
  /** What differs: names of metrics, or "series x", "artifacts", "value". */
  readonly differs: readonly string[];
}

/** Conflicts between what `ours` and `theirs` hold of the jobs of plans in `theirs`; at most `most` are looked for. */
export async function conflictsBetween(
  ours: ProjectStore,
  theirs: ProjectStore,
  most: number,
): Promise<readonly Conflict[]> {
  const seen = new Set<string>();
  const conflicts: Conflict[] = [];
  for (const run of await theirs.runs()) {
    if (seen.has(run.planHash)) continue;
    seen.add(run.planHash);
    const plan = await theirs.planOf(run);
    for (const job of plan.jobs) {
      const [mine, other] = [await ours.recordsOf(plan, job), await theirs.recordsOf(plan, job)];
      for (const found of await conflictsOfJob({ plan, job, mine, other, store: theirs })) {
        if (conflicts.some(({ trial }) => trial === found.trial)) continue;
        conflicts.push(found);
        if (conflicts.length >= most) return conflicts;
      }
    }
  }
  return conflicts;
}

async function conflictsOfJob(of: {
  readonly plan: Plan;
  readonly job: Job;
  readonly mine: JobRecords;
  readonly other: JobRecords;
  readonly store: ProjectStore;
}): Promise<readonly Conflict[]> {
  const { plan, job, mine, other, store } = of;
  const shared = [...bitsOf(mine.done.map((byte, index) => byte & (other.done[index] ?? 0)))].filter(
    (unit) => !mine.notMeasured.has(unit) && !other.notMeasured.has(unit),
  );
  if (shared.length === 0) return [];
  const experiment = store.openPlan(plan).experiments.find(({ planned }) => planned.name === job.experiment)!;
  const conflicts: Conflict[] = [];
  const theirs = other.read(shared)[Symbol.asyncIterator]();
  for await (const record of mine.read(shared)) {
    const { value: twin } = await theirs.next();
    if (twin === undefined) break;
    const differs = differences(record, twin as TrialRecord);
    if (differs.length === 0) continue;
    const { unit } = record;
    const trial = idOfUnit({ job, unit, space: experiment.space, replicates: experiment.planned.replicates });
    conflicts.push({ trial, experiment: job.experiment, stage: job.stage, differs });
  }
  return conflicts;
}

function differences({ result: one }: TrialRecord, { result: other }: TrialRecord): readonly string[] {
  const unlike = (left: unknown, right: unknown): boolean => !isDeepStrictEqual(left, right);
  const hashes = (of: typeof one): unknown => of.artifacts.map(({ name, hash }) => [name, hash]);
  return [
    ...Object.keys(one.metrics).filter((name) => unlike(one.metrics[name], other.metrics[name])),
    ...Object.keys({ ...one.series, ...other.series })
      .filter((name) => unlike(one.series[name], other.series[name]))
      .map((name) => `series ${name}`),
    ...(unlike(hashes(one), hashes(other)) ? ["artifacts"] : []),
    ...(unlike(one.value, other.value) ? ["value"] : []),
  ];
}
