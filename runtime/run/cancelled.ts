// Trials that somebody cancelled in an earlier run: they are not wanted again until they are asked for. A cancellation holds for the code
// that it was made for, and stands in the manifest of the newest run of its experiment.
import { meantTrials } from "../control/cancelled-units.ts";
import { countBits } from "../plan/bitmap.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { Wanted } from "../plan/selection.ts";
import type { CancelledTrials, RunManifest } from "../store/store.ts";
import type { JobSurvey } from "./survey.ts";

/** What is cancelled of the plan's experiments, as the newest run of each has it. */
export function cancelledIn(
  opened: OpenedPlan,
  newestFirst: readonly RunManifest[],
): readonly CancelledTrials[] {
  return opened.experiments.flatMap(({ planned, jobs }) => {
    const newest = newestFirst.find(({ experiments }) => experiments.includes(planned.name));
    return (newest?.cancelled ?? []).filter(
      ({ experiment, job }) => experiment === planned.name && jobs.some((each) => each.job.id === job),
    );
  });
}

export interface LeftUnits {
  readonly wanted: Wanted;
  readonly surveys: readonly JobSurvey[];
  /** How many trials are not run because they were cancelled. */
  readonly left: number;
}

/** The same without cancelled units that have no record. */
export function withoutCancelled(
  of: { readonly opened: OpenedPlan; readonly wanted: Wanted; readonly surveys: readonly JobSurvey[] },
  cancelled: readonly CancelledTrials[],
): LeftUnits {
  const wanted = new Map(of.wanted);
  let left = 0;
  const surveys = of.surveys.map((survey) => {
    let units = survey.wanted;
    for (const each of cancelled) {
      const meant = meantTrials(of.opened, each);
      if (typeof meant === "string" || meant.job !== survey.index) continue;
      const { done } = survey.records;
      units = units.map((byte, at) => byte & ~((meant.units[at] ?? 0) & ~(done[at] ?? 0)));
    }
    const wantedCount = countBits(units);
    const dropped = survey.wantedCount - wantedCount;
    if (dropped === 0) return survey;
    left += dropped;
    wanted.set(survey.index, units);
    return { ...survey, wanted: units, wantedCount, fresh: survey.fresh - dropped };
  });
  return { wanted, surveys, left };
}

/** What is said of them. */
export function cancelledWords(cancelled: readonly CancelledTrials[], left: number): string {
  const what = cancelled.map(
    ({ experiment, arm, trial, by, at, replicates }) =>
      `${arm === null ? `trial ${trial}` : arm} of ${experiment} by ${by} on ${at.slice(0, 10)}${arm === null ? "" : ` after ${replicates} replicates`}`,
  );
  return `${left} trials are left out, which were cancelled (${what.join("; ")}); lab run --cancelled runs them after all`;
}
