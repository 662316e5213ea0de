// The manifest of a run: which trial id stands for which parameters, with its replicate, seed and what became of it. As CSV one column a
// parameter; as JSON lines one object a trial.
import { isoTime } from "../../record/known-times.ts";
import type { RecordedExperiment, RecordedTrial } from "../../store/runs/recorded-trials.ts";
import { csvLine } from "../terminal/csv-line.ts";
import { outcomeWords } from "../terminal/show-record.ts";

export async function* manifestLines(
  experiments: readonly RecordedExperiment[],
  format: "csv" | "jsonl",
): AsyncIterable<string> {
  const parameters = [...new Set(experiments.flatMap(({ experiment }) => experiment.space.parameters))];
  if (format === "csv")
    yield csvLine([
      "simulation_id",
      "experiment",
      "condition",
      "replicate",
      "seed",
      "status",
      "started_at",
      "ended_at",
      "seconds",
      "error",
      ...parameters.map((name) => `parameter_${name}`),
    ]);
  for (const { experiment, trials } of experiments) {
    for await (const trial of trials()) {
      const row = manifestRow(experiment.planned.name, trial);
      if (format === "jsonl") yield `${JSON.stringify(row)}\n`;
      else {
        const { parameters: values, ...head } = row;
        yield csvLine([...Object.values(head), ...parameters.map((name) => values[name])]);
      }
    }
  }
}

/** A trial as the manifest has it. */
export function manifestRow(experiment: string, trial: RecordedTrial) {
  const { simulation, condition, replicate, seed, status, record, parameters } = trial;
  return {
    simulation_id: simulation,
    experiment,
    condition,
    replicate,
    seed,
    status,
    ...timesOf(trial),
    error: record === null ? null : errorOf(record),
    parameters,
  };
}

type Recorded = NonNullable<RecordedTrial["record"]>;

function timesOf({ record }: RecordedTrial) {
  const { startedAt, durationMs } = record?.telemetry ?? { startedAt: null, durationMs: null };
  return {
    started_at: isoTime(startedAt),
    ended_at: isoTime(startedAt === null || durationMs === null ? null : startedAt + durationMs),
    seconds: secondsOf(durationMs),
  };
}

/** Why a trial has no measurement, in one line; null for one that has. */
export function errorOf({ result }: Recorded): string | null {
  if (result.outcome.kind === "measured") return null;
  return outcomeWords(result.outcome).split("\n")[0] ?? null;
}

/** To the microsecond; null where nobody knows. */
export function secondsOf<T extends number | null>(ms: T): T | number {
  return ms === null ? ms : Math.round(ms * 1000) / 1e6;
}
