// The result record of each experiment of a run as one JSON object: name, time, status, configuration, metrics by arm, artifacts, error and
// seconds; and, apart from it, every trial with its series row by row, as JSON lines.
import { ranAt } from "../../record/known-times.ts";
import type { RecordedExperiment, RecordedTrial } from "../../store/runs/recorded-trials.ts";
import type { RunManifest } from "../../store/store.ts";
import { errorOf, secondsOf } from "./manifest-lines.ts";

export interface ResultRecord {
  readonly experiment_name: string;
  /** Of the run's start, ISO 8601; null where nobody knows. */
  readonly timestamp: string | null;
  /** success: every planned trial has a measurement; failed: none has; partial: some have. */
  readonly status: "success" | "failed" | "partial";
  readonly config: Config;
  readonly metrics: readonly ArmMetrics[];
  readonly artifacts: readonly { readonly trial: string; readonly name: string; readonly path: string }[];
  /** The first trial without a measurement and how many there are; null where all have one. */
  readonly error_message: string | null;
  /** From the run's start to its end; null while it runs, and where nobody knows. */
  readonly execution_time_seconds: number | null;
}

interface Config {
  /** What all arms of the run have alike, by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The values of what differs between arms, in the order of the arms. */
  readonly levels: Readonly<Record<string, readonly unknown[]>>;
  readonly replicates: number;
  readonly seed: number;
  readonly pairing: string;
  readonly run: string;
  readonly command: string;
}

interface ArmMetrics {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly trials: number;
  readonly measured: number;
  /** Over measured trials, missing values left out; of yes and no the share of yes. */
  readonly means: Readonly<Record<string, number>>;
}

/** A line for a trial of the step-by-step data. */
export type TrialLine = (line: string) => Promise<void>;

interface Arm {
  trials: number;
  measured: number;
  readonly sums: Map<string, { sum: number; count: number }>;
}

/** Reads the trials once; `tell` is handed each as a line of JSON. */
export async function resultRecordOf(
  run: RunManifest,
  { experiment, planned, trials }: RecordedExperiment,
  tell: TrialLine,
): Promise<ResultRecord> {
  const { name, replicates } = experiment.planned;
  const arms = planned.conditions.map((): Arm => ({ trials: 0, measured: 0, sums: new Map() }));
  const artifacts: ResultRecord["artifacts"][number][] = [];
  let first: string | null = null;
  for await (const trial of trials()) {
    addTo(arms[trial.condition]!, trial);
    for (const { name: file, hash } of trial.record?.result.artifacts ?? [])
      artifacts.push({ trial: trial.id, name: file, path: `.lab/artifacts/${hash.slice(0, 2)}/${hash}` });
    if (trial.status !== "completed") first ??= wordsOf(trial);
    await tell(`${JSON.stringify(detailOf(name, trial))}\n`);
  }
  const measured = arms.reduce((sum, arm) => sum + arm.measured, 0);
  const missing = planned.count - measured;
  const { startedAt, finishedAt } = ranAt(run.provenance);
  const metrics = arms.flatMap((arm, index) =>
    arm.trials === 0 ? [] : [{ parameters: planned.conditions[index]!, ...meansOf(arm) }],
  );
  return {
    experiment_name: name,
    timestamp: startedAt,
    status: missing === 0 ? "success" : measured === 0 ? "failed" : "partial",
    config: {
      ...settingsOf(
        experiment.space.parameters,
        metrics.map(({ parameters }) => parameters),
      ),
      replicates: replicates.count,
      seed: replicates.seed,
      pairing: replicates.pairing,
      run: run.id,
      command: run.provenance.command,
    },
    metrics,
    artifacts,
    error_message:
      missing === 0 ? null : `${missing} of ${planned.count} trials have no measurement; first: ${first}`,
    execution_time_seconds:
      startedAt === null || finishedAt === null
        ? null
        : secondsOf(Date.parse(finishedAt) - Date.parse(startedAt)),
  };
}

/** A parameter that some arms do not have is a level of those that do. */
function settingsOf(
  names: readonly string[],
  arms: readonly Readonly<Record<string, unknown>>[],
): Pick<Config, "parameters" | "levels"> {
  const parameters: Record<string, unknown> = {};
  const levels: Record<string, readonly unknown[]> = {};
  for (const name of names) {
    const having = arms.filter((arm) => name in arm);
    const values = [...new Map(having.map((arm) => [JSON.stringify(arm[name]), arm[name]])).values()];
    if (values.length === 1 && having.length === arms.length) parameters[name] = values[0];
    else levels[name] = values;
  }
  return { parameters, levels };
}

function addTo(arm: Arm, { status, record }: RecordedTrial): void {
  arm.trials += 1;
  if (status !== "completed" || record === null) return;
  arm.measured += 1;
  for (const [name, value] of Object.entries(record.result.metrics)) {
    if (typeof value !== "number" && typeof value !== "boolean") continue;
    const sums = arm.sums.get(name) ?? { sum: 0, count: 0 };
    arm.sums.set(name, { sum: sums.sum + Number(value), count: sums.count + 1 });
  }
}

function meansOf({ trials, measured, sums }: Arm): Omit<ArmMetrics, "parameters"> {
  const means = [...sums].map(([name, { sum, count }]) => [name, sum / count] as const);
  return { trials, measured, means: Object.fromEntries(means) };
}

function wordsOf({ id, record }: RecordedTrial): string {
  return `${id} ${record === null ? "has not been run" : errorOf(record)}`;
}

function detailOf(experiment: string, trial: RecordedTrial) {
  const { simulation, replicate, seed, parameters, status, record } = trial;
  return {
    simulation_id: simulation,
    experiment,
    replicate,
    seed,
    parameters,
    status,
    metrics: record?.result.metrics ?? null,
    series: record?.result.series ?? null,
    seconds: secondsOf(record?.telemetry.durationMs ?? null),
  };
}
