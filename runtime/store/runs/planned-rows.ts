// The trials of an experiment that a run planned, replicate-major: which units they are, and the rows of a table they make.

import { bitsOf, countBits, hasBit } from "../../plan/bitmap.ts";
import type { OpenedExperiment, OpenedPlan } from "../../plan/opened-plan.ts";
import { trialOf } from "../../plan/opened-plan.ts";
import type { Job } from "../../plan/plan.ts";
import { type ReplicateCaps, select } from "../../plan/selection.ts";
import { unitCountOf } from "../../plan/units.ts";
import type { CountedRows } from "../ledger/job-ledger.ts";
import type { RunManifest } from "../store.ts";

export interface PlannedTrials {
  readonly count: number;
  /** Admitted conditions, in order. */
  readonly conditions: readonly Readonly<Record<string, unknown>>[];
  /** The raw index of each of `conditions`, by which units are numbered. */
  readonly rawConditions: readonly number[];
  /** Units of the trial's job, planned or not: replicate * conditionsRaw + raw condition. */
  readonly unitCount: number;
  /** Whether the run planned a unit. */
  has(unit: number): boolean;
  /** Index in `conditions` of a planned unit's condition. */
  conditionOf(unit: number): number;
  replicateOf(unit: number): number;
  /** Planned units in ascending order. */
  units(): Iterable<number>;
}

/** What a stopping rule's replicates are counted from while its run goes on. */
interface Ledgers {
  ledgerOf(
    plan: OpenedPlan["plan"],
    job: Job,
    options: { readonly run: RunManifest },
  ): { readonly done: Uint8Array };
}

/** The number of replicates of each experiment with a stopping rule: as it was decided; before that, as far as any trial is recorded. */
export function replicateCapsOf(store: Ledgers, run: RunManifest, opened: OpenedPlan): ReplicateCaps {
  const caps = new Map<string, number>();
  const { limit, filter } = run.selection;
  for (const experiment of opened.experiments) {
    const { name, replicates } = experiment.planned;
    if (replicates.until === null || !run.experiments.includes(name)) continue;
    const decided = run.stopping?.[name];
    if (decided !== undefined && decided.reason !== "open") {
      caps.set(name, decided.replicates);
      continue;
    }
    // Who says which trials to run has put the rule out of force.
    if (limit !== null || filter.replicate !== undefined) continue;
    const { job } = trialOf(experiment);
    const { done } = store.ledgerOf(opened.plan, job, { run });
    let replicate = job.replicates;
    while (
      replicate > replicates.until.min &&
      !hasAny(done, (replicate - 1) * job.conditions, replicate * job.conditions)
    )
      replicate -= 1;
    caps.set(name, replicate);
  }
  return caps;
}

function hasAny(bits: Uint8Array, from: number, to: number): boolean {
  for (let unit = from; unit < to; unit += 1) if (hasBit(bits, unit)) return true;
  return false;
}

/** The experiments of a run that it planned trials of, each with its trials. */
export function plannedTrialsOf(
  store: Ledgers,
  run: RunManifest,
  opened: OpenedPlan,
): readonly { readonly experiment: OpenedExperiment; readonly planned: PlannedTrials }[] {
  const selected = select(
    opened,
    { experiments: run.experiments, ...run.selection },
    replicateCapsOf(store, run, opened),
  );
  if ("problems" in selected) throw new Error(`the selection of ${run.id} does not fit its plan`);
  return opened.experiments.flatMap((experiment) => {
    const wanted = selected.wanted.get(trialOf(experiment).index);
    return wanted === undefined ? [] : [{ experiment, planned: trialsOf(experiment, wanted) }];
  });
}

function trialsOf(experiment: OpenedExperiment, wanted: Uint8Array): PlannedTrials {
  const { space } = experiment;
  const { job } = trialOf(experiment);
  const conditions: Readonly<Record<string, unknown>>[] = [];
  const rawConditions: number[] = [];
  const numberOf = new Int32Array(job.conditions).fill(-1);
  for (let index = 0; index < job.conditions; index += 1) {
    if (space.filtered && !space.admits(index)) continue;
    numberOf[index] = conditions.length;
    conditions.push(space.at(index));
    rawConditions.push(index);
  }
  return {
    count: countBits(wanted),
    conditions,
    rawConditions,
    unitCount: unitCountOf(job),
    has: (unit) => hasBit(wanted, unit),
    conditionOf: (unit) => numberOf[unit % job.conditions]!,
    replicateOf: (unit) => Math.floor(unit / job.conditions),
    units: () => bitsOf(wanted),
  };
}

/** Rows of a table of planned trials. */
export interface TableRows {
  /** By row: index in `conditions`. */
  readonly condition: Uint32Array;
  readonly replicate: Uint32Array;
  /** The row of a unit; -1 for a unit that the run did not plan. */
  rowOf(unit: number): number;
}

export function tableRowsOf(planned: PlannedTrials): TableRows {
  const { count, unitCount } = planned;
  const condition = new Uint32Array(count);
  const replicate = new Uint32Array(count);
  const rowByUnit = count === unitCount ? null : new Int32Array(unitCount).fill(-1);
  let row = 0;
  for (const unit of planned.units()) {
    condition[row] = planned.conditionOf(unit);
    replicate[row] = planned.replicateOf(unit);
    if (rowByUnit !== null) rowByUnit[unit] = row;
    row += 1;
  }
  return { condition, replicate, rowOf: (unit) => (rowByUnit === null ? unit : rowByUnit[unit]!) };
}

/** Table rows of the counted rows, -1 where the run planned none. */
export function countedTableRows({ count, units }: CountedRows, placed: TableRows): Int32Array {
  const tableRows = new Int32Array(count);
  for (let index = 0; index < count; index += 1) tableRows[index] = placed.rowOf(units[index]!);
  return tableRows;
}
