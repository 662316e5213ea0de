// `lab export result-json`: how each experiment of a run ended, as one record (name, time, status, configuration, metrics, artifacts, error,
// seconds), with every trial and the rows of its series in a file beside it.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { listed, nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { type ExperimentResults, openResults, type Results } from "../../results.ts";
import { writeAtomicSync } from "../../store/atomic-file.ts";

/** One experiment of a run. Member names are those of the records that experiment frameworks in Python keep. */
export interface ResultRecord {
  readonly experiment_name: string;
  /** When the run began, ISO 8601. */
  readonly timestamp: string;
  /** "success": every trial has a measurement; "failed": none has; "partial": some have. */
  readonly status: "success" | "failed" | "partial";
  readonly config: {
    readonly parameters: Readonly<Record<string, unknown>>;
    readonly factors: Readonly<Record<string, readonly unknown[]>>;
    readonly replicates: number;
    readonly seed: number;
  };
  /** By metric, of the measured trials; a category has counts in place of a mean. */
  readonly metrics: Readonly<Record<string, MetricRecord>>;
  readonly artifacts: readonly { readonly trial: string; readonly name: string; readonly sha256: string }[];
  /** The most frequent reason of trials without a measurement, with how many; null where all are measured. */
  readonly error: string | null;
  /** Over all trials, as if they had run one after the other. */
  readonly execution_time_seconds: number;
}

export type MetricRecord =
  | {
      readonly n: number;
      readonly mean: number | null;
      readonly min: number | null;
      readonly max: number | null;
    }
  | { readonly n: number; readonly counts: Readonly<Record<string, number>> };

/** The records as JSON text where no folder is given; else the paths of the files written, two an experiment. */
export async function exportResultJson(of: {
  readonly root: string;
  readonly run: string;
  readonly experiment: string | null;
  readonly folder: string | null;
}): Promise<{ readonly text: string } | { readonly files: readonly string[] }> {
  const results = await openResults(of.root, of.run);
  const names = namesOf(results, of.experiment);
  const records = await Promise.all(names.map((name) => recordOf(results, results.experiment(name))));
  if (of.folder === null) return { text: `${JSON.stringify(records, null, 2)}\n` };
  mkdirSync(of.folder, { recursive: true });
  const stamp = results.provenance.startedAt.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "_");
  const files: string[] = [];
  for (const record of records) {
    const { experiment_name: name } = record;
    const details = await detailsOf(results.experiment(name));
    for (const [file, content] of [
      [`${name}_${stamp}.json`, record],
      [`${name}_detailed_results.json`, details],
    ] as const) {
      const path = join(of.folder, file);
      writeAtomicSync(path, `${JSON.stringify(content, null, 2)}\n`);
      files.push(path);
    }
  }
  return { files };
}

function namesOf(results: Results, experiment: string | null): readonly string[] {
  // A run may be named by what it was looked up with; only an experiment's own name chooses one.
  if (experiment === null) return results.experiments;
  if (results.experiments.includes(experiment)) return [experiment];
  const close = nearest(experiment, results.experiments);
  throw new UserError(`run ${results.run.id} has no experiment "${experiment}"`, {
    hint: close === null ? `It has ${listed(results.experiments)}.` : `Did you mean "${close}"?`,
  });
}

async function recordOf(results: Results, experiment: ExperimentResults): Promise<ResultRecord> {
  const { name, summary } = experiment;
  const rows = [...experiment.rows()];
  const measured = rows.filter(({ outcome }) => outcome === "measured" || outcome === "censored");
  const reasons = new Map<string, number>();
  for (const { outcome, message } of rows) {
    if (outcome === "measured" || outcome === "censored") continue;
    const words = message === null ? outcome : `${outcome}: ${message}`;
    reasons.set(words, (reasons.get(words) ?? 0) + 1);
  }
  const [first] = [...reasons].toSorted(([, a], [, b]) => b - a);
  const milliseconds = rows.reduce((sum, { durationMs }) => sum + (durationMs ?? 0), 0);
  return {
    experiment_name: name,
    timestamp: results.provenance.startedAt,
    status: measured.length === rows.length ? "success" : measured.length === 0 ? "failed" : "partial",
    config: {
      parameters: summary.constants,
      factors: Object.fromEntries(summary.factors.map((factor) => [factor.name, factor.levels])),
      replicates: summary.replicates.count,
      seed: summary.replicates.seed,
    },
    metrics: Object.fromEntries(
      Object.keys(summary.metrics).map((metric) => [
        metric,
        metricOf(measured.map(({ metrics }) => metrics[metric])),
      ]),
    ),
    artifacts: await artifactsOf(results, name),
    error: first === undefined ? null : `${first[1]} of ${rows.length} trials: ${first[0]}`,
    execution_time_seconds: milliseconds / 1000,
  };
}

function metricOf(values: readonly unknown[]): MetricRecord {
  const given = values.filter((value) => value !== null && value !== undefined);
  if (given.some((value) => typeof value === "string")) {
    const counts: Record<string, number> = {};
    for (const value of given) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
    return { n: given.length, counts };
  }
  const numbers = given.map(Number);
  if (numbers.length === 0) return { n: 0, mean: null, min: null, max: null };
  const sum = numbers.reduce((total, value) => total + value, 0);
  const [min, max] = numbers.reduce(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  );
  return { n: numbers.length, mean: sum / numbers.length, min, max };
}

async function artifactsOf(results: Results, name: string): Promise<ResultRecord["artifacts"]> {
  const quoted = name.replaceAll("'", "''");
  const rows = await results.query(
    `SELECT trial, artifacts FROM trials WHERE experiment = '${quoted}' AND artifacts IS NOT NULL ORDER BY replicate, condition`,
  );
  return rows.flatMap(({ trial, artifacts }) =>
    // The store writes the column: a list of references as JSON.
    (JSON.parse(String(artifacts)) as readonly { readonly name: string; readonly hash: string }[]).map(
      (each) => ({ trial: String(trial), name: each.name, sha256: each.hash }),
    ),
  );
}

/** Every planned trial with the rows of its series: what happened step by step. */
async function detailsOf(experiment: ExperimentResults): Promise<Readonly<Record<string, unknown>>> {
  const series: Record<string, unknown> = {};
  for (const name of experiment.summary.series) series[name] = await experiment.series(name);
  return { experiment_name: experiment.name, trials: [...experiment.rows()], series };
}
