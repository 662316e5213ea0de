// The records of a job as the rest of the runtime asks for them: all or some units, in unit order. Batches are read again from their
// segments as they are needed; only where each record lies is kept.
import { closeSync } from "node:fs";
import { recordsOf } from "../../record/batch-records.ts";
import { readBatch } from "../../record/record-batch.ts";
import type { TrialRecord } from "../../record/trial-record.ts";
import { openStored } from "../files/stored-file.ts";
import type { JobRecords } from "../store.ts";
import { framesOf, readFrameAt } from "./frame-scan.ts";
import type { JobLedger, LedgerSource } from "./job-ledger.ts";

/** `job` is the index in the plan at hand, which records are given. */
export function jobRecordsOf(ledger: JobLedger, job: number): JobRecords {
  const { done, doneCount, notMeasured, failures, interrupted, orphanedRows, outdated, damage } = ledger;
  return {
    done,
    doneCount,
    notMeasured,
    failures,
    interrupted,
    orphanedRows,
    outdated,
    damage,
    async *read(units) {
      yield* readInOrder(ledger, job, units);
    },
    attempts: (unit) => [...attemptsOf(ledger, job, unit)],
    async values(units) {
      const values = new Map<number, unknown>();
      for (const { unit, result } of readInOrder(ledger, job, units))
        if ("value" in result) values.set(unit, result.value);
      return values;
    },
  };
}

function* attemptsOf(ledger: JobLedger, job: number, unit: number): Generator<TrialRecord> {
  for (const { segment, jobs, end, experiment } of ledger.sources) {
    const wanted = { wants: (header: { readonly job: number }) => jobs.has(header.job) };
    for (const { payload, header } of framesOf(segment.path, segment.start, wanted, end ?? undefined)) {
      const batch = readBatch(payload);
      const mapping = jobs.get(header.job) ?? null;
      const rows = [...batch.unit.keys()].filter((row) => {
        const own = batch.unit[row]!;
        return (mapping === null ? own : mapping(own)) === unit;
      });
      for (const record of recordsOf(batch, experiment.metrics, rows)) yield { ...record, job, unit };
    }
  }
}

interface FramePlace {
  readonly source: LedgerSource;
  readonly offset: number;
  /** Row to unit, of the wanted rows. */
  readonly units: Map<number, number>;
}

function* readInOrder(
  ledger: JobLedger,
  job: number,
  units: Iterable<number> | undefined,
): Generator<TrialRecord> {
  const wanted = units === undefined ? null : new Set(units);
  if (wanted !== null && wanted.size === 0) return;
  const frameOfUnit = new Map<number, FramePlace>();
  ledger.visit(({ count, rows, units: placed, source, offset }) => {
    const frame: FramePlace = { source, offset, units: new Map() };
    for (let index = 0; index < count; index += 1) {
      const unit = placed[index]!;
      if (wanted !== null && !wanted.has(unit)) continue;
      frame.units.set(rows[index]!, unit);
      frameOfUnit.set(unit, frame);
    }
  });
  const files = new Map<string, number>();
  const decoded = new Map<FramePlace, Map<number, TrialRecord>>();
  try {
    for (const unit of Uint32Array.from(frameOfUnit.keys()).sort()) {
      const frame = frameOfUnit.get(unit)!;
      let records = decoded.get(frame);
      if (records === undefined) {
        records = decode(frame, job, fileOf(files, frame.source.segment.path));
        decoded.set(frame, records);
      }
      yield records.get(unit)!;
      records.delete(unit);
      if (records.size === 0) decoded.delete(frame);
    }
  } finally {
    for (const file of files.values()) closeSync(file);
  }
}

function fileOf(files: Map<string, number>, path: string): number {
  let file = files.get(path);
  if (file === undefined) {
    file = openStored(path);
    files.set(path, file);
  }
  return file;
}

function decode(frame: FramePlace, job: number, file: number): Map<number, TrialRecord> {
  const batch = readBatch(readFrameAt(file, frame.offset));
  const metrics = frame.source.experiment.metrics;
  const units = [...frame.units.values()];
  return new Map(
    recordsOf(batch, metrics, frame.units.keys()).map((record, index) => {
      const unit = units[index]!;
      return [unit, { ...record, job, unit }] as const;
    }),
  );
}
