// What the units of a job draw on beyond their own experiment: rows of other experiments. Which of those were measured is part of whether a
// record still counts: a failed trial that is retried successfully changes the rows, and with them what was made of them.
import { createHash } from "node:crypto";
import type { Job, Plan } from "./plan.ts";

/** A digest of the rows of each experiment that was drawn on, by its name. */
export type DrawnOn = Readonly<Record<string, string>>;

/** The trials whose rows decide what units of the job return, directly or through stages that it needs. */
export function sourcesOf(plan: Plan, job: Job): readonly Job[] {
  const sources = job.needs.flatMap((need) => {
    const needed = plan.jobs.find(({ id }) => id === need.job);
    if (needed === undefined) return [];
    return need.kind === "experiment" ? [needed] : sourcesOf(plan, needed);
  });
  return [...new Set(sources)];
}

/**
 * What a job draws on now. `measuredOf` gives the measured units of a trial job, a bit each, or null where they are not known (a stopping
 * rule has not decided which count): such an experiment is left out. Rows of an experiment that draws on others change with theirs.
 */
export function drawnOn(plan: Plan, job: Job, measuredOf: (trial: Job) => Uint8Array | null): DrawnOn {
  const drawn = sourcesOf(plan, job).flatMap((source) => {
    const measured = measuredOf(source);
    if (measured === null) return [];
    const hash = createHash("sha256").update(JSON.stringify(drawnOn(plan, source, measuredOf)));
    hash.update(measured.subarray(0, 1 + measured.findLastIndex((byte) => byte !== 0)));
    return [[source.experiment, hash.digest("hex").slice(0, 16)] as const];
  });
  return Object.fromEntries(drawn);
}

/** Names of the experiments whose rows were others when something was drawn on them; those that either does not name count as the same. */
export function changedRows(before: DrawnOn, now: DrawnOn): readonly string[] {
  return Object.keys(now).filter((name) => before[name] !== undefined && before[name] !== now[name]);
}

/** The units that are done and have a measurement. */
export function measuredUnits(of: {
  readonly done: Uint8Array;
  readonly notMeasured: ReadonlyMap<number, number>;
}): Uint8Array {
  const measured = of.done.slice();
  for (const unit of of.notMeasured.keys()) measured[unit >>> 3]! &= ~(1 << (unit & 7));
  return measured;
}
