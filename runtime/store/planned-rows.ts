// The rows of an experiment's trial table: the trials that a run planned, replicate-major, and the way from unit numbers to rows.

import { bitsOf, countBits } from "../plan/bitmap.ts";
import type { OpenedExperiment, OpenedPlan } from "../plan/opened-plan.ts";
import { trialOf } from "../plan/opened-plan.ts";
import { select } from "../plan/selection.ts";
import { unitCountOf } from "../plan/units.ts";
import type { RunManifest } from "./store.ts";

export interface PlannedRows {
  readonly rows: number;
  /** Admitted conditions, in order. */
  readonly conditions: readonly Readonly<Record<string, unknown>>[];
  /** By row: index in `conditions`. */
  readonly condition: Uint32Array;
  /** By row. */
  readonly replicate: Uint32Array;
  /** The row of a unit; -1 for a unit that the run did not plan. */
  rowOf(unit: number): number;
}

/** The experiments of a run that it planned trials of, each with its rows. */
export function plannedRowsOf(
  run: RunManifest,
  opened: OpenedPlan,
): readonly { readonly experiment: OpenedExperiment; readonly planned: PlannedRows }[] {
  const selected = select(opened, { experiments: run.experiments, ...run.selection });
  if ("problems" in selected) throw new Error(`the selection of ${run.id} does not fit its plan`);
  return opened.experiments.flatMap((experiment) => {
    const wanted = selected.wanted.get(trialOf(experiment).index);
    return wanted === undefined ? [] : [{ experiment, planned: rowsOfUnits(experiment, wanted) }];
  });
}

function rowsOfUnits(experiment: OpenedExperiment, wanted: Uint8Array): PlannedRows {
  const { space } = experiment;
  const { job } = trialOf(experiment);
  const conditions: Readonly<Record<string, unknown>>[] = [];
  const numberOf = new Int32Array(job.conditions).fill(-1);
  for (let index = 0; index < job.conditions; index += 1) {
    if (space.filtered && !space.admits(index)) continue;
    numberOf[index] = conditions.length;
    conditions.push(space.at(index));
  }
  const rows = countBits(wanted);
  const condition = new Uint32Array(rows);
  const replicate = new Uint32Array(rows);
  const units = unitCountOf(job);
  const isWhole = rows === units;
  const rowByUnit = isWhole ? null : new Int32Array(units).fill(-1);
  let row = 0;
  for (const unit of isWhole ? countTo(units) : bitsOf(wanted)) {
    condition[row] = numberOf[unit % job.conditions]!;
    replicate[row] = Math.floor(unit / job.conditions);
    if (rowByUnit !== null) rowByUnit[unit] = row;
    row += 1;
  }
  return {
    rows,
    conditions,
    condition,
    replicate,
    rowOf: (unit) => (rowByUnit === null ? unit : rowByUnit[unit]!),
  };
}

function* countTo(count: number): Generator<number> {
  for (let index = 0; index < count; index += 1) yield index;
}
