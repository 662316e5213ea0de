// The unit that a trial id, or an unambiguous beginning of one, stands for. Ids are hashes, so units are tried in turn; the first
// four digits belong to the job, which leaves one job to search.
import { UserError } from "../diagnostic/user-error.ts";
import { type OpenedExperiment, type OpenedPlan, trialOf } from "../plan/opened-plan.ts";
import type { Job, TrialId, UnitNumber } from "../plan/plan.ts";
import { idOfUnit, jobPartOf } from "../plan/trial-id.ts";
import { coordinatesOf, unitCountOf, unitOf } from "../plan/units.ts";

export interface FoundTrial {
  readonly id: TrialId;
  readonly experiment: OpenedExperiment;
  readonly jobIndex: number;
  readonly job: Job;
  readonly unit: UnitNumber;
}

/** Fewest digits of an id that are searched for. */
const prefixMin = 4;

/** The unit that `reference` stands for, or null when the plan has none; more than one is the user's to make clear. */
export function findTrial(opened: OpenedPlan, reference: string): FoundTrial | null {
  const placed = placedTrial(opened, reference);
  if (placed !== null) return placed;
  const prefix = reference.toLowerCase();
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < prefixMin || prefix.length > 16) return null;
  const matches: FoundTrial[] = [];
  for (const experiment of opened.experiments) {
    for (const { index, job } of experiment.jobs) {
      if (!prefix.startsWith(jobPartOf(job.id))) continue;
      for (const unit of admittedUnits(experiment, job)) {
        const id = idOfUnit({
          job,
          unit,
          space: experiment.space,
          replicates: experiment.planned.replicates,
        });
        if (id.startsWith(prefix)) matches.push({ id, experiment, jobIndex: index, job, unit });
        if (matches.length > 4) break;
      }
    }
  }
  if (matches.length > 1) {
    throw new UserError(
      `"${reference}" may be ${matches.map(({ id }) => id).join(", ")}${matches.length > 4 ? " ..." : ""}`,
      { hint: "Give more of the id." },
    );
  }
  return matches[0] ?? null;
}

/** `walk/3/0`: the trial of condition 3 and replicate 0 of the experiment walk. */
function placedTrial(opened: OpenedPlan, reference: string): FoundTrial | null {
  const [, name, condition, replicate] = /^(.+)\/(\d+)\/(\d+)$/.exec(reference) ?? [];
  const experiment = opened.experiments.find(({ planned }) => planned.name === name);
  if (experiment === undefined) return null;
  const { index, job } = trialOf(experiment);
  const isThere =
    Number(condition) < job.conditions &&
    Number(replicate) < job.replicates &&
    experiment.space.admits(Number(condition));
  if (!isThere) return null;
  const unit = unitOf(job, Number(condition), Number(replicate));
  const id = idOfUnit({ job, unit, space: experiment.space, replicates: experiment.planned.replicates });
  return { id, experiment, jobIndex: index, job, unit };
}

/** The same, as an error in words when there is none. */
export function foundTrial(opened: OpenedPlan, reference: string): FoundTrial {
  const found = findTrial(opened, reference);
  if (found !== null) return found;
  throw new UserError(`there is no trial "${reference}" in the plan`, {
    hint: "Give the first digits of an id as `lab status` prints it, or experiment/condition/replicate as the columns of `lab export csv` have them.",
  });
}

function* admittedUnits(experiment: OpenedExperiment, job: Job): Generator<UnitNumber> {
  const count = unitCountOf(job);
  const filters = job.projected === null && experiment.space.filtered;
  for (let unit = 0; unit < count; unit += 1) {
    if (!filters || experiment.space.admits(coordinatesOf(job, unit).condition)) yield unit;
  }
}
