// The identity of one unit: a hash of its job's identity, its condition as the stage uses it, and its replicate. It is what people
// type, what journals and checkpoints are kept under, and it does not change when the design grows.
import { createHash } from "node:crypto";
import type { Replicates } from "../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { IndexedSpace } from "../../lib/experiment/space/space.ts";
import type { Job, TrialId, UnitNumber } from "./plan.ts";
import { coordinatesOf } from "./units.ts";

/** How many hexadecimal digits an id has. All come from one hash, so that the first four to six tell the trials of a study apart. */
export const idDigits = 16;

/** What a trial's replicate is known by: its explicit seed where the author gave a list, else its index. */
export function replicateKeyOf(replicates: Replicates, index: number): string {
  const seed = replicates.seeds?.[index];
  return seed === undefined ? `replicate ${index}` : `seed ${seed}`;
}

/** The id of a numbered unit of a job in an experiment's space. */
export function idOfUnit(of: {
  readonly job: Job;
  readonly unit: UnitNumber;
  readonly space: IndexedSpace;
  readonly replicates: Replicates;
}): TrialId {
  const { job, space, replicates } = of;
  const { condition, replicate } = coordinatesOf(job, of.unit);
  const { before, after } = idParts({ job, condition, space });
  return idOfText(`${before}${job.per === "replicate" ? replicateKeyOf(replicates, replicate) : ""}${after}`);
}

/**
 * What the ids of all replicates of a condition are hashes of, around the replicate's key: for who hashes many rows at once.
 * `condition` is raw.
 */
export function idParts(of: {
  readonly job: Job;
  readonly condition: number;
  readonly space: IndexedSpace;
}): { readonly before: string; readonly after: string } {
  const { job, condition, space } = of;
  const salt = job.per === "replicate" ? job.seedSalts?.[condition] : undefined;
  const seen = conditionOfUnit(job, condition, space);
  return {
    before: `${job.id}\n${seen === null ? "" : conditionKeyOf(seen)}\n`,
    // Under another seed it is another trial.
    after: salt === undefined ? "" : ` moved ${salt}`,
  };
}

/** The one place that brands: every TrialId is made here. */
function idOfText(text: string): TrialId {
  return createHash("sha256").update(text).digest("hex").slice(0, idDigits) as TrialId;
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
