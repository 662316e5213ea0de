// What becomes of a job's units once all that it needs is settled: those whose needed unit failed have failed too.
import { hasBit } from "../plan/bitmap.ts";
import { type JobState, settle } from "./job-state.ts";
import type { Verdict } from "./verdict.ts";

/** Settles those units as failed; says which. */
export function screened(index: number, jobs: readonly JobState[]): readonly Verdict[] {
  const job = jobs[index]!;
  job.isScreened = true;
  const needs = job.needs.filter((need) => need.unitOf !== null && jobs[need.job]!.failed.size > 0);
  if (needs.length === 0) return [];
  const verdicts: Verdict[] = [];
  for (let unit = job.cursor; unit < job.wanted.length * 8; unit++) {
    if (!hasBit(job.wanted, unit) || hasBit(job.done, unit) || hasBit(job.claimed, unit)) continue;
    for (const need of needs) {
      const needed = need.unitOf?.(unit) ?? -1;
      if (!jobs[need.job]!.failed.has(needed)) continue;
      settle(job, unit, true);
      job.unclaimed -= 1;
      const neededJob = need.job;
      verdicts.push({ job: index, unit, attempt: 1, reason: "upstream", isFinal: true, neededJob, needed });
      break;
    }
  }
  return verdicts;
}
