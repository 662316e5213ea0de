// What a run's results say of the registration that was in force before its data: when it was made, under which hash, and every
// way in which what was done departs from it.

export interface RegistrationSummary {
  /** SHA-256 of what was registered, lower-case hex. */
  readonly hash: string;
  /** ISO 8601. */
  readonly at: string;
  /** Path in the project. */
  readonly file: string;
  /** False when trials that count had been recorded before it was made: nothing is confirmatory then. */
  readonly isBeforeData: boolean;
  /** Later registrations of the same experiment that were made when data were already there, and so do not count. */
  readonly later: readonly { readonly hash: string; readonly at: string }[];
  /** Names of analyses. */
  readonly analyses: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
  };
  /** Every departure in one sentence each, those of analyses included; empty when the registration was followed. */
  readonly deviations: readonly string[];
}
