// The trials of a run that are not done and have a saved state: what a resumed run will take up, and how far each was.
import { bitsOf, hasBit } from "../../plan/bitmap.ts";
import type { OpenedPlan } from "../../plan/opened-plan.ts";
import { conditionOfUnit, idOfUnit } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import { type StoredCheckpoint, storedCheckpoints } from "../../store/kept/checkpoints.ts";

export interface SavedTrial extends StoredCheckpoint {
  readonly experiment: string;
  readonly stage: string;
  readonly condition: Readonly<Record<string, unknown>> | null;
  readonly replicate: number;
}

/** Ids are hashes, so units that are not done are tried in turn, up to so many a job. */
const triedMax = 100_000;

export async function savedTrials(
  opened: OpenedPlan,
  of: {
    /** Folder of the checkpoints. */
    readonly folder: string;
    /** By job: the units that are wanted and those that are done. */
    readonly units: ReadonlyMap<number, { readonly wanted: Uint8Array; readonly done: Uint8Array }>;
  },
): Promise<readonly SavedTrial[]> {
  const stored = new Map((await storedCheckpoints(of.folder)).map((each) => [each.trial, each]));
  const found: SavedTrial[] = [];
  if (stored.size === 0) return found;
  for (const [index, { wanted, done }] of of.units) {
    const job = opened.plan.jobs[index]!;
    const { space, planned } = opened.experiments.find((each) => each.planned.name === job.experiment)!;
    let tried = 0;
    for (const unit of bitsOf(wanted)) {
      if (unit < 8 * done.length && hasBit(done, unit)) continue;
      tried += 1;
      if (tried > triedMax) break;
      const checkpoint = stored.get(idOfUnit({ job, unit, space, replicates: planned.replicates }));
      if (checkpoint === undefined) continue;
      const { condition, replicate } = coordinatesOf(job, unit);
      const { experiment, stage } = job;
      found.push({
        ...checkpoint,
        experiment,
        stage,
        condition: conditionOfUnit(job, condition, space),
        replicate,
      });
    }
  }
  return found;
}
