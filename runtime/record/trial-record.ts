// What happened to one unit of a job. `result` is what science rests on and is byte-identical for the same build and seed;
// `telemetry` is how it went on this machine and may differ every time.
import type { Outcome } from "./outcome.ts";
import type { PortCalls } from "./port-calls.ts";

/** A metric as stored: numbers and integers as they are, booleans, categories as text; null where missing or not declared measured. */
export type MetricValue = number | boolean | string | null;

/** A named file that a trial left behind, stored by content. */
export interface ArtifactRef {
  readonly name: string;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly hash: string;
  readonly bytes: number;
}

export interface TrialResult {
  readonly outcome: Outcome;
  readonly metrics: Readonly<Record<string, MetricValue>>;
  /** Rows by series name, in the order recorded. */
  readonly series: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  readonly artifacts: readonly ArtifactRef[];
  /** What a stage (not a trial) returned: JSON data; undefined for trials. */
  readonly value?: unknown;
}

export interface TrialTelemetry {
  /** Milliseconds since the epoch, when the unit started on its worker. Null where another tool ran it and nobody knows. */
  readonly startedAt: number | null;
  /** Null where nobody knows. */
  readonly durationMs: number | null;
  /** 1 for the first. */
  readonly attempt: number;
  /** Host and thread, such as "local-1/2". */
  readonly worker: string;
  /** Resident memory of the host in MB when the batch was sealed; 0 if unknown. */
  readonly memoryMb: number;
  /** What else was measured on the way, such as calls, tokens or cost of effects: finite numbers by name. Absent where nothing was. */
  readonly extras?: Readonly<Record<string, number>>;
  /** The account of its calls, one entry a port that it asked; absent where it asked none, and in records made before it was kept. */
  readonly calls?: readonly PortCalls[];
}

export interface TrialRecord {
  /** Index of the job in its plan's `jobs`, and the unit's number within the job. */
  readonly job: number;
  readonly unit: number;
  readonly result: TrialResult;
  readonly telemetry: TrialTelemetry;
}
