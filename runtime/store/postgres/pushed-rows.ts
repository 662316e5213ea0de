// A trial as rows of the shared store: one of `trials`, and one a round of `series`. The digest is of what was found, not of how long it took,
// so that the same trial run on two machines is one row.

import { createHash } from "node:crypto";
import type { JobId } from "../../plan/plan.ts";
import { isoTime } from "../../record/known-times.ts";
import type { RecordedTrial } from "../runs/recorded-trials.ts";

export interface PushedTrial {
  readonly trial: string;
  readonly digest: string;
  readonly outcome: string;
  readonly columns: Readonly<Record<string, unknown>>;
  readonly series: readonly SeriesRow[];
}

export interface SeriesRow {
  readonly trial: string;
  readonly series: string;
  readonly position: number;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Null for a trial without a record. */
export function pushedTrialOf(
  { experiment, job }: { readonly experiment: string; readonly job: JobId },
  { id, record, parameters, replicate, seed }: RecordedTrial,
): PushedTrial | null {
  if (record === null) return null;
  const { result, telemetry } = record;
  const { outcome } = result;
  const found = {
    outcome: outcome.kind,
    reason: outcome.kind === "failed" ? outcome.reason : null,
    message: outcome.kind === "failed" ? outcome.message : "reason" in outcome ? outcome.reason : null,
    metrics: result.metrics,
    censored_metric: outcome.kind === "censored" ? outcome.metric : null,
    censored_bound: outcome.kind === "censored" ? outcome.bound : null,
    artifacts: result.artifacts,
  };
  const series = Object.entries(result.series).flatMap(([name, rows]) =>
    rows.map((values, position) => ({ trial: id, series: name, position, values })),
  );
  const digest = createHash("sha256")
    .update(JSON.stringify([found, result.series]))
    .digest("hex")
    .slice(0, 32);
  return {
    trial: id,
    digest,
    outcome: outcome.kind,
    series,
    columns: {
      trial: id,
      experiment,
      job,
      parameters,
      replicate,
      seed,
      ...found,
      telemetry: telemetry.extras ?? {},
      attempt: telemetry.attempt,
      started_at: isoTime(telemetry.startedAt),
      duration_ms: telemetry.durationMs,
      worker: telemetry.worker,
      digest,
    },
  };
}

/** JSON that PostgreSQL takes: it has no NUL in texts, and no halves of surrogate pairs, in names neither. */
export function sentText(rows: readonly unknown[]): string {
  return JSON.stringify(rows, (_, value: unknown) => {
    if (typeof value === "string") return takenText(value);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const members = Object.entries(value);
    return members.every(([name]) => takenText(name) === name)
      ? value
      : Object.fromEntries(members.map(([name, member]) => [takenText(name), member]));
  });
}

function takenText(text: string): string {
  return text.replaceAll("\u0000", "\ufffd").replace(/\p{Surrogate}/gu, "\ufffd");
}
