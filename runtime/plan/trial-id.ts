// The identity of one unit: a hash of its job's identity, its condition as the stage uses it, and its replicate. It is what people
// type, what journals and checkpoints are kept under, and it does not change when the design grows.
import { hash } from "node:crypto";
import type { Replicates } from "../../lib/experiment/definition.ts";
import { conditionKeyOf } from "../../lib/experiment/space/condition-key.ts";
import type { IndexedSpace } from "../../lib/experiment/space/space.ts";
import type { Job, TrialId, UnitNumber } from "./plan.ts";
import { coordinatesOf } from "./units.ts";

/** How many hexadecimal digits an id has. All come from one hash, so that the first four to six tell the trials of a study apart. */
export const idDigits = 16;

/** Conditions of which the parts of ids are kept while many ids are made. */
const conditionsKept = 10_000;

interface IdParts {
  readonly before: string;
  readonly after: string;
}

/** What a trial's replicate is known by: its explicit seed where the author gave a list, else its index. */
export function replicateKeyOf(replicates: Replicates, index: number): string {
  const seed = replicates.seeds?.[index];
  return seed === undefined ? `replicate ${index}` : `seed ${seed}`;
}

/** The units of one job of an experiment. */
export interface UnitsNamed {
  readonly job: Job;
  readonly space: IndexedSpace;
  readonly replicates: Replicates;
}

/** The id of a numbered unit of a job in an experiment's space. */
export function idOfUnit(of: UnitsNamed & { readonly unit: UnitNumber }): TrialId {
  const { condition } = coordinatesOf(of.job, of.unit);
  return idWith(of, of.unit, idParts({ ...of, condition }));
}

/** Ids of many units of a job, as `idOfUnit` gives them: what the replicates of a condition share is made once. */
export function idsOfUnits(of: UnitsNamed): (unit: UnitNumber) => TrialId {
  const known = new Map<number, IdParts>();
  return (unit) => {
    const { condition } = coordinatesOf(of.job, unit);
    let parts = known.get(condition);
    if (parts === undefined) {
      parts = idParts({ ...of, condition });
      if (known.size < conditionsKept) known.set(condition, parts);
    }
    return idWith(of, unit, parts);
  };
}

function idWith({ job, replicates }: UnitsNamed, unit: UnitNumber, { before, after }: IdParts): TrialId {
  const { replicate } = coordinatesOf(job, unit);
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
}): IdParts {
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
  return hash("sha256", text, "hex").slice(0, idDigits) as TrialId;
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
