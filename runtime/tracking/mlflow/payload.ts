// What MLflow is sent of a trial and of an experiment, as plain data: parameters, metrics with steps, tags, files. The same records give the
// same bytes, so a digest tells whether anything is new.
import type { OpenedExperiment } from "../../plan/opened-plan.ts";
import { msOf, ranAt } from "../../record/known-times.ts";
import type { TrialStatus } from "../../store/runs/recorded-trials.ts";
import type { RunManifest } from "../../store/store.ts";
import type { ConditionMean, ExperimentConclusions } from "../conclusions.ts";
import { type Curve, demandedTime, digestOf, type TrackedTrial, textsOf } from "../tracked-trial.ts";
import { type MlflowBatch, type MlflowMetric, type MlflowPair, mlflowNumber } from "./batches.ts";
import { mlflowName } from "./names.ts";
import type { RunStatus } from "./server.ts";

/** Longest value of a parameter and of a tag, in characters. */
const parameterMax = 6000;
const tagMax = 5000;

export interface Payload extends MlflowBatch {
  readonly status: RunStatus;
  /** Null where nobody knows. */
  readonly startedAt: number | null;
  /** Null while it runs, and where nobody knows. */
  readonly endedAt: number | null;
  /** Texts that are files of the run, by name. */
  readonly texts: Readonly<Record<string, string>>;
  readonly digest: string;
}

const statuses: Readonly<Record<TrialStatus, RunStatus>> = {
  pending: "RUNNING",
  prepared: "RUNNING",
  running: "RUNNING",
  completed: "FINISHED",
  failed: "FAILED",
  refused: "FAILED",
  censored: "FINISHED",
  cancelled: "KILLED",
};

export function trialPayload(trial: TrackedTrial): Payload {
  const { id, condition, replicate, seed, status, error, metrics, texts, curves, rows } = trial;
  const { startedAt, endedAt } = trial;
  const timestamp = demandedTime(trial);
  const { params, files } = parametersOf(textsOf(trial.parameters));
  const thinned = Object.entries(rows).filter(([, { recorded, shown }]) => shown < recorded);
  return withDigest({
    status: statuses[status],
    startedAt,
    endedAt,
    params: [...params, ...pairsOf({ replicate, seed })],
    metrics: [
      ...Object.entries(metrics).map(([name, value]) => metricOf([name], { value, timestamp })),
      ...curves.flatMap((curve) => curveMetrics(curve, timestamp)),
    ],
    tags: tagsOf({
      "labwright.trial": id,
      "labwright.condition": String(condition),
      "labwright.status": status,
      ...(error !== null && { "labwright.error": error }),
      ...Object.fromEntries(Object.entries(texts).map(([name, text]) => [`labwright.metric.${name}`, text])),
      ...Object.fromEntries(
        thinned.map(([name, { recorded, shown }]) => [
          `labwright.series.${name}`,
          `${shown} of ${recorded} rows, evenly spaced`,
        ]),
      ),
    }),
    texts: files,
  });
}

/** The parent run of an experiment; without conclusions it runs still. */
export function experimentPayload(of: {
  readonly run: RunManifest;
  readonly experiment: OpenedExperiment;
  readonly counts: { readonly planned: number; readonly shown: number };
  /** Conditions beyond these stand in conditions.json alone. */
  readonly conditionsMax: number | null;
  readonly conclusions: ExperimentConclusions | null;
}): Payload {
  const { run, experiment, counts, conclusions } = of;
  const { planned, space } = experiment;
  const { provenance } = run;
  const ran = ranAt(provenance);
  const [startedAt, endedAt] = [msOf(ran.startedAt), msOf(ran.finishedAt)];
  const { replicates, description, question, file } = planned;
  const { params, files } = parametersOf(
    textsOf({
      parameters: space.parameters.join(", "),
      conditions: experiment.jobs.at(-1)!.job.conditions,
      replicates: replicates.count,
      pairing: replicates.pairing,
      seed: String(replicates.seed),
    }),
  );
  const means = conclusions?.means ?? [];
  const note = [question, description, ...(conclusions?.sentences ?? [])].filter((each) => each !== null);
  return withDigest({
    status: conclusions === null ? "RUNNING" : statusOf(run),
    startedAt,
    endedAt: conclusions === null ? null : endedAt,
    params,
    metrics: means
      .filter(({ condition }) => of.conditionsMax === null || condition < of.conditionsMax)
      .flatMap((mean) => meanMetrics(mean, demandedTime({ startedAt, endedAt }))),
    tags: tagsOf({
      "labwright.run": run.id,
      "labwright.experiment": planned.name,
      "labwright.build": run.build,
      "labwright.version": provenance.labwright,
      "labwright.node": provenance.node,
      "labwright.machine": `${provenance.cpu}, ${provenance.cores} cores, ${provenance.platform}`,
      "labwright.command": provenance.command,
      "labwright.trials": `${counts.shown} of ${counts.planned} planned trials are runs of their own`,
      "mlflow.source.type": "LOCAL",
      "mlflow.source.name": file,
      ...(provenance.gitCommit !== null && { "mlflow.source.git.commit": provenance.gitCommit }),
      ...(note.length > 0 && { "mlflow.note.content": note.join("\n\n") }),
      ...(means.length > 0 && {
        "mlflow.loggedArtifacts": JSON.stringify([{ path: "conditions.json", type: "table" }]),
      }),
    }),
    texts: means.length === 0 ? files : { ...files, "conditions.json": tableOf(means) },
  });
}

function statusOf({ status }: RunManifest): RunStatus {
  if (status === "complete") return "FINISHED";
  return status === "aborted" ? "FAILED" : status === "running" ? "RUNNING" : "KILLED";
}

function withDigest(payload: Omit<Payload, "digest">): Payload {
  return { ...payload, digest: digestOf(payload) };
}

/** A value that is too long is a file, and says so in its place. */
function parametersOf(values: Readonly<Record<string, string>>) {
  const files: Record<string, string> = {};
  const params = Object.entries(values).map(([name, value]): MlflowPair => {
    const key = mlflowName(name);
    if (value.length <= parameterMax) return { key, value };
    const file = `parameters/${key}.txt`;
    files[file] = value;
    return { key, value: `${value.length} characters, in ${file}` };
  });
  return { params, files };
}

function pairsOf(values: Readonly<Record<string, number>>): readonly MlflowPair[] {
  return Object.entries(values).map(([key, value]) => ({ key: `labwright.${key}`, value: String(value) }));
}

function tagsOf(values: Readonly<Record<string, string>>): readonly MlflowPair[] {
  return Object.entries(values).map(([name, value]) => ({
    key: mlflowName(name),
    value: value.length <= tagMax ? value : `${value.slice(0, tagMax - 1)}…`,
  }));
}

function metricOf(
  name: readonly string[],
  {
    value,
    timestamp,
    step = 0,
  }: { readonly value: number; readonly timestamp: number; readonly step?: number },
): MlflowMetric {
  return { key: mlflowName(...name), value: mlflowNumber(value), timestamp, step };
}

/** "price.rows/demand": a metric of the series' own name would be a folder and a file at once for a server that keeps files. */
function curveMetrics({ series, column, points }: Curve, timestamp: number): readonly MlflowMetric[] {
  return points.map(({ step, value }) =>
    metricOf([`${series}.rows`, column], { value, timestamp: timestamp + step, step }),
  );
}

/** "taste.mean/minutes 1": MLflow draws what stands before the slash as one section of charts. */
function meanMetrics(of: ConditionMean, timestamp: number): readonly MlflowMetric[] {
  const { metric, levels, n, mean, sd, low, high } = of;
  const place = Object.entries(levels).map(([name, level]) => `${name} ${level}`);
  return Object.entries({ n, mean, sd, low, high }).flatMap(([statistic, value]) =>
    value === null ? [] : [metricOf([`${metric}.${statistic}`, ...place], { value, timestamp })],
  );
}

/** As MLflow's page shows tables (mlflow.log_table). */
function tableOf(means: readonly ConditionMean[]): string {
  const factors = [...new Set(means.flatMap(({ levels }) => Object.keys(levels)))];
  const columns = ["metric", "condition", ...factors, "n", "mean", "sd", "low", "high"];
  const data = means.map(({ metric, condition, levels, n, mean, sd, low, high }) => [
    metric,
    condition,
    ...factors.map((factor) => levels[factor] ?? null),
    ...[n, mean, sd, low, high],
  ]);
  return JSON.stringify({ columns, data });
}
