// What is said of units that ended without a record of their own, and of limits that end a run.
import type { Verdict } from "../../../schedule/verdict.ts";
import type { HostExit } from "../../protocol/executor.ts";
import type { PlannedJob } from "../jobs/planned-jobs.ts";
import type { UnitEnd } from "./record-keeper.ts";

/** The last thing that took units down, in words that are a unit's whole message. */
export interface LastLoss {
  readonly words: string;
  readonly isMemory: boolean;
}

export const noLoss: LastLoss = { words: "took its host down", isMemory: false };

export function lossOf({ reason, isMemory = false }: HostExit): LastLoss {
  return { words: `took its host down: it ${reason}`, isMemory };
}

/** The reason and message of a unit that the scheduler gave up. */
export function sentenceOf(
  verdict: Verdict,
  of: {
    readonly jobs: readonly PlannedJob[];
    readonly lastLoss: LastLoss;
    readonly trialOf: (job: number, unit: number) => string;
  },
): Pick<UnitEnd, "reason" | "message"> {
  const { reason, neededJob, needed } = verdict;
  if (reason === "upstream") {
    const { job, index } = of.jobs[neededJob]!;
    return { reason, message: `stage ${job.stage} failed for it (trial ${of.trialOf(index, needed)})` };
  }
  return { reason: of.lastLoss.isMemory ? "memory" : "crash", message: of.lastLoss.words };
}

export function tooManyFailures(failed: number, total: number, share: number): string {
  return `${failed} of ${total} trials failed, more than ${share * 100}% (--fail-on-error)`;
}
