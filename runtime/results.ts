// `labwright/results`: what was found, read in code: tables of trials, metric columns, series, SQL. Works while a run goes on, and needs
// none of the experiment's own code.
import { resolve } from "node:path";
import { listed, nearest } from "./diagnostic/nearest.ts";
import { UserError } from "./diagnostic/user-error.ts";
import { metricValueOf } from "./record/metric-coding.ts";
import type { OutcomeKind } from "./record/outcome.ts";
import { hasMeasurement, outcomeKindOf } from "./record/outcome.ts";
import type { MetricValue } from "./record/trial-record.ts";
import type {
  ExperimentSummary,
  LostRecords,
  Provenance,
  RunResults,
  TrialTable,
} from "./record/trial-table.ts";
import { openArtifacts } from "./store/kept/artifacts.ts";
import { openStore } from "./store/project-store.ts";
import { queryRun } from "./store/sql/query.ts";
import type { RunManifest } from "./store/store.ts";

/** One planned trial. */
export interface TrialRow {
  /** Parameter values by name. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Counted from 0. */
  readonly replicate: number;
  /** "not-run" for a trial without a record; "lost" where there was one in a file that has been damaged since. */
  readonly outcome: OutcomeKind | "not-run" | "lost";
  /** Why there is no measurement, in words; null when there is one or the trial has not been run. */
  readonly message: string | null;
  /** Null where a metric is missing. */
  readonly metrics: Readonly<Record<string, MetricValue>>;
  /** Null for a trial that has not been run. */
  readonly durationMs: number | null;
  /** Named numbers that were measured on the way, such as calls and tokens of effects; {} where none were. */
  readonly telemetry: Readonly<Record<string, number>>;
}

/** One row of a series with the trial it belongs to, or with the unit of a stage: then the parameters are those that the stage uses. */
export interface SeriesRow {
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly replicate: number;
  /** Null where a row lacked the member. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** One experiment's results in one run. */
export interface ExperimentResults {
  readonly name: string;
  /** What was asked: factors, metrics, replicates, analyses. */
  readonly summary: ExperimentSummary;
  /** Planned trials. */
  readonly count: number;
  /** What damage to the store's files took; null where all of them are whole. */
  readonly lost: LostRecords | null;
  /** The columns themselves: typed arrays, a row a planned trial, replicate-major. */
  readonly table: TrialTable;
  /** Planned trials as objects, in the table's order; `measured: true` leaves out all others. */
  rows(options?: { readonly measured?: boolean }): Generator<TrialRow>;
  /** A metric's values over measured trials: numbers as they are, booleans 0 or 1, categories the index in their declared list. Throws UserError for an unknown name. */
  values(metric: string): Float64Array;
  /** Rows of a series in the order of the table, within a trial as recorded. Throws UserError for an unknown name. */
  series(name: string): Promise<readonly SeriesRow[]>;
}

export interface Results {
  /** The run's id, name, status, selection and provenance. */
  readonly run: RunManifest;
  readonly provenance: Provenance;
  /** Names of the experiments in the run. */
  readonly experiments: readonly string[];
  /** One experiment; the name may be left out when there is only one. Throws UserError for an unknown name. */
  experiment(name?: string): ExperimentResults;
  /** Rows of one SQL query as objects (DuckDB's dialect; tables: `trials`, one an experiment, `series_<name>`). Read-only. */
  query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** The bytes of an artifact by its SHA-256, as the column `artifacts` of `trials` gives it. */
  artifact(hash: string): Promise<Uint8Array>;
}

/**
 * Opens the results of a run of the project at `root` (the current folder when left out). `run` is an id, the beginning of one, a run's
 * name, or "latest". Throws UserError when there is no such run.
 *
 * @example
 * import { openResults } from "labwright/results";
 *
 * const results = await openResults();
 * const patience = results.experiment("patience");
 * for (const { parameters, metrics } of patience.rows({ measured: true })) console.log(parameters.discount, metrics.profitGain);
 * const rows = await results.query("SELECT discount, avg(profitGain) AS mean FROM trials GROUP BY discount");
 */
export async function openResults(root = ".", run = "latest"): Promise<Results> {
  const store = openStore(resolve(root));
  const found = await store.findRun(run);
  if (found === null) throw await noSuchRun(run, await store.runs(), resolve(root));
  if ("ambiguous" in found)
    throw new UserError(`"${run}" could be ${listed(found.ambiguous)}.`, {
      hint: "Type one more character.",
    });
  const results = await store.results(found);
  const experiments = results.tables.map(({ experiment }) => experiment.name);
  const artifacts = openArtifacts(store.layout.artifacts);
  return {
    run: found,
    provenance: results.provenance,
    experiments,
    experiment(name) {
      if (name === undefined && results.tables.length !== 1)
        throw new UserError(`Run ${found.id} has ${results.tables.length} experiments.`, {
          hint: `Name one: ${listed(experiments)}.`,
        });
      const table = results.tables.find(({ experiment }) => name === undefined || experiment.name === name);
      if (table === undefined)
        throw unknownName(`Run ${found.id} has no experiment`, name ?? "", experiments);
      return experimentResultsOf(results, table);
    },
    async query(sql) {
      const { columns, rows } = await queryRun({ store, run: found, sql });
      return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
    },
    artifact: (hash) => artifacts.read(hash),
  };
}

/** The runs of a project, newest first; [] where nothing has been run. */
export async function listRuns(root = "."): Promise<readonly RunManifest[]> {
  return openStore(resolve(root)).runs();
}

function experimentResultsOf(results: RunResults, table: TrialTable): ExperimentResults {
  const { experiment: summary } = table;
  const specs = Object.entries(summary.metrics);
  const missing = (table.lost?.rows ?? null) === null ? "not-run" : "lost";
  const rowAt = (row: number): TrialRow => ({
    parameters: table.conditions[table.condition[row]!]!,
    replicate: table.replicate[row]!,
    outcome: outcomeKindOf(table.outcome[row]!) ?? missing,
    message: table.message.get(row) ?? null,
    metrics: Object.fromEntries(
      specs.map(([name, spec]) => [name, metricValueOf(table.metrics[name]![row]!, spec)]),
    ),
    durationMs: Number.isNaN(table.durationMs[row]!) ? null : table.durationMs[row]!,
    telemetry: Object.fromEntries(
      Object.entries(table.telemetry)
        .map(([name, column]) => [name, column[row]!] as const)
        .filter(([, value]) => !Number.isNaN(value)),
    ),
  });
  return {
    name: summary.name,
    summary,
    count: table.rows,
    lost: table.lost ?? null,
    table,
    *rows({ measured = false } = {}) {
      for (let row = 0; row < table.rows; row += 1)
        if (!measured || hasMeasurement(table.outcome[row]!)) yield rowAt(row);
    },
    values(metric) {
      const column = Object.hasOwn(table.metrics, metric) ? table.metrics[metric] : undefined;
      if (column === undefined)
        throw unknownName(`"${summary.name}" has no metric`, metric, Object.keys(table.metrics));
      return column.filter((_, row) => hasMeasurement(table.outcome[row]!));
    },
    async series(name) {
      const { row: rows, columns, units = table } = await results.series(summary.name, name);
      const members = Object.entries(columns);
      return Array.from(rows, (row, index) => ({
        parameters: units.conditions[units.condition[row]!]!,
        replicate: units.replicate[row]!,
        values: Object.fromEntries(members.map(([member, column]) => [member, column[index]])),
      }));
    },
  };
}

function unknownName(what: string, name: string, known: readonly string[]): UserError {
  const close = nearest(name, known);
  const all = known.length === 0 ? "There is none." : `There are ${listed(known)}.`;
  return new UserError(`${what} "${name}".`, { hint: close === null ? all : `Did you mean "${close}"?` });
}

async function noSuchRun(reference: string, runs: readonly RunManifest[], root: string): Promise<UserError> {
  if (runs.length === 0)
    return new UserError(`Nothing has been run in ${root}.`, { hint: "Start with `lab run`." });
  return unknownName(
    "There is no run",
    reference,
    runs.flatMap(({ id, name }) => (name === null ? [id] : [name, id])),
  );
}
