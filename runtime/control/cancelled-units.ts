// Which trials a cancellation is about: an arm by its levels, or one trial by its id or place. Pure, but for the search of an id.
import { bitmapOf, hasBit, setBit } from "../plan/bitmap.ts";
import { type OpenedExperiment, type OpenedPlan, trialOf } from "../plan/opened-plan.ts";
import type { JobId } from "../plan/plan.ts";
import { unitCountOf, unitOf } from "../plan/units.ts";
import { findTrial } from "../run/again/find-trial.ts";

/** Trials of one experiment that are meant. */
export interface MeantTrials {
  readonly experiment: string;
  /** Index of the trial's job, and its identity. */
  readonly job: number;
  readonly id: JobId;
  /** "discount=0.95, firms=2"; null for a single trial. */
  readonly arm: string | null;
  readonly trial: string | null;
  readonly units: Uint8Array;
  readonly conditions: readonly number[];
}

/** What is meant, or in words why nothing is. */
export function meantTrials(
  opened: OpenedPlan,
  asked: { readonly experiment: string | null; readonly arm: string | null; readonly trial: string | null },
): MeantTrials | string {
  return asked.trial === null ? meantArm(opened, asked) : meantTrial(opened, asked.trial);
}

function meantTrial(opened: OpenedPlan, reference: string): MeantTrials | string {
  const found = findTrial(opened, reference);
  if (found === null) return `there is no trial "${reference}"`;
  const { experiment, jobIndex, job, unit, id } = found;
  if (job.stage !== "trial") return `${id} is no trial: it is of the stage ${job.stage}`;
  const units = bitmapOf(unitCountOf(job));
  setBit(units, unit);
  const conditions = [unit % job.conditions];
  return {
    experiment: experiment.planned.name,
    job: jobIndex,
    id: job.id,
    arm: null,
    trial: id,
    units,
    conditions,
  };
}

function meantArm(
  opened: OpenedPlan,
  { experiment: name, arm }: { readonly experiment: string | null; readonly arm: string | null },
): MeantTrials | string {
  const levels = levelsIn(arm ?? "");
  if (levels === null) return `an arm is written key=value,...; "${arm}" is not`;
  const keys = levels.map(([key]) => key);
  const able = opened.experiments.filter(({ planned, space }) =>
    name === null ? keys.every((key) => space.parameters.includes(key)) : planned.name === name,
  );
  const [experiment] = able;
  if (experiment === undefined)
    return name === null
      ? `no experiment of the run has ${keys.join(" and ")}`
      : `the run has no experiment "${name}"; there are ${opened.experiments.map(({ planned }) => planned.name).join(", ")}`;
  if (able.length > 1)
    return `${able.map(({ planned }) => planned.name).join(" and ")} have such arms: name one of them`;
  return armOf(experiment, levels);
}

function armOf(
  experiment: OpenedExperiment,
  levels: readonly (readonly [string, string])[],
): MeantTrials | string {
  const { space, planned } = experiment;
  const { index, job } = trialOf(experiment);
  const missing = levels.find(([key]) => !space.parameters.includes(key));
  if (missing !== undefined)
    return `${planned.name} has no parameter "${missing[0]}"; it has ${space.parameters.join(", ")}`;
  const conditions: number[] = [];
  for (let condition = 0; condition < job.conditions; condition += 1) {
    if (!space.admits(condition)) continue;
    const values = space.at(condition);
    if (levels.every(([key, level]) => levelText(values[key]) === level)) conditions.push(condition);
  }
  const arm = levels.map(([key, level]) => `${key}=${level}`).join(", ");
  if (conditions.length === 0) return `no condition of ${planned.name} has ${arm}`;
  const units = bitmapOf(unitCountOf(job));
  for (const condition of conditions)
    for (let replicate = 0; replicate < job.replicates; replicate += 1)
      setBit(units, unitOf(job, condition, replicate));
  return { experiment: planned.name, job: index, id: job.id, arm, trial: null, units, conditions };
}

/** How many replicates have ended without a gap from the first, in all of the conditions. */
export function replicatesEnded(
  { units, conditions }: Pick<MeantTrials, "units" | "conditions">,
  done: Uint8Array,
  perReplicate: number,
): number {
  for (let replicate = 0; ; replicate += 1) {
    const own = conditions.map((condition) => replicate * perReplicate + condition);
    if (own.some((unit) => unit >= 8 * done.length || unit >= 8 * units.length || !hasBit(done, unit)))
      return replicate;
  }
}

/** A comma begins another level only where a key and "=" follow. */
function levelsIn(arm: string): readonly (readonly [string, string])[] | null {
  const parts = arm.split(/,\s*(?=[^,=\s][^,=]*=)/).map((part) => {
    const at = part.indexOf("=");
    return [part.slice(0, Math.max(0, at)).trim(), part.slice(at + 1).trim()] as const;
  });
  return parts.every(([key]) => key !== "") ? parts : null;
}

/** A level as the table of a run has it. */
function levelText(level: unknown): string {
  return typeof level === "string" ? level : JSON.stringify(level);
}
