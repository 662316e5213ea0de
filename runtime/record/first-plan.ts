// What the records prove of when analyses were declared: a run writes its plan, and the plan's hash into the head of its first segment, before
// it records a trial. So the plan of the run that recorded the first trial that counts says what was declared before the data.

export interface FirstPlan {
  /** SHA-256 of that plan, lower-case hex. */
  readonly hash: string;
  /** ISO 8601: when the segment was begun that holds the first trials. */
  readonly at: string;
  /** Names of analyses that were added, changed or taken out since. */
  readonly analyses: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
}
