// A trial as an offline run of Weights & Biases: its configuration, its rows as history, its metrics as summary, its files. Fields by
// wandb/proto/wandb_internal.proto; `wandb sync FOLDER` sends it.
import { bytes, type Field, integer, joined, message, text } from "../protobuf.ts";
import type { TrackedTrial } from "../tracked-trial.ts";
import { wandbLog } from "./log-file.ts";

export interface WandbRun {
  readonly trial: TrackedTrial;
  /** Of the run on the server: letters, digits, "_" and "-". */
  readonly id: string;
  readonly project: string;
  readonly group: string;
  readonly name: string;
  readonly notes: string;
  readonly host: string;
  /** Paths below the folder `files`. */
  readonly files: readonly string[];
}

/** The members of the union `Record`. */
const record = {
  history: 2,
  summary: 3,
  config: 5,
  files: 6,
  run: 17,
  exit: 18,
  header: 21,
  footer: 22,
} as const;
const uploadAtEnd = 1;

/** The bytes of `run-ID.wandb`. */
export function wandbRunFile(run: WandbRun): Uint8Array {
  const { trial, files } = run;
  const { status } = trial;
  const seconds = trial.durationMs === null ? null : Math.round(trial.durationMs) / 1000;
  const parts: readonly (readonly [number, readonly Field[]])[] = [
    [record.header, []],
    [record.run, runFields(run)],
    ...historyOf(trial).map((row, step): readonly [number, readonly Field[]] => [
      record.history,
      [...itemsOf(row), message(2, integer(1, step))],
    ]),
    [record.summary, itemsOf(summaryOf(trial, seconds))],
    ...(files.length === 0
      ? []
      : [[record.files, files.map((path) => message(1, text(1, path), integer(2, uploadAtEnd)))] as const]),
    [record.exit, [integer(1, status === "completed" ? 0 : 1), integer(2, Math.round(seconds ?? 0))]],
    [record.footer, []],
  ];
  return wandbLog(
    parts.map(([member, fields], index) => joined([integer(1, index + 1), message(member, ...fields)])),
  );
}

function runFields({ trial, id, project, group, name, notes, host }: WandbRun): readonly Field[] {
  const { parameters, replicate, seed, condition, startedAt } = trial;
  const config = { ...parameters, labwright: { trial: trial.id, condition, replicate, seed } };
  return [
    text(1, id),
    text(3, project),
    message(4, ...itemsOf(config)),
    text(6, group),
    text(7, "trial"),
    text(8, name),
    ...(notes === "" ? [] : [text(9, notes)]),
    text(10, "labwright"),
    text(10, trial.status),
    text(13, host),
    ...(startedAt === null ? [] : [timestampOf(startedAt)]),
  ];
}

function timestampOf(ms: number): Field {
  const seconds = Math.floor(ms / 1000);
  return message(17, integer(1, seconds), integer(2, (ms - seconds * 1000) * 1e6));
}

/** A row of history for each step that any series has, with the axes that every page of W&B draws over. */
function historyOf({
  curves,
  startedAt,
  endedAt,
}: TrackedTrial): readonly Readonly<Record<string, unknown>>[] {
  const byStep = new Map<number, Record<string, unknown>>();
  for (const { series, column, points } of curves)
    for (const { step, value } of points) {
      const row = byStep.get(step) ?? {};
      row[`${series}/${column}`] = value;
      byStep.set(step, row);
    }
  const steps = [...byStep.keys()].toSorted((a, b) => a - b);
  const last = Math.max(1, steps.length - 1);
  return steps.map((step, index) => {
    const row = { ...byStep.get(step), row: step, _step: index };
    if (startedAt === null || endedAt === null) return row;
    const at = (startedAt + ((endedAt - startedAt) * index) / last) / 1000;
    return { ...row, _timestamp: at, _runtime: at - startedAt / 1000 };
  });
}

function summaryOf(trial: TrackedTrial, seconds: number | null): Readonly<Record<string, unknown>> {
  const { metrics, texts, status, error, endedAt } = trial;
  return {
    ...metrics,
    ...texts,
    "labwright/status": status,
    ...(error !== null && { "labwright/error": error }),
    ...(endedAt !== null && { _timestamp: endedAt / 1000 }),
    ...(seconds !== null && { _runtime: seconds, _wandb: { runtime: Math.round(seconds) } }),
  };
}

/** Items of a configuration, a summary or a row: a key and a value as JSON, each a field 1. */
function itemsOf(values: Readonly<Record<string, unknown>>): readonly Field[] {
  return Object.entries(values).map(([key, value]) =>
    message(1, text(1, key), bytes(16, Buffer.from(jsonOf(value)))),
  );
}

/** JSON has no NaN; W&B reads these texts as the numbers. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "number" && !Number.isFinite(each) ? String(each) : each,
  );
}
