// What the trials of each arm of a run took: time and disk, as they were measured.
import { conditionOfUnit } from "../plan/trial-id.ts";
import { coordinatesOf } from "../plan/units.ts";
import { isUnfinished } from "../record/outcome.ts";
import type { TrialRecord } from "../record/trial-record.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { RunManifest } from "../store/store.ts";
import { codingsOf, sizesOf } from "./estimate.ts";

/** The middle of what trials took, with the range in which nine of ten lie. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

export interface ArmCost {
  readonly experiment: string;
  readonly condition: Readonly<Record<string, unknown>>;
  /** Trials that it rests on: those that came to an end of their own. */
  readonly trials: number;
  /** Null where nobody knows what one of them took. */
  readonly durationMs: Spread | null;
  /** In the ledger and as files, a trial. */
  readonly bytes: Spread;
}

/** Trials of an experiment that are read: in the order of replicates, so that every arm has its share. */
const readMax = 20_000;

/** Of each arm with trials that have ended, in the order of conditions. */
export async function armCostsOf(store: ProjectStore, run: RunManifest): Promise<readonly ArmCost[]> {
  const opened = store.openPlan(await store.planOf(run));
  const costs: ArmCost[] = [];
  for (const { planned, space } of opened.experiments) {
    if (!run.experiments.includes(planned.name)) continue;
    const job = opened.plan.jobs.find((each) => each.experiment === planned.name && each.stage === "trial")!;
    const records = await store.recordsOf(opened.plan, job, { run });
    const byCondition = new Map<number, TrialRecord[]>();
    let read = 0;
    for await (const record of records.read()) {
      if (isUnfinished(record.result.outcome.kind)) continue;
      const { condition } = coordinatesOf(job, record.unit);
      const own = byCondition.get(condition) ?? [];
      byCondition.set(condition, own);
      own.push(record);
      read += 1;
      if (read >= readMax) break;
    }
    for (const [condition, own] of [...byCondition].sort(([a], [b]) => a - b))
      costs.push({
        experiment: planned.name,
        condition: conditionOfUnit(job, condition, space) ?? {},
        trials: own.length,
        durationMs: spreadOf(own.map(({ telemetry }) => telemetry.durationMs)),
        bytes: spreadOfKnown(sizesOf(own, codingsOf(opened, job))),
      });
  }
  return costs;
}

function spreadOf(values: readonly (number | null)[]): Spread | null {
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : spreadOfKnown(known);
}

function spreadOfKnown(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { low: at(0.05), median: at(0.5), high: at(0.95) };
}
