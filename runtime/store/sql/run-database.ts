// SQL over a run: a view a table, reading the run's Parquet files. A run that is going on or was interrupted is compacted to a temporary
// folder first, from its ledger, so that the same SQL answers at any time.
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import type { Replicates } from "../../../lib/experiment/definition.ts";
import { ownValue } from "../../record/json-data.ts";
import { withScratch } from "../../scratch-folder.ts";
import { experimentFolderName, runLayoutOf } from "../files/layout.ts";
import { compact } from "../parquet/compact.ts";
import { quotedName, quotedText, withDuck } from "../parquet/duck.ts";
import { tablesFault } from "../parquet/table-files.ts";
import { idPartsFile, trialIdSql } from "../parquet/trial-ids.ts";
import type { ProjectStore } from "../project-store.ts";
import { fetchTables } from "../s3/upload-run.ts";
import type { CompactedTables, RunManifest } from "../store.ts";

export interface RunDatabase {
  readonly connection: DuckDBConnection;
  /** Names of the views. */
  readonly tables: readonly string[];
  /** Names of experiments and, by experiment, of their series. */
  readonly experiments: ReadonlyMap<string, readonly string[]>;
}

export interface RunDatabaseOptions {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  /** Text in which a series must be named to be made ready when the run has no Parquet files yet. */
  readonly mentions: string;
  /** Whether SQL of a stranger follows: files outside the run's are then out of reach, and settings are locked. */
  readonly locked: boolean;
}

/** The view of an experiment's series: `series_rounds` unites those of all experiments. */
export function seriesViewName(experiment: string | null, series: string): string {
  return experiment === null ? `series_${series}` : `${experiment}_${series}`;
}

/** Runs `use` on a database that is gone after. */
export async function withRunDatabase<T>(
  options: RunDatabaseOptions,
  use: (database: RunDatabase) => Promise<T>,
): Promise<T> {
  const { store, run, mentions } = options;
  return withScratch("lab-query", async (scratch) => {
    const own = runLayoutOf(store.layout, run.id).folder;
    if (run.sources !== null)
      await fetchTables(store, run).catch((error: Error) => store.addProblem(error.message));
    const isCompacted = areTablesWhole(store, run, own);
    const folder = isCompacted ? own : scratch;
    const tables = isCompacted
      ? run.compacted
      : await compact({ store, run, folder, series: (_, name) => mentions.includes(name) });
    return await withDuck(
      { memoryMb: 1024, threads: 2, spillFolder: join(scratch, "spill") },
      async (connection) => {
        const plan = await store.planOf(run);
        const experiments = new Map(
          plan.experiments
            .filter(({ name }) => Object.hasOwn(tables, name))
            .map(({ name, series }) => [name, Object.keys(series)]),
        );
        const replicates = new Map(plan.experiments.map(({ name, replicates }) => [name, replicates]));
        const views = await createViews(connection, { folder, tables, experiments, replicates });
        if (options.locked) await lock(connection, [folder, scratch]);
        return await use({ connection, tables: views, experiments });
      },
    );
  });
}

/** Whether the run has Parquet files, each as it was written. Else the tables are made from the ledger, and the store says why. */
function areTablesWhole(store: ProjectStore, run: RunManifest, folder: string): boolean {
  const tables = Object.values(run.compacted);
  if (run.sources === null || tables.length === 0) return false;
  const faults = tables.flatMap((each) => tablesFault(join(folder, each.folder), each) ?? []);
  for (const fault of faults) store.addProblem(`${fault} The tables were made again from the ledger.`);
  return faults.length === 0;
}

async function lock(connection: DuckDBConnection, folders: readonly string[]): Promise<void> {
  await connection.run(
    `SET allowed_directories = [${folders.map((folder) => quotedText(`${folder}/`)).join(", ")}]`,
  );
  await connection.run("SET enable_external_access = false");
  await connection.run("SET lock_configuration = true");
}

async function createViews(
  connection: DuckDBConnection,
  of: {
    readonly folder: string;
    readonly tables: RunManifest["compacted"];
    readonly replicates: ReadonlyMap<string, Replicates>;
    readonly experiments: ReadonlyMap<string, readonly string[]>;
  },
): Promise<readonly string[]> {
  const views = new Map<string, string>();
  const united = new Map<string, string[]>();
  const unite = (view: string, part: string): void => {
    united.set(view, [...(united.get(view) ?? []), part]);
  };
  for (const [experiment, series] of of.experiments) {
    const table = ownValue(of.tables, experiment) as CompactedTables;
    const select = trialsFrom(experiment, {
      folder: join(of.folder, table.folder),
      replicates: of.replicates,
    });
    views.set(experiment, select);
    unite("trials", select);
    for (const name of series) {
      const files = partFiles(of.folder, table, name);
      if (files.length === 0) continue;
      views.set(seriesViewName(experiment, name), selectFrom(experiment, files));
      unite(seriesViewName(null, name), selectFrom(experiment, files));
    }
  }
  // Last, so that an experiment named "trials" does not hide the table of all.
  for (const [view, parts] of united) views.set(view, parts.join(" UNION ALL BY NAME "));
  for (const [view, select] of views)
    await connection.run(`CREATE OR REPLACE VIEW ${quotedName(view)} AS ${select}`);
  return [...views.keys()];
}

/** The trials of an experiment with their ids, which are made where a query asks for them. */
function trialsFrom(
  experiment: string,
  { folder, replicates }: { readonly folder: string; readonly replicates: ReadonlyMap<string, Replicates> },
): string {
  const [trials, parts] = ["trials.parquet", idPartsFile].map((name) => quotedText(join(folder, name)));
  const id = trialIdSql(replicates.get(experiment)!, "t", "i");
  return `SELECT ${quotedText(experiment)} AS experiment, ${id} AS trial, t.* FROM read_parquet(${trials}) t LEFT JOIN read_parquet(${parts}) i ON i.lab_condition = t.condition`;
}

function selectFrom(experiment: string, files: readonly string[]): string {
  return `SELECT ${quotedText(experiment)} AS experiment, * FROM read_parquet([${files.map(quotedText).join(", ")}], union_by_name = true)`;
}

/** The files of a series in order; none when it was not made ready. */
function partFiles(root: string, { folder, files }: CompactedTables, series: string): readonly string[] {
  const start = `series/${experimentFolderName(series)}/`;
  return Object.keys(files)
    .filter((name) => name.startsWith(start))
    .sort()
    .map((name) => join(root, folder, name));
}
