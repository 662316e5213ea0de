// Trials without a measurement as `lab status` tells them: by cause, failures and the most frequent first, each with its first trials.
import { causeKeyOf } from "../../live/cause.ts";
import type { OpenedExperiment } from "../../plan/opened-plan.ts";
import type { Job } from "../../plan/plan.ts";
import { conditionOfUnit, idsOfUnits } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import type { Outcome } from "../../record/outcome.ts";
import type { JobRecords } from "../../store/store.ts";
import { say } from "./say.ts";
import { nameOf } from "./show-plan.ts";
import { outcomeWords } from "./show-record.ts";
import { trialWords } from "./trial-words.ts";
import { countWords, fit } from "./words.ts";

/** Records of a job that are read for their causes. */
const readMost = 10_000;
/** Trials of each job that `--json` tells one by one. */
const trialsTold = 20;
/** Causes, and trials of each of them, that a person is shown. */
const causesShown = 10;
const trialsShown = 5;

/** A trial, or a unit of a stage, that ended without a measurement. */
export interface UnmeasuredTrial {
  readonly trial: string;
  readonly of: string;
  readonly condition: Readonly<Record<string, unknown>> | null;
  readonly replicate: number;
  readonly outcome: Outcome;
}

/** What ended alike, whatever numbers and ids its words have. */
export interface UnmeasuredCause {
  readonly of: string;
  readonly outcome: Outcome["kind"];
  /** First line of the first one's words. */
  readonly message: string;
  readonly count: number;
  /** The first ones, in the order of units. */
  readonly first: readonly UnmeasuredTrial[];
}

/** Of one job: its first trials without a measurement, and the causes of all that are read. `missing` are their units. */
export async function unmeasuredOf(
  { job, experiment }: { readonly job: Job; readonly experiment: OpenedExperiment },
  records: JobRecords,
  missing: readonly number[],
): Promise<{ readonly trials: readonly UnmeasuredTrial[]; readonly causes: readonly UnmeasuredCause[] }> {
  const trials: UnmeasuredTrial[] = [];
  const causes = new Map<string, { message: string; count: number; readonly first: UnmeasuredTrial[] }>();
  const { space, planned } = experiment;
  const idOf = idsOfUnits({ job, space, replicates: planned.replicates });
  for await (const { unit, result } of records.read(missing.slice(0, readMost))) {
    const { condition, replicate } = coordinatesOf(job, unit);
    const { outcome } = result;
    const told: UnmeasuredTrial = {
      trial: idOf(unit),
      of: nameOf(job),
      condition: conditionOfUnit(job, condition, space),
      replicate,
      outcome,
    };
    if (trials.length < trialsTold) trials.push(told);
    const [message = ""] = outcomeWords(outcome).split("\n");
    const key = causeKeyOf({ experiment: job.experiment, stage: job.stage, outcome: outcome.kind, message });
    const cause = causes.get(key) ?? { message, count: 0, first: [] };
    causes.set(key, cause);
    cause.count += 1;
    if (cause.first.length < trialsShown) cause.first.push(told);
  }
  return {
    trials,
    causes: [...causes.values()].map((cause) => {
      const { of, outcome } = cause.first[0]!;
      return { of, outcome: outcome.kind, ...cause };
    }),
  };
}

/** Failures first, then the most frequent. */
export function sortedCauses(causes: readonly UnmeasuredCause[]): readonly UnmeasuredCause[] {
  const rank = ({ outcome }: UnmeasuredCause): number => (outcome === "failed" ? 0 : 1);
  return causes.toSorted((a, b) => rank(a) - rank(b) || b.count - a.count);
}

/** `unmeasured`: how many there are in all. */
export function sayCauses(causes: readonly UnmeasuredCause[], unmeasured: number): void {
  for (const { count, message, first } of causes.slice(0, causesShown)) {
    say(process.stdout, `\n${countWords(count)} ${fit(message, 300)}`);
    for (const each of first) say(process.stdout, `  ${each.trial}  ${trialWords(each)}`);
    if (count > first.length) say(process.stdout, `  and ${countWords(count - first.length)} more`);
  }
  const left = unmeasured - causes.slice(0, causesShown).reduce((sum, { count }) => sum + count, 0);
  if (left > 0) say(process.stdout, `\nand ${countWords(left)} more; \`lab export csv\` has them all`);
}
