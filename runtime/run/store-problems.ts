// What was found wrong with the files of the store while a run was prepared, in words: damaged places, segments of another version.

import { damageWords } from "../store/ledger/damage.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { JobSurvey } from "./survey.ts";

/** Each once, however many jobs met it. */
export function storeProblemsOf(of: {
  readonly store: ProjectStore;
  readonly surveys: readonly JobSurvey[];
}): readonly string[] {
  const damage = of.surveys.flatMap(({ records }) => records.damage.map(damageWords));
  return [...new Set([...of.store.problems(), ...damage])];
}
