// A study of Optuna as both of its storages have it.

/** A study as both storages have it. */
export interface Study {
  readonly name: string;
  readonly directions: readonly string[];
  readonly trials: readonly StudyTrial[];
}

export interface StudyTrial {
  readonly number: number;
  readonly state: string;
  /** Objectives in order; null for one that is not finite. */
  readonly values: readonly (number | null)[];
  readonly params: Readonly<Record<string, { readonly value: number; readonly distribution: string }>>;
  readonly intermediate: readonly { readonly step: number; readonly value: number | null }[];
  readonly startedAt: string | null;
  readonly completedAt: string | null;
}
