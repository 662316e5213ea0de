// The unit that a trial's id, or an unambiguous beginning of one, stands for. Ids are hashes, so units are tried in turn. An id that a
// run of earlier code has printed stands for the same condition and replicate in the plan at hand.
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../diagnostic/user-error.ts";
import { type OpenedExperiment, type OpenedPlan, trialOf } from "../../plan/opened-plan.ts";
import type { Job, TrialId, UnitNumber } from "../../plan/plan.ts";
import { trialOfSimulation } from "../../plan/simulation-id.ts";
import {
  conditionOfUnit,
  idOfUnit,
  idsOfUnits,
  replicateKeyOf,
  type UnitsNamed,
} from "../../plan/trial-id.ts";
import { coordinatesOf, unitCountOf, unitOf } from "../../plan/units.ts";
import { planHashOf } from "../../store/plan-hash.ts";
import type { ProjectStore } from "../../store/project-store.ts";

export interface FoundTrial {
  readonly id: TrialId;
  readonly experiment: OpenedExperiment;
  readonly jobIndex: number;
  readonly job: Job;
  readonly unit: UnitNumber;
}

/** Fewest digits of an id that are searched for, and how many one has. */
const prefixMin = 4;
const digits = 16;

/** Ids listed when a beginning fits several. */
const listedMax = 4;

/** The unit that `reference` stands for (also as an orchestrator knows it), or null when the plan has none; more than one is the user's to make clear. */
export function findTrial(opened: OpenedPlan, reference: string): FoundTrial | null {
  const placed = placedTrial(opened, reference);
  if (placed !== null) return placed;
  const prefix = trialOfSimulation(reference.toLowerCase());
  if (!/^[0-9a-f]+$/.test(prefix) || prefix.length < prefixMin || prefix.length > digits) return null;
  const matches: FoundTrial[] = [];
  for (const found of everyUnit(opened)) {
    if (!found.id.startsWith(prefix)) continue;
    matches.push(found);
    if (prefix.length === digits) break;
    if (matches.length > listedMax) break;
  }
  if (matches.length > 1) {
    const listed = matches.slice(0, listedMax).map(({ id }) => id);
    throw new UserError(
      `"${reference}" may be ${listed.join(", ")}${matches.length > listedMax ? " ..." : ""}`,
      { hint: "Give more of the id." },
    );
  }
  return matches[0] ?? null;
}

/** The unit in this plan, looked up in the plans of earlier runs too; an error in words when there is none. */
export async function foundTrial(
  opened: OpenedPlan,
  { store, reference }: { readonly store: ProjectStore; readonly reference: string },
): Promise<FoundTrial> {
  const found = findTrial(opened, reference);
  if (found !== null) return found;
  const searched = new Set([planHashOf(opened.plan)]);
  for (const run of await store.runs()) {
    if (searched.has(run.planHash)) continue;
    searched.add(run.planHash);
    const earlier = store.openPlan(await store.planOf(run));
    const stored = findTrial(earlier, reference);
    if (stored === null) continue;
    const same = sameCoordinates(stored, opened);
    if (same !== null) return same;
    const { condition, replicate } = coordinatesOf(stored.job, stored.unit);
    throw new UserError(
      `trial "${reference}" of ${run.id} is no longer in the design: condition ${JSON.stringify(conditionOfUnit(stored.job, condition, stored.experiment.space))}, replicate ${replicate} of ${stored.job.experiment}`,
      { hint: `\`lab show ${stored.id} --run ${run.id}\` shows its record.` },
    );
  }
  throw noSuchTrial(reference);
}

/** The file of the experiment whose trial this was in an earlier run; null where no run has it. */
export async function fileOfTrial(store: ProjectStore, reference: string): Promise<string | null> {
  const searched = new Set<string>();
  for (const run of await store.runs()) {
    if (searched.has(run.planHash)) continue;
    searched.add(run.planHash);
    const found = findTrial(store.openPlan(await store.planOf(run)), reference);
    if (found !== null) return found.experiment.planned.file;
  }
  return null;
}

/** The error for a reference that stands for no trial. */
export function noSuchTrial(reference: string): UserError {
  return new UserError(`there is no trial "${reference}"`, {
    hint: "Give the first digits of an id as `lab status` prints it, or experiment/condition/replicate as the columns of `lab export csv` have them.",
  });
}

/** `walk/3/0`: the trial of condition 3 and replicate 0 of the experiment walk. */
function placedTrial(opened: OpenedPlan, reference: string): FoundTrial | null {
  const [, name, condition, replicate] = /^(.+)\/(\d+)\/(\d+)$/.exec(reference) ?? [];
  const experiment = opened.experiments.find(({ planned }) => planned.name === name);
  if (experiment === undefined) return null;
  const { index, job } = trialOf(experiment);
  return unitAt({ experiment, jobIndex: index, job }, Number(condition), Number(replicate));
}

type OpenedJob = Pick<FoundTrial, "experiment" | "jobIndex" | "job">;

/** The unit of a condition and replicate; null where the job has none there. */
function unitAt(of: OpenedJob, condition: number, replicate: number): FoundTrial | null {
  const { experiment, job } = of;
  const isThere =
    condition >= 0 &&
    condition < job.conditions &&
    replicate >= 0 &&
    replicate < job.replicates &&
    (job.projected !== null || experiment.space.admits(condition));
  return isThere ? unitOfJob(of, unitOf(job, condition, replicate)) : null;
}

/** The unit of another plan with the same condition and replicate of the same stage; null when that plan has none. */
export function sameCoordinates(stored: FoundTrial, opened: OpenedPlan): FoundTrial | null {
  const { job, unit } = stored;
  const experiment = opened.experiments.find(({ planned }) => planned.name === job.experiment);
  const own = experiment?.jobs.find(({ job: each }) => each.stage === job.stage && each.per === job.per);
  if (experiment === undefined || own === undefined) return null;
  const { condition, replicate } = coordinatesOf(job, unit);
  const wanted = conditionOfUnit(job, condition, stored.experiment.space);
  const key = replicateKeyOf(stored.experiment.planned.replicates, replicate);
  const { projected } = own.job;
  const place =
    wanted === null
      ? 0
      : projected !== null
        ? projected.findIndex((each) => isDeepStrictEqual(each, wanted))
        : experiment.space.indexOf(wanted);
  const replicates = Array.from({ length: own.job.replicates }, (_, index) =>
    replicateKeyOf(experiment.planned.replicates, index),
  );
  const among = own.job.per === "replicate" ? replicates.indexOf(key) : 0;
  return unitAt({ experiment, jobIndex: own.index, job: own.job }, place, among);
}

function* everyUnit(opened: OpenedPlan): Generator<FoundTrial> {
  for (const experiment of opened.experiments) {
    for (const { index, job } of experiment.jobs) {
      const count = unitCountOf(job);
      const filters = job.projected === null && experiment.space.filtered;
      const idOf = idsOfUnits(namedOf({ experiment, jobIndex: index, job }));
      for (let unit = 0; unit < count; unit += 1) {
        if (!filters || experiment.space.admits(coordinatesOf(job, unit).condition))
          yield { experiment, jobIndex: index, job, id: idOf(unit), unit };
      }
    }
  }
}

function unitOfJob(of: OpenedJob, unit: UnitNumber): FoundTrial {
  return { ...of, id: idOfUnit({ ...namedOf(of), unit }), unit };
}

function namedOf({ experiment: { planned, space }, job }: OpenedJob): UnitsNamed {
  return { job, space, replicates: planned.replicates };
}
