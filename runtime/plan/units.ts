// Numbers of units and what they stand for: a unit of a job is `replicate * conditions + condition`. One place for the
// arithmetic, so that the scheduler, the ledger and the command line cannot disagree.
import type { Job, UnitNumber } from "./plan.ts";

/** How many units a job has when nothing is left out by `where`. */
export function unitCountOf(job: Job): number {
  return job.conditions * job.replicates;
}

/** The condition (as the stage sees it) and the replicate of a unit. */
export function coordinatesOf(
  job: Job,
  unit: UnitNumber,
): { readonly condition: number; readonly replicate: number } {
  return { condition: unit % job.conditions, replicate: Math.floor(unit / job.conditions) };
}

/** The unit of a condition and a replicate. */
export function unitOf(job: Job, condition: number, replicate: number): UnitNumber {
  return replicate * job.conditions + condition;
}
