// All that is recorded of one job, found over the segments that hold it: which units are done, and for each the one record that counts.
// The first committed record wins; a failure of the machine gives way to any later record, a failed trial to a later outcome.

import { bitmapOf, hasBit, setBit } from "../../plan/bitmap.ts";
import { hasMeasurement, isFailure, isUnfinished, outcomeCodes } from "../../record/outcome.ts";
import type { RecordBatch } from "../../record/record-batch.ts";
import { readBatch } from "../../record/record-batch.ts";
import type { Damage, FrameVisitor } from "./frame-scan.ts";
import { framesOf, scanFrames } from "./frame-scan.ts";
import { type Expected, OutdatedBatches } from "./outdated-batches.ts";
import type { Segment, SegmentExperiment } from "./segment.ts";
import type { UnitMapping } from "./unit-mapping.ts";

/** A segment that holds records of the job. */
export interface LedgerSource {
  readonly segment: Segment;
  /** Byte at which to stop; null for all that is there. */
  readonly end: number | null;
  /** The job's numbers in the segment (its own, and those of identities accepted as equal), with the way to the plan's units. */
  readonly jobs: ReadonlyMap<number, UnitMapping | null>;
  /** The experiment as the segment knows it. */
  readonly experiment: SegmentExperiment;
}

/** Rows of one batch that count, with their unit numbers in the plan at hand. The arrays are used again: copy what must stay. */
export interface CountedRows {
  readonly batch: RecordBatch;
  /** How many of `rows` and `units` are filled. */
  readonly count: number;
  readonly rows: Uint32Array;
  readonly units: Uint32Array;
  readonly source: LedgerSource;
  /** Byte of the segment at which the batch's frame starts. */
  readonly offset: number;
}

/** The failed attempts of a unit that are recorded. */
export interface UnitFailures {
  readonly count: number;
  /** Of the last of them: code of its reason, and its number as it was recorded. */
  readonly reason: number;
  readonly attempt: number;
}

export interface JobLedger {
  readonly unitCount: number;
  readonly sources: readonly LedgerSource[];
  /** Units with a record that stands. */
  readonly done: Uint8Array;
  readonly doneCount: number;
  /** Of the units done, those whose outcome is not "measured", with its code. */
  readonly notMeasured: ReadonlyMap<number, number>;
  /** Of the units done, those of which the failure stands, with what is known of their attempts. */
  readonly failures: ReadonlyMap<number, UnitFailures>;
  /** Units not done whose last attempt the machine or the operator ended, with the outcome's code. */
  readonly interrupted: ReadonlyMap<number, number>;
  /** Rows recorded for coordinates that the plan at hand does not have. */
  readonly orphanedRows: number;
  /** Rows that were made from rows of other experiments which are others now, and the names of these experiments. */
  readonly outdated: { readonly rows: number; readonly by: readonly string[] };
  readonly damage: readonly Damage[];
  /** Visits the rows that count, batch by batch in the order of commitment; each done or interrupted unit once. Views die after each call. */
  visit(visitor: (rows: CountedRows) => void): void;
  /** The same, one by one, for who cannot take them all at once. */
  counted(): Generator<CountedRows, void>;
}

/** Scans the sources, which are in the order of commitment. */
export function scanJobLedger(
  unitCount: number,
  sources: readonly LedgerSource[],
  expected: Expected | null = null,
): JobLedger {
  const scan = new JobScan(unitCount);
  const outdated = new OutdatedBatches(expected);
  const ended = sources.map((source): LedgerSource => {
    const { segment, jobs } = source;
    const visitor: FrameVisitor = {
      wants: ({ job }) => jobs.has(job),
      frame(payload, { job }) {
        const batch = readBatch(payload);
        if (outdated.has(batch, segment)) scan.outdatedRows += batch.rows;
        else scan.add(batch, jobs.get(job) ?? null);
      },
      damage: (found) => scan.damage.push(found),
    };
    return { ...source, end: scanFrames(segment.path, segment.start, visitor, source.end ?? undefined) };
  });
  const { done, notMeasured, failures } = scan;
  return {
    unitCount,
    sources: ended,
    done,
    doneCount: scan.doneCount,
    notMeasured,
    failures,
    interrupted: new Map(Array.from(scan.interrupted, ([unit, { code }]) => [unit, code])),
    orphanedRows: scan.orphanedRows,
    outdated: { rows: scan.outdatedRows, by: [...outdated.changed] },
    damage: scan.damage,
    visit(visitor) {
      for (const rows of countedRowsOf(scan, ended, expected)) visitor(rows);
    },
    counted: () => countedRowsOf(scan, ended, expected),
  };
}

function* countedRowsOf(
  scan: JobScan,
  sources: readonly LedgerSource[],
  expected: Expected | null,
): Generator<CountedRows, void> {
  const choice = new Choice(scan);
  const outdated = new OutdatedBatches(expected);
  for (const source of sources) {
    const { segment, jobs } = source;
    const frames = framesOf(
      segment.path,
      segment.start,
      { wants: ({ job }) => jobs.has(job) },
      source.end ?? undefined,
    );
    for (const { payload, header, offset } of frames) {
      const batch = readBatch(payload);
      if (outdated.has(batch, segment)) continue;
      const count = choice.choose(batch, jobs.get(header.job) ?? null);
      if (count > 0) yield { batch, count, rows: choice.rows, units: choice.units, source, offset };
    }
  }
}

class JobScan {
  readonly done: Uint8Array;
  doneCount = 0;
  readonly notMeasured = new Map<number, number>();
  readonly failures = new Map<number, UnitFailures>();
  /** With the ordinal, among all machine-ended rows, of the last one. */
  readonly interrupted = new Map<number, { readonly code: number; readonly ordinal: number }>();
  readonly damage: Damage[] = [];
  orphanedRows = 0;
  outdatedRows = 0;
  #ordinal = 0;

  constructor(readonly unitCount: number) {
    this.done = bitmapOf(unitCount);
  }

  add(batch: RecordBatch, mapping: UnitMapping | null): void {
    const { rows, unit: units, outcome: outcomes } = batch;
    const { done, unitCount } = this;
    for (let row = 0; row < rows; row += 1) {
      const unit = mapping === null ? units[row]! : mapping(units[row]!);
      const outcome = outcomes[row]!;
      if (unit < 0 || unit >= unitCount) {
        this.orphanedRows += 1;
        if (isUnfinished(outcome)) this.#ordinal += 1;
        continue;
      }
      const isDone = (done[unit >>> 3]! & (1 << (unit & 7))) !== 0;
      if (!hasMeasurement(outcome))
        this.#addOther(unit, { outcome, reason: batch.reason[row]!, attempt: batch.attempt[row]!, isDone });
      else if (!isDone) {
        done[unit >>> 3]! |= 1 << (unit & 7);
        this.doneCount += 1;
        if (this.interrupted.size > 0) this.interrupted.delete(unit);
      } else if (
        this.notMeasured.size > 0 &&
        isFailure(this.notMeasured.get(unit) ?? outcomeCodes.measured)
      ) {
        this.notMeasured.delete(unit);
        this.failures.delete(unit);
      }
    }
  }

  #addOther(
    unit: number,
    of: Omit<UnitFailures, "count"> & { readonly outcome: number; readonly isDone: boolean },
  ): void {
    if (isUnfinished(of.outcome)) {
      const ordinal = this.#ordinal;
      this.#ordinal += 1;
      if (!of.isDone) this.interrupted.set(unit, { code: of.outcome, ordinal });
      return;
    }
    if (of.isDone) {
      const before = this.notMeasured.get(unit) ?? outcomeCodes.measured;
      if (!isFailure(before)) return;
      if (isFailure(of.outcome)) this.#countFailure(unit, of);
      else {
        this.notMeasured.set(unit, of.outcome);
        this.failures.delete(unit);
      }
      return;
    }
    if (isFailure(of.outcome)) this.#countFailure(unit, of);
    setBit(this.done, unit);
    this.doneCount += 1;
    this.notMeasured.set(unit, of.outcome);
    this.interrupted.delete(unit);
  }

  #countFailure(unit: number, { reason, attempt }: Omit<UnitFailures, "count">): void {
    const count = (this.failures.get(unit)?.count ?? 0) + 1;
    this.failures.set(unit, { count, reason, attempt });
  }
}

/** Picks, in a second pass over the same frames, the rows that the first pass decided for. */
class Choice {
  rows = new Uint32Array(1024);
  units = new Uint32Array(1024);
  readonly #taken: Uint8Array;
  /** Failures met so far of units of which a failure stands: their last one counts. */
  readonly #failures = new Map<number, number>();
  #ordinal = 0;

  constructor(private readonly scan: JobScan) {
    this.#taken = bitmapOf(scan.unitCount);
  }

  choose(batch: RecordBatch, mapping: UnitMapping | null): number {
    if (this.rows.length < batch.rows) {
      this.rows = new Uint32Array(batch.rows);
      this.units = new Uint32Array(batch.rows);
    }
    const taken = this.#taken;
    const { notMeasured, unitCount } = this.scan;
    let count = 0;
    for (let row = 0; row < batch.rows; row += 1) {
      const unit = mapping === null ? batch.unit[row]! : mapping(batch.unit[row]!);
      const outcome = batch.outcome[row]!;
      if (!hasMeasurement(outcome)) {
        if (!this.#isChosen(unit, outcome)) continue;
      } else {
        if (unit < 0 || unit >= unitCount || (taken[unit >>> 3]! & (1 << (unit & 7))) !== 0) continue;
        if (notMeasured.size > 0 && notMeasured.has(unit)) continue;
      }
      taken[unit >>> 3]! |= 1 << (unit & 7);
      this.rows[count] = row;
      this.units[count] = unit;
      count += 1;
    }
    return count;
  }

  #isChosen(unit: number, outcome: number): boolean {
    if (isUnfinished(outcome)) {
      const ordinal = this.#ordinal;
      this.#ordinal += 1;
      return this.scan.interrupted.get(unit)?.ordinal === ordinal;
    }
    if (unit < 0 || unit >= this.scan.unitCount || hasBit(this.#taken, unit)) return false;
    const { notMeasured, failures } = this.scan;
    if (notMeasured.get(unit) !== outcome) return false;
    const last = failures.get(unit);
    if (last === undefined) return true;
    const count = (this.#failures.get(unit) ?? 0) + 1;
    this.#failures.set(unit, count);
    return count === last.count;
  }
}
