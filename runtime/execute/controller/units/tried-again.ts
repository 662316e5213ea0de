// What is said of units that have failed and are tried again.

import type { EffectPlace } from "../../../effects/request-identity.ts";
import type { RunEvent } from "../../../event/event.ts";
import { recordsOf } from "../../../record/batch-records.ts";
import type { RecordBatch } from "../../../record/record-batch.ts";

export type TriedAgain = Extract<RunEvent, { type: "trial-retried" }>;

/** Tells where a unit stands. */
interface Places {
  trialOf(job: number, unit: number): string;
  placeOf(job: number, unit: number): EffectPlace;
  replicateOf(job: number, unit: number): number;
}

/** An event for each record of the batch, all of which failed. */
export function triedAgain(places: Places, batch: RecordBatch, most: number): readonly TriedAgain[] {
  return recordsOf(batch, {}).flatMap(({ job, unit, result: { outcome }, telemetry }) => {
    if (outcome.kind !== "failed") return [];
    const { experiment, stage, condition } = places.placeOf(job, unit);
    const { reason, message } = outcome;
    return {
      type: "trial-retried",
      experiment,
      stage,
      trial: places.trialOf(job, unit),
      condition: condition ?? {},
      replicate: places.replicateOf(job, unit),
      reason,
      message,
      attempt: telemetry.attempt,
      most,
    };
  });
}

/** "attempt 1 failed (time-out): took longer than ...; tried again". */
export function triedWords({ attempt, reason, message }: TriedAgain): string {
  return `attempt ${attempt} failed (${reason}): ${message}; tried again`;
}
