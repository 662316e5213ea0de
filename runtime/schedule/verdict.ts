// What the scheduler says of a unit that ended without a record.

/** A unit to be recorded as failed without having returned: it alone brought its host down, or what it needs failed. */
export interface Verdict {
  readonly job: number;
  readonly unit: number;
  readonly attempt: number;
  /** "crash": it brought down a host that ran nothing else; "upstream": the unit `needed` of job `neededJob` failed. */
  readonly reason: "crash" | "upstream";
  /** False for a unit that is tried again: its ending is recorded, and it is not settled. */
  readonly isFinal: boolean;
  readonly neededJob: number;
  readonly needed: number;
}
