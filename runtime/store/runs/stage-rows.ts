// The units of an earlier stage that serve the trials which a run planned, for the rows of series that the stage recorded. A unit of a
// stage serves several trials: its rows are counted once, under the parameters that the stage uses.
import { bitmapOf, bitsOf, countBits, hasBit, setBit } from "../../plan/bitmap.ts";
import type { OpenedExperiment } from "../../plan/opened-plan.ts";
import type { Job } from "../../plan/plan.ts";
import { picked, unitServing } from "../../plan/projection.ts";
import { unitCountOf } from "../../plan/units.ts";
import type { StageUnits } from "../../record/trial-table.ts";
import type { JobLedger } from "../ledger/job-ledger.ts";
import type { PlannedTrials, TableRows } from "./planned-rows.ts";
import { countedTableRows, tableRowsOf } from "./planned-rows.ts";

/** A stage whose units have recorded rows of series. */
export interface RecordingStage {
  readonly job: Job;
  readonly ledger: JobLedger;
  /** Its units; `conditionOf` is the first planned condition that the unit serves. */
  readonly planned: PlannedTrials;
}

/** The stages of an experiment that recorded rows of any series that passes. */
export function recordingStagesOf(
  { experiment, planned }: { readonly experiment: OpenedExperiment; readonly planned: PlannedTrials },
  ledgerOf: (job: Job) => JobLedger,
  isWanted: (series: string) => boolean,
): readonly RecordingStage[] {
  if (!Object.keys(experiment.planned.series).some(isWanted)) return [];
  return experiment.jobs.slice(0, -1).flatMap(({ job }) => {
    const ledger = ledgerOf(job);
    if (!hasSeries(ledger, isWanted)) return [];
    return [{ job, ledger, planned: servingUnitsOf(experiment, planned, job) }];
  });
}

function hasSeries(ledger: JobLedger, isWanted: (series: string) => boolean): boolean {
  for (const { batch } of ledger.counted())
    if (batch.hasExtras && (batch.json().series ?? []).some(({ name }) => isWanted(name))) return true;
  return false;
}

function servingUnitsOf(experiment: OpenedExperiment, planned: PlannedTrials, job: Job): PlannedTrials {
  const serving = unitServing(job, experiment.space);
  const unitCount = unitCountOf(job);
  const wanted = bitmapOf(unitCount);
  const first = new Int32Array(job.conditions).fill(-1);
  for (const trial of planned.units()) {
    const condition = planned.conditionOf(trial);
    const unit = serving(planned.rawConditions[condition]!, planned.replicateOf(trial));
    setBit(wanted, unit);
    if (first[unit % job.conditions]! < 0) first[unit % job.conditions] = condition;
  }
  return {
    ...planned,
    count: countBits(wanted),
    unitCount,
    has: (unit) => hasBit(wanted, unit),
    conditionOf: (unit) => first[unit % job.conditions]!,
    replicateOf: (unit) => Math.floor(unit / job.conditions),
    units: () => bitsOf(wanted),
  };
}

/** The stage's units as a table. */
export function stageUnitsOf(
  { job, planned, ledger }: RecordingStage,
  { space }: OpenedExperiment,
): { readonly units: StageUnits; readonly tableRows: TableRows } {
  const tableRows = tableRowsOf(planned);
  const outcome = new Uint8Array(planned.count);
  ledger.visit((counted) => {
    const rows = countedTableRows(counted, tableRows);
    for (let index = 0; index < counted.count; index += 1)
      if (rows[index]! >= 0) outcome[rows[index]!] = counted.batch.outcome[counted.rows[index]!]!;
  });
  const uses = job.per === "build" ? [] : job.uses;
  return {
    tableRows,
    units: {
      stage: job.stage,
      factors: factorsUsed(
        space.factors.map(({ name }) => name),
        uses,
      ),
      conditions: planned.conditions.map((condition) => picked(condition, uses)),
      condition: tableRows.condition,
      replicate: tableRows.replicate,
      outcome,
    },
  };
}

/** Those of `factors` that a stage uses. */
export function factorsUsed(factors: readonly string[], uses: Job["uses"]): readonly string[] {
  return uses === "all" ? factors : factors.filter((name) => uses.includes(name));
}
