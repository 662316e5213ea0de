// What units draw on from earlier jobs, read from the store once the needed job is complete, and put together for each lease.
import type { NeededRow } from "../../../../lib/experiment/trial-context.ts";
import { coordinatesOf } from "../../../plan/units.ts";
import type { UnitRanges } from "../../../schedule/unit-ranges.ts";
import { unitsOf } from "../../../schedule/unit-ranges.ts";
import type { JobRecords } from "../../../store/store.ts";
import type { LeaseInput } from "../../protocol/protocol.ts";
import type { PlannedJob, PlannedNeed } from "../jobs/planned-jobs.ts";
import { type SourceNotesOptions, sourceNotesOf } from "../jobs/source-notes.ts";

/** Values of one needed job kept in memory at most; beyond, they are read again. */
const valuesKept = 10_000;

/** A unit that draws on a unit without a recorded value. */
export class MissingInput extends Error {
  readonly unit: number;
  constructor(unit: number, message: string) {
    super(message);
    this.name = "MissingInput";
    this.unit = unit;
  }
}

export interface LeaseInputs {
  /** Before the first of a job that draws on other experiments, notes what it draws on. Throws MissingInput. */
  inputsOf(job: PlannedJob, units: UnitRanges): Promise<readonly LeaseInput[]>;
}

export function leaseInputsOf(
  options: SourceNotesOptions & {
    readonly jobs: readonly PlannedJob[];
    /** The records of a job, with everything that was appended so far. */
    readonly recordsOf: (job: number) => Promise<JobRecords>;
  },
): LeaseInputs {
  const { jobs } = options;
  const records = new Map<number, Promise<JobRecords>>();
  const kept = new Map<number, Map<number, unknown>>();
  const rows = new Map<number, Promise<readonly NeededRow[]>>();
  const notes = sourceNotesOf({ ...options, recordsOf });

  return {
    async inputsOf(job, units) {
      await notes.noted(job);
      return Promise.all(job.needs.map((need) => inputOf(job, need, units)));
    },
  };

  async function inputOf(job: PlannedJob, need: PlannedNeed, units: UnitRanges): Promise<LeaseInput> {
    if (need.unitOf === null) return { input: need.input, values: [await rowsOf(need.job)], of: "same" };
    const order = new Map<number, number>();
    const of: number[] = [];
    for (const unit of unitsOf(units)) {
      const needed = need.unitOf(unit);
      const position = order.get(needed) ?? order.size;
      order.set(needed, position);
      of.push(position);
    }
    const values = await valuesOf(need.job, [...order.keys()]);
    for (const unit of unitsOf(units)) {
      if (!values.has(need.unitOf(unit)))
        throw new MissingInput(
          unit,
          `needs the value of ${job.experiment.planned.name}/${jobs[need.job]?.job.stage}, which was not recorded`,
        );
    }
    return {
      input: need.input,
      values: [...order.keys()].map((needed) => values.get(needed)),
      of: order.size === 1 ? "same" : of,
    };
  }

  async function valuesOf(job: number, units: readonly number[]): Promise<ReadonlyMap<number, unknown>> {
    let known = kept.get(job);
    if (known === undefined || known.size > valuesKept) {
      known = new Map();
      kept.set(job, known);
    }
    const unknown = units.filter((unit) => !known.has(unit));
    if (unknown.length > 0) {
      let read = await (await recordsOf(job)).values(unknown);
      if (read.size < unknown.length) {
        // Units may have been added to the needed job, and recorded, since its records were read.
        records.delete(job);
        read = await (await recordsOf(job)).values(unknown);
      }
      for (const [unit, value] of read) known.set(unit, value);
    }
    return known;
  }

  /** A needed job is complete before any unit that draws on it is leased, so its records are read once unless units are added. */
  function recordsOf(job: number): Promise<JobRecords> {
    const reading = records.get(job) ?? options.recordsOf(job);
    records.set(job, reading);
    return reading;
  }

  function rowsOf(job: number): Promise<readonly NeededRow[]> {
    const reading = rows.get(job) ?? readRows(job);
    rows.set(job, reading);
    return reading;
  }

  async function readRows(index: number): Promise<readonly NeededRow[]> {
    const planned = jobs[index];
    if (planned === undefined) throw new RangeError(`the plan has no job ${index}`);
    const { job, experiment } = planned;
    const read: NeededRow[] = [];
    for await (const record of (await recordsOf(index)).read()) {
      // Only what was measured: a row without metrics would be read as data.
      if (record.result.outcome.kind !== "measured") continue;
      const { condition, replicate } = coordinatesOf(job, record.unit);
      const parameters = experiment.space.at(condition);
      read.push({ parameters, replicate, metrics: record.result.metrics });
    }
    return read;
  }
}
