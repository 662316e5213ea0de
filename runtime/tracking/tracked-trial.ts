// A trial as tracking tools see it, whatever the tool: parameters as text, metrics as numbers, series as points of numbers. And which trials
// of a run are shown one by one: the first planned ones, so that the same are chosen every time.
import { createHash } from "node:crypto";
import type { PortCalls } from "../record/port-calls.ts";
import type { MetricValue } from "../record/trial-record.ts";
import type { RecordedExperiment, RecordedTrial, TrialStatus } from "../store/runs/recorded-trials.ts";

export interface Point {
  /** Index of the row, from 0. */
  readonly step: number;
  readonly value: number;
}

/** A column of a series that holds numbers. */
export interface Curve {
  readonly series: string;
  readonly column: string;
  readonly points: readonly Point[];
}

export interface TrackedTrial {
  readonly id: string;
  readonly condition: number;
  /** 0-based. */
  readonly replicate: number;
  readonly seed: number;
  readonly status: TrialStatus;
  /** Why it has no measurement; null for one that has. */
  readonly error: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Numbers, yes and no as 1 and 0. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics that are texts. */
  readonly texts: Readonly<Record<string, string>>;
  readonly curves: readonly Curve[];
  /** Rows by series, and how many of them `curves` hold at most. */
  readonly rows: Readonly<Record<string, { readonly recorded: number; readonly shown: number }>>;
  readonly artifacts: readonly { readonly name: string; readonly hash: string }[];
  /** Whole milliseconds since the epoch; null where nobody knows. */
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly durationMs: number | null;
  /** 1 for the first. */
  readonly attempt: number;
  readonly worker: string;
  /** What its calls to services came to, one entry a port. */
  readonly calls: readonly PortCalls[];
}

/** The recorded trials among the first `most` planned ones (null: all), in order of replicate, then condition. */
export async function* trackedTrials(
  experiment: RecordedExperiment,
  of: { readonly most: number | null; readonly points: number },
): AsyncIterable<TrackedTrial> {
  const units = firstOf(experiment.planned.units(), of.most ?? Number.POSITIVE_INFINITY);
  for await (const trial of experiment.trials(units)) {
    const tracked = trackedTrialOf(trial, of.points);
    if (tracked !== null) yield tracked;
  }
}

/** Null while nothing is recorded, and for what runs again. */
function trackedTrialOf(trial: RecordedTrial, points: number): TrackedTrial | null {
  const { record, id, condition, replicate, seed, status } = trial;
  if (record === null || status === "prepared" || status === "running") return null;
  const { result, telemetry } = record;
  const shown = Object.entries(result.series).map(([series, rows]) => {
    const steps = evenSteps(rows.length, points);
    return { series, rows, steps };
  });
  const measured = Object.entries(result.metrics);
  const startedAt = rounded(telemetry.startedAt);
  const { durationMs } = telemetry;
  return {
    id,
    condition,
    replicate,
    seed,
    status,
    error: errorOf(record),
    parameters: trial.parameters,
    metrics: Object.fromEntries(measured.flatMap(([name, value]) => numberEntry(name, value))),
    texts: Object.fromEntries(measured.flatMap(([name, value]) => textEntry(name, value))),
    curves: shown.flatMap(({ series, rows, steps }) => curvesOf(series, rows, steps)),
    rows: Object.fromEntries(
      shown.map(({ series, rows, steps }) => [series, { recorded: rows.length, shown: steps.length }]),
    ),
    artifacts: result.artifacts.map(({ name, hash }) => ({ name, hash })),
    startedAt,
    endedAt: startedAt === null ? null : rounded(durationMs === null ? null : startedAt + durationMs),
    durationMs,
    attempt: telemetry.attempt,
    worker: telemetry.worker,
    calls: telemetry.calls ?? [],
  };
}

/**
 * The time that a tool is given where its format demands one: of the trial's end, or what is known of it. Where nothing is, it is the count's own
 * zero, 1970-01-01, in which nobody takes it for a time.
 */
export function demandedTime({ startedAt, endedAt }: Pick<TrackedTrial, "startedAt" | "endedAt">): number {
  return endedAt ?? startedAt ?? 0;
}

function rounded(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms);
}

/** Parameters as text: texts as they are, all else as JSON. */
export function textsOf(values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined"),
    ]),
  );
}

/** At most `most` indices of `count` rows, evenly spaced, the first and the last among them. */
export function evenSteps(count: number, most: number): readonly number[] {
  const shown = Math.min(count, most);
  if (shown <= 1) return Array.from({ length: shown }, () => 0);
  return Array.from({ length: shown }, (_, index) => Math.round((index * (count - 1)) / (shown - 1)));
}

/** SHA-256 of a value as JSON, in hex: what tells whether anything is new since it was sent. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, finite)).digest("hex");
}

/** JSON has no NaN: it would be taken for null. */
function finite(_key: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

type Rows = readonly Readonly<Record<string, unknown>>[];

function curvesOf(series: string, rows: Rows, steps: readonly number[]): readonly Curve[] {
  const columns = [...new Set(steps.flatMap((step) => Object.keys(rows[step]!)))];
  return columns.flatMap((column) => {
    const points = steps.flatMap((step) => {
      const value = rows[step]![column];
      return typeof value === "number" || typeof value === "boolean" ? [{ step, value: Number(value) }] : [];
    });
    return points.length === 0 ? [] : [{ series, column, points }];
  });
}

function errorOf({ result: { outcome } }: NonNullable<RecordedTrial["record"]>): string | null {
  switch (outcome.kind) {
    case "measured":
      return null;
    case "failed":
      return `${outcome.reason}: ${outcome.message}`;
    case "censored":
      return `${outcome.metric} is at least ${outcome.bound}`;
    default:
      return outcome.reason;
  }
}

function numberEntry(name: string, value: MetricValue): readonly (readonly [string, number])[] {
  return typeof value === "number" || typeof value === "boolean" ? [[name, Number(value)]] : [];
}

function textEntry(name: string, value: MetricValue): readonly (readonly [string, string])[] {
  return typeof value === "string" ? [[name, value]] : [];
}

function* firstOf(units: Iterable<number>, most: number): Iterable<number> {
  let count = 0;
  for (const unit of units) {
    if (count >= most) return;
    count += 1;
    yield unit;
  }
}
