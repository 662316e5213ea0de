// The store's interfaces in memory, for tests of what runs on top of them: a ledger that keeps batches, a journal, checkpoints,
// artifacts and logs. Of several records of a unit the same counts as in the store on disk.

import { createHash } from "node:crypto";
import { bitmapOf, hasBit, setBit } from "../plan/bitmap.ts";
import { reasonCodes } from "../record/batch-layout.ts";
import { type MetricCodings, recordsOf } from "../record/batch-records.ts";
import { isFailure, isUnfinished, outcomeCodes } from "../record/outcome.ts";
import { type CallAttempts, noAttempts } from "../record/port-calls.ts";
import { readBatch } from "../record/record-batch.ts";
import type { TrialRecord } from "../record/trial-record.ts";
import type { ArtifactStore } from "../store/kept/artifacts.ts";
import type { LogLine, TrialLog } from "../store/kept/trial-log.ts";
import type { UnitFailures } from "../store/ledger/job-ledger.ts";
import type {
  CheckpointStore,
  EffectIntent,
  EffectJournal,
  JobRecords,
  KeptFailure,
  LedgerWriter,
} from "../store/store.ts";

export interface MemoryStore {
  readonly ledger: LedgerWriter;
  readonly journal: EffectJournal;
  readonly checkpoints: CheckpointStore;
  readonly artifacts: Pick<ArtifactStore, "put" | "draft"> & { readonly bytes: Map<string, Uint8Array> };
  readonly logs: Pick<TrialLog, "append"> & { readonly lines: LogLine[] };
  /** Every batch appended, in order. */
  readonly batches: Uint8Array[];
  /** Journal entries by trial and key. */
  readonly effects: Map<string, MemoryEffect>;
  readonly saved: Map<string, Uint8Array>;
  recordsOf(job: number, metrics: MetricCodings): JobRecords;
  /** All records of a job in unit order; one a unit, the one that counts. */
  records(job: number, metrics: MetricCodings): TrialRecord[];
  /** How many rows were appended for each unit of a job. */
  rowsByUnit(job: number): ReadonlyMap<number, number>;
}

export interface MemoryEffect extends Omit<EffectIntent, "requestHash"> {
  /** Null for a pinned answer. */
  readonly requestHash: string | null;
  readonly idempotencyKey: string;
  answer: {
    readonly response: unknown;
    readonly usage: Readonly<Record<string, number>>;
    readonly isReused: boolean;
    readonly attempts: CallAttempts;
  } | null;
  failure: (KeptFailure & { readonly after: number }) | null;
  isSent: boolean;
}

/** An empty store. */
export function memoryStore(): MemoryStore {
  const batches: Uint8Array[] = [];
  const effects: MemoryStore["effects"] = new Map();
  const saved = new Map<string, Uint8Array>();
  const artifacts = new Map<string, Uint8Array>();
  const lines: LogLine[] = [];

  const records = (job: number, metrics: MetricCodings): TrialRecord[] => {
    const byUnit = new Map<number, TrialRecord>();
    for (const bytes of batches) {
      const batch = readBatch(bytes);
      if (batch.job !== job) continue;
      for (const record of recordsOf(batch, metrics))
        if (givesWay(byUnit.get(record.unit), record)) byUnit.set(record.unit, record);
    }
    return [...byUnit.values()].sort((a, b) => a.unit - b.unit);
  };

  const attempts = (job: number, metrics: MetricCodings, unit: number): TrialRecord[] =>
    batches
      .map((bytes) => readBatch(bytes))
      .filter((batch) => batch.job === job)
      .flatMap((batch) => recordsOf(batch, metrics).filter((record) => record.unit === unit));

  const put = (bytes: Uint8Array, expected?: string): string => {
    const hash = createHash("sha256").update(bytes).digest("hex");
    if (expected !== undefined && expected !== hash)
      throw new RangeError(`bytes of ${hash} came as ${expected}`);
    artifacts.set(hash, bytes.slice());
    return hash;
  };

  return {
    batches,
    effects,
    saved,
    ledger: {
      append: (batch) => void batches.push(batch.slice()),
      sync: async () => undefined,
      close: async () => undefined,
    },
    journal: memoryJournal(effects),
    checkpoints: {
      save: async (trial, state) => void saved.set(trial, state.slice()),
      load: async (trial) => saved.get(trial) ?? null,
      remove: async (trial) => void saved.delete(trial),
    },
    artifacts: {
      bytes: artifacts,
      async draft() {
        const parts: Uint8Array[] = [];
        return {
          append: async (part) => void parts.push(part.slice()),
          keep: async (expected) => put(Buffer.concat(parts), expected),
          drop: async () => void parts.splice(0),
        };
      },
      put: async (bytes, expected) => put(bytes, expected),
    },
    logs: { lines, append: (line) => void lines.push(line) },
    records,
    recordsOf: (job, metrics) => jobRecordsOf(records(job, metrics), (unit) => attempts(job, metrics, unit)),
    rowsByUnit(job) {
      const rows = new Map<number, number>();
      for (const bytes of batches) {
        const batch = readBatch(bytes);
        if (batch.job === job) for (const unit of batch.unit) rows.set(unit, (rows.get(unit) ?? 0) + 1);
      }
      return rows;
    },
  };
}

/** What is unfinished gives way to any later record, a failure to what is none: as in the ledger on disk. */
function givesWay(before: TrialRecord | undefined, after: TrialRecord): boolean {
  if (before === undefined) return true;
  const [from, to] = [before, after].map(({ result }) => outcomeCodes[result.outcome.kind]);
  return isUnfinished(from!) || (isFailure(from!) && !isFailure(to!) && !isUnfinished(to!));
}

function memoryJournal(effects: MemoryStore["effects"]): EffectJournal {
  const entryOf = (trial: string, key: string): string => JSON.stringify([trial, key]);
  const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  const intentsOf = (trial: string): number =>
    [...effects.values()].filter((each) => each.trial === trial).length;
  const failureOf = (trial: string, { failure }: MemoryEffect): KeptFailure | null => {
    if (failure === null) return null;
    const { message, usage, attempts, isActedOn, after } = failure;
    return { message, usage, attempts, isActedOn: isActedOn && intentsOf(trial) > after };
  };
  return {
    lookup(trial, key) {
      const entry = effects.get(entryOf(trial, key));
      if (entry === undefined) return { kind: "new" };
      const { requestHash, idempotencyKey, answer, isSent } = entry;
      if (answer === null) {
        const failure = failureOf(trial, entry);
        return { kind: "in-doubt", idempotencyKey, requestHash, isSent, failure };
      }
      return { kind: "response", requestHash, ...answer };
    },
    requestOf: (trial, key) => effects.get(entryOf(trial, key)) ?? null,
    async intend(intent) {
      const { trial, key } = intent;
      const before = effects.get(entryOf(trial, key));
      const idempotencyKey = before?.answer === null ? before.idempotencyKey : `call-${effects.size + 1}`;
      effects.set(entryOf(trial, key), {
        ...intent,
        idempotencyKey,
        answer: null,
        failure: null,
        isSent: true,
      });
      return idempotencyKey;
    },
    async respond({ trial, key, response, usage, attempts }) {
      const entry = effects.get(entryOf(trial, key));
      if (entry === undefined) throw new Error(`a response without an intent: ${trial} ${key}`);
      entry.answer = { response: copyOf(response), usage, attempts: attempts ?? noAttempts, isReused: false };
    },
    async fail({ trial, key, message, usage, attempts = noAttempts }) {
      const entry = effects.get(entryOf(trial, key));
      if (entry === undefined) throw new Error(`a failure without an intent: ${trial} ${key}`);
      entry.failure = { message, usage, attempts, isActedOn: true, after: intentsOf(trial) };
    },
    async withdraw({ trial, key }) {
      const entry = effects.get(entryOf(trial, key));
      if (entry !== undefined) entry.isSent = false;
    },
    async pin({ trial, key, kind, request, response, failure: message }) {
      if (effects.has(entryOf(trial, key))) return;
      const of = { trial, key, kind, request, requestHash: null, reuseKey: "", idempotencyKey: "" };
      const took = { usage: {}, attempts: noAttempts };
      const failure = message === null ? null : { message, ...took, isActedOn: true, after: -1 };
      const answer = message === null ? { response: copyOf(response), ...took, isReused: true } : null;
      effects.set(entryOf(trial, key), { ...of, answer, failure, isSent: false });
    },
    async reopen(trial) {
      for (const entry of effects.values())
        if (entry.trial === trial && entry.failure !== null && entry.requestHash !== null)
          entry.failure = { ...entry.failure, isActedOn: false };
    },
    reusable(reuseKey) {
      const found = [...effects.values()].filter(
        (each) => each.reuseKey === reuseKey && each.answer !== null,
      );
      return found.at(-1)?.answer ?? null;
    },
    async adopt(intent, response) {
      const answer = { response: copyOf(response), usage: {}, attempts: noAttempts, isReused: true };
      effects.set(entryOf(intent.trial, intent.key), {
        ...intent,
        idempotencyKey: "",
        answer,
        failure: null,
        isSent: true,
      });
    },
  };
}

function failuresIn(attempts: readonly TrialRecord[]): UnitFailures {
  const failed = attempts.flatMap(({ result: { outcome }, telemetry }) =>
    outcome.kind === "failed" ? [{ reason: reasonCodes[outcome.reason], attempt: telemetry.attempt }] : [],
  );
  return { count: failed.length, ...failed.at(-1)! };
}

function jobRecordsOf(records: readonly TrialRecord[], attempts: JobRecords["attempts"]): JobRecords {
  const done = bitmapOf(1 + (records.at(-1)?.unit ?? -1));
  const notMeasured = new Map<number, number>();
  const failures = new Map<number, UnitFailures>();
  const interrupted = new Map<number, number>();
  for (const { unit, result } of records) {
    const code = outcomeCodes[result.outcome.kind];
    if (isUnfinished(code)) interrupted.set(unit, code);
    else {
      setBit(done, unit);
      if (code !== outcomeCodes.measured) notMeasured.set(unit, code);
      if (result.outcome.kind === "failed") failures.set(unit, failuresIn(attempts(unit)));
    }
  }
  return {
    done,
    doneCount: records.filter(({ unit }) => hasBit(done, unit)).length,
    notMeasured,
    failures,
    interrupted,
    orphanedRows: 0,
    outdated: { rows: 0, by: [] },
    damage: [],
    attempts,
    async *read(units) {
      const asked = units === undefined ? null : new Set(units);
      for (const record of records) if (asked === null || asked.has(record.unit)) yield record;
    },
    async values(units) {
      const asked = new Set(units);
      const measured = records.filter(
        ({ unit, result }) => asked.has(unit) && result.outcome.kind === "measured",
      );
      return new Map(measured.map(({ unit, result }) => [unit, result.value]));
    },
  };
}
