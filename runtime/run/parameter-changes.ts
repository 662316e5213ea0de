// What changed in an experiment's design since it was last recorded: constants with another value, levels that are new or gone,
// parameters added or dropped. Names the parameter, so that nobody has to guess why trials are new.
import { spaceFromDescriptor } from "../../lib/experiment/space/indexed-space.ts";
import { designChanges } from "../plan/design-changes.ts";
import { experimentOfJob } from "../plan/opened-plan.ts";
import type { Prepared } from "./prepare.ts";
import type { JobSurvey } from "./survey.ts";

/** Sentences, one a parameter; empty when nothing is to run, nothing was recorded before, or the design is the same. */
export function parameterChanges({ opened, store }: Prepared, survey: JobSurvey): readonly string[] {
  if (survey.fresh === 0) return [];
  const { planned, space } = experimentOfJob(opened, survey.index);
  const segment = store
    .segments()
    .findLast(({ head }) => head.experiments.some(({ name }) => name === planned.name));
  const earlier = segment?.head.experiments.find(({ name }) => name === planned.name);
  if (earlier === undefined) return [];
  const seen = survey.job.uses;
  return designChanges(spaceFromDescriptor(earlier.space), space)
    .filter(({ parameter }) => seen === "all" || seen.includes(parameter))
    .map(({ words }) => words);
}
