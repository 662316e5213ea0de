// Every trial that a run planned with what became of it, one after another: what a manifest and a result record are written from.
import { conditionKeyOf } from "../../../lib/experiment/space/condition-key.ts";
import { conditionHashOf, replicateSeedOf, seedKeyOf } from "../../../lib/random/seed-of.ts";
import { type OpenedExperiment, type OpenedPlan, trialOf } from "../../plan/opened-plan.ts";
import type { JobId, TrialId } from "../../plan/plan.ts";
import { isSimulated, simulationIdOf } from "../../plan/simulation-id.ts";
import { conditionOfUnit, idOfUnit } from "../../plan/trial-id.ts";
import { coordinatesOf } from "../../plan/units.ts";
import { isUnfinished, type OutcomeKind } from "../../record/outcome.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import type { ProjectStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { type PlannedTrials, plannedTrialsOf } from "./planned-rows.ts";

/**
 * What became of a trial. Pending: nothing is recorded of it yet. Prepared: handed to a worker, behind others. Running: the first of what a
 * worker was handed that has not ended.
 */
export type TrialStatus =
  | "pending"
  | "prepared"
  | "running"
  | "completed"
  | "failed"
  | "refused"
  | "censored"
  | "cancelled";

/** Units that are with a worker now, by job. */
export type UnitsUnderWay = ReadonlyMap<JobId, ReadonlyMap<number, "prepared" | "running">>;

export interface RecordedTrial {
  readonly id: TrialId;
  /** What an orchestrator knows it by; its id where none simulates it. */
  readonly simulation: string;
  /** Index of its condition among those that the design admits, as `lab export csv` has it. */
  readonly condition: number;
  /** 0-based. */
  readonly replicate: number;
  /** uint32: what the trial was handed as `replicate.seed`. */
  readonly seed: number;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly status: TrialStatus;
  /** Null while nothing is recorded. */
  readonly record: TrialRecord | null;
}

export interface RecordedExperiment {
  readonly experiment: OpenedExperiment;
  readonly planned: PlannedTrials;
  /** In order of replicate, then condition: all planned ones, or those of the given units, which are planned ones in ascending order. */
  trials(units?: Iterable<number>): AsyncIterable<RecordedTrial>;
}

const statusByOutcome: Readonly<Record<OutcomeKind, TrialStatus>> = {
  measured: "completed",
  failed: "failed",
  refused: "refused",
  censored: "censored",
  cancelled: "cancelled",
  "budget-stopped": "cancelled",
};

/** By what is recorded (null: nothing), and whether it is with a worker: what was interrupted runs again, all else that is recorded stands. */
export function trialStatusOf(
  recorded: OutcomeKind | null,
  underWay: "prepared" | "running" | undefined,
): TrialStatus {
  if (recorded === null) return underWay ?? "pending";
  const ended = statusByOutcome[recorded];
  return isUnfinished(recorded) ? (underWay ?? ended) : ended;
}

/** The experiments of a run that it planned trials of; what is recorded of a trial counts before its being under way. */
export async function recordedExperiments(
  store: ProjectStore,
  run: RunManifest,
  underWay: UnitsUnderWay,
): Promise<readonly RecordedExperiment[]> {
  const opened = store.openPlan(await store.planOf(run));
  return plannedTrialsOf(store, run, opened).map(({ experiment, planned }) => ({
    experiment,
    planned,
    trials(given) {
      const listed = given === undefined ? null : [...given];
      const units = (): Iterable<number> => listed ?? planned.units();
      return trialsOf({ store, run, opened, experiment, planned, underWay, units });
    },
  }));
}

async function* trialsOf(of: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly opened: OpenedPlan;
  readonly experiment: OpenedExperiment;
  readonly planned: PlannedTrials;
  readonly underWay: UnitsUnderWay;
  readonly units: () => Iterable<number>;
}): AsyncIterable<RecordedTrial> {
  const { store, run, opened, experiment, planned } = of;
  const { job } = trialOf(experiment);
  const own = of.underWay.get(job.id);
  const { space } = experiment;
  const { replicates } = experiment.planned;
  const records = await store.recordsOf(opened.plan, job, { run });
  const read = records.read(of.units())[Symbol.asyncIterator]();
  let next = await read.next();
  const isAsked = isSimulated(experiment.planned);
  const project = run.simulations ?? null;
  for (const unit of of.units()) {
    let record: TrialRecord | null = null;
    if (!next.done && next.value.unit === unit) {
      record = next.value;
      next = await read.next();
    }
    const replicate = planned.replicateOf(unit);
    const condition = planned.conditionOf(unit);
    const id = idOfUnit({ job, unit, space, replicates });
    const attempt = record?.telemetry.extras?.simulationAttempt ?? 1;
    yield {
      id,
      simulation: isAsked ? simulationIdOf(id, { project, attempt }) : id,
      condition,
      replicate,
      seed: seedOf(experiment, unit),
      parameters: planned.conditions[condition]!,
      status: trialStatusOf(record?.result.outcome.kind ?? null, own?.get(unit)),
      record,
    };
  }
}

/** As the worker computes it for `replicate.seed`. */
function seedOf({ planned, space, jobs }: OpenedExperiment, unit: number): number {
  const { job } = jobs.at(-1)!;
  const { condition, replicate } = coordinatesOf(job, unit);
  const { seeds, seed: root, pairing } = planned.replicates;
  const listed = seeds?.[replicate];
  if (listed !== undefined) return listed;
  const seen = conditionOfUnit(job, condition, space) ?? {};
  const hash32 = pairing === "common-random-numbers" ? 0 : conditionHashOf(conditionKeyOf(seen))[0];
  const salt = job.seedSalts?.[condition] ?? 0;
  return replicateSeedOf(seedKeyOf({ root, experiment: planned.name }), { hash32, replicate, salt });
}
