// What a run would do and why, before it does anything: for each job how many units are recorded already, how many are new, and
// which recorded results are stale (the same coordinates under earlier code) or orphaned (no longer in the design).

import { type RunAgain, recordedOf } from "../execute/controller/jobs/recorded-units.ts";
import { countBits, countShared } from "../plan/bitmap.ts";
import type { OpenedPlan } from "../plan/opened-plan.ts";
import type { IdentityPart, Job } from "../plan/plan.ts";
import type { Wanted } from "../plan/selection.ts";
import type { StoppingOutcome } from "../record/stopping-outcome.ts";
import type { JobRecords, RelativeJob, Store } from "../store/store.ts";

/** Earlier results of the same stage under another identity, with what differs. */
export interface StaleResults extends RelativeJob {
  readonly changes: readonly IdentityChange[];
}

export interface IdentityChange {
  readonly kind: IdentityPart["kind"];
  readonly name: string;
  readonly how: "changed" | "added" | "removed";
}

export interface JobSurvey {
  readonly index: number;
  readonly job: Job;
  readonly wanted: Uint8Array;
  readonly wantedCount: number;
  /** Wanted units that are recorded and not asked for again, and the others, which are to run. */
  readonly reused: number;
  readonly fresh: number;
  /** All that is recorded, as it was read for the survey. */
  readonly records: JobRecords;
  readonly stale: readonly StaleResults[];
}

/** Surveys every wanted job in the plan's order. */
export async function survey(options: {
  readonly opened: OpenedPlan;
  readonly wanted: Wanted;
  readonly store: Store;
  readonly again: RunAgain;
  readonly stopping: Readonly<Record<string, StoppingOutcome>>;
}): Promise<readonly JobSurvey[]> {
  const { opened, wanted, store, again, stopping } = options;
  const surveys: JobSurvey[] = [];
  for (const [index, job] of opened.plan.jobs.entries()) {
    const units = wanted.get(index);
    if (units === undefined) continue;
    const records = await store.recordsOf(opened.plan, job, { stopping });
    const wantedCount = countBits(units);
    const planned = opened.plan.experiments.find(({ name }) => name === job.experiment)!;
    const reused = countShared(units, recordedOf(records, again, planned));
    const stale = countShared(units, records.done) < wantedCount ? await staleOf(store, job) : [];
    surveys.push({
      index,
      job,
      wanted: units,
      wantedCount,
      reused,
      fresh: wantedCount - reused,
      records,
      stale,
    });
  }
  return surveys;
}

async function staleOf(store: Store, job: Job): Promise<readonly StaleResults[]> {
  const relatives = await store.relatives(job);
  return relatives
    .filter(({ recorded }) => recorded > 0)
    .map((relative) => ({ ...relative, changes: changesBetween(relative.job, job) }));
}

/** What differs between the identities of two jobs, most telling kinds first. */
export function changesBetween(before: Job, after: Job): readonly IdentityChange[] {
  const keyOf = (part: IdentityPart): string => `${part.kind}\n${part.name}`;
  const old = new Map(before.identity.map((part) => [keyOf(part), part]));
  const current = new Map(after.identity.map((part) => [keyOf(part), part]));
  const changes: IdentityChange[] = [];
  for (const [key, part] of current) {
    const earlier = old.get(key);
    if (earlier === undefined) changes.push({ kind: part.kind, name: part.name, how: "added" });
    else if (earlier.hash !== part.hash) changes.push({ kind: part.kind, name: part.name, how: "changed" });
  }
  for (const [key, part] of old)
    if (!current.has(key)) changes.push({ kind: part.kind, name: part.name, how: "removed" });
  const order: readonly IdentityPart["kind"][] = [
    "symbol",
    "file",
    "package",
    "seed",
    "upstream",
    "semantics",
  ];
  return changes.sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || a.name.localeCompare(b.name),
  );
}

/** One sentence: "playRound in src/game.ts changed". */
export function changeWords(change: IdentityChange): string {
  switch (change.kind) {
    case "symbol": {
      const at = change.name.lastIndexOf("#");
      return at < 0
        ? `${change.name} ${change.how}`
        : `${change.name.slice(at + 1)} in ${change.name.slice(0, at)} ${change.how}`;
    }
    case "package":
      return `package ${change.name} ${change.how}`;
    case "file":
      return `file ${change.name} ${change.how}`;
    case "seed":
      return `${change.name} ${change.how}`;
    case "upstream":
      return `the earlier stage ${change.name} ${change.how}`;
    case "semantics":
      return `labwright's own semantics ${change.how}`;
  }
}
