// The identity of one unit: a hash of its job's identity, its condition as the stage uses it, and its replicate. It is what people
// type, what journals and checkpoints are kept under, and it does not change when the design grows.
import { createHash } from "node:crypto";
import type { Replicates } from "../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { IndexedSpace } from "../../lib/experiment/space/space.ts";
import type { Job, JobId, TrialId, UnitNumber } from "./plan.ts";
import { coordinatesOf } from "./units.ts";

/** How many hexadecimal digits an id has. All come from one hash, so that the first four to six tell the trials of a study apart. */
const digits = 16;

/** What a trial's replicate is known by: its explicit seed where the author gave a list, else its index. */
export function replicateKeyOf(replicates: Replicates, index: number): string {
  const seed = replicates.seeds?.[index];
  return seed === undefined ? `replicate ${index}` : `seed ${seed}`;
}

/** The only maker of a TrialId. `condition` is null for a stage that runs once a build, `replicate` for one that has none. */
export function trialIdOf(unit: {
  readonly job: JobId;
  readonly condition: Readonly<Record<string, unknown>> | null;
  readonly replicate: string | null;
}): TrialId {
  const hash = createHash("sha256");
  hash.update(
    `${unit.job}\n${unit.condition === null ? "" : conditionKeyOf(unit.condition)}\n${unit.replicate ?? ""}`,
  );
  // The one place that brands: every TrialId is made here.
  return hash.digest("hex").slice(0, digits) as TrialId;
}

/** The id of a numbered unit of a job in an experiment's space. */
export function idOfUnit(of: {
  readonly job: Job;
  readonly unit: UnitNumber;
  readonly space: IndexedSpace;
  readonly replicates: Replicates;
}): TrialId {
  const { condition, replicate } = coordinatesOf(of.job, of.unit);
  const salt = of.job.seedSalts?.[condition];
  const key = replicateKeyOf(of.replicates, replicate);
  return trialIdOf({
    job: of.job.id,
    condition: conditionOfUnit(of.job, condition, of.space),
    // Under another seed it is another trial.
    replicate: of.job.per !== "replicate" ? null : salt === undefined ? key : `${key} moved ${salt}`,
  });
}

/** The condition of a unit as its stage sees it; null for a stage that runs once a build. */
export function conditionOfUnit(
  job: Job,
  condition: number,
  space: IndexedSpace,
): Readonly<Record<string, unknown>> | null {
  if (job.projected !== null) return job.projected[condition] ?? null;
  return job.per === "build" ? null : space.at(condition);
}
