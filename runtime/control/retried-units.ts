// Which failed trials a request to retry is about: those of an arm, one, or all of an experiment, and of these the ones that failed with
// some words. Pure, but for the search of an id.
import type { CauseCount } from "../event/act.ts";
import type { FailedUnit } from "../execute/controller/units/failed-units.ts";
import { patternOf } from "../live/cause.ts";
import { hasBit } from "../plan/bitmap.ts";
import { type OpenedPlan, trialOf } from "../plan/opened-plan.ts";
import { meantTrials } from "./cancelled-units.ts";
import type { ControlRequest } from "./request.ts";

/** Failed trials of one experiment that are meant. */
export interface RetriedTrials {
  readonly experiment: string;
  readonly job: number;
  readonly arm: string | null;
  readonly trial: string | null;
  readonly failed: readonly FailedUnit[];
}

type Asked = Extract<ControlRequest, { readonly do: "retry" }>;
type FailedOf = (job: number) => readonly FailedUnit[];

/** What is meant, or in words why nothing is. */
export function retriedTrials(opened: OpenedPlan, asked: Asked, failedOf: FailedOf): RetriedTrials | string {
  const meant = meantFailures(opened, asked, failedOf);
  if (typeof meant === "string") return meant;
  const failed = ofCause(meant.failed, asked.cause);
  if (failed.length > 0) return { ...meant, failed };
  return meant.failed.length === 0
    ? `nothing of it has failed in this run`
    : `nothing of it has failed with "${asked.cause}"`;
}

/** By cause, most frequent first. */
export function causeCountsOf(failed: readonly FailedUnit[]): readonly CauseCount[] {
  const counts = new Map<string, number>();
  for (const { pattern } of failed) counts.set(pattern, (counts.get(pattern) ?? 0) + 1);
  return [...counts].map(([words, trials]) => ({ words, trials })).sort((a, b) => b.trials - a.trials);
}

function meantFailures(opened: OpenedPlan, asked: Asked, failedOf: FailedOf): RetriedTrials | string {
  if (asked.arm !== null || asked.trial !== null) {
    const meant = meantTrials(opened, asked);
    if (typeof meant === "string") return meant;
    const { experiment, job, arm, trial, units } = meant;
    const isMeant = ({ unit }: FailedUnit): boolean => unit < 8 * units.length && hasBit(units, unit);
    return { experiment, job, arm, trial, failed: failedOf(job).filter(isMeant) };
  }
  const names = opened.experiments.map(({ planned }) => planned.name);
  if (asked.experiment !== null && !names.includes(asked.experiment))
    return `the run has no experiment "${asked.experiment}"; it has ${names.join(", ")}`;
  const all = opened.experiments
    .filter(({ planned }) => asked.experiment === null || planned.name === asked.experiment)
    .map((experiment) => {
      const { index: job } = trialOf(experiment);
      return { experiment: experiment.planned.name, job, arm: null, trial: null, failed: failedOf(job) };
    });
  const failing = all.filter(({ failed }) => ofCause(failed, asked.cause).length > 0);
  if (failing.length > 1)
    return `trials of ${failing.map(({ experiment }) => experiment).join(" and ")} have failed: name one of them`;
  return failing[0] ?? all[0] ?? "the run has no trials";
}

/** Those with the words of the cause, or else those that contain them. */
function ofCause(failed: readonly FailedUnit[], cause: string | null): readonly FailedUnit[] {
  if (cause === null) return failed;
  const words = patternOf(cause);
  const same = failed.filter(({ pattern }) => pattern === words);
  return same.length > 0 ? same : failed.filter(({ pattern }) => pattern.includes(words));
}
