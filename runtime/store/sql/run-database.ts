// SQL over a run: a view a table, reading the run's Parquet files. A run that is going on or was interrupted is compacted to a temporary
// folder first, from its ledger, so that the same SQL answers at any time.
import {
  closeSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { experimentFolderName, runLayoutOf } from "../layout.ts";
import { compact } from "../parquet/compact.ts";
import { quotedName, quotedText, withDuck } from "../parquet/duck.ts";
import type { ProjectStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";

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
  const scratch = mkdtempSync(join(tmpdir(), "lab-query-"));
  try {
    const own = runLayoutOf(store.layout, run.id).folder;
    const isCompacted =
      run.sources !== null &&
      Object.keys(run.compacted).length > 0 &&
      Object.values(run.compacted).every((each) => isWhole(join(own, each)));
    const folder = isCompacted ? own : scratch;
    const folders = isCompacted
      ? run.compacted
      : await compact({ store, run, folder, series: (_, name) => mentions.includes(name) });
    return await withDuck(
      { memoryMb: 1024, threads: 2, spillFolder: join(scratch, "spill") },
      async (connection) => {
        const plan = await store.planOf(run);
        const experiments = new Map(
          plan.experiments
            .filter(({ name }) => Object.hasOwn(folders, name))
            .map(({ name, series }) => [name, Object.keys(series)]),
        );
        const tables = await createViews(connection, { folder, folders, experiments });
        if (options.locked) await lock(connection, [folder, scratch]);
        return await use({ connection, tables, experiments });
      },
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Whether all Parquet files of an experiment are there to their last byte; else the ledger is read. */
function isWhole(folder: string): boolean {
  const trials = join(folder, "trials.parquet");
  if (!existsSync(trials)) return false;
  const series = join(folder, "series");
  const parts = existsSync(series)
    ? readdirSync(series).flatMap((name) => partFiles(join(series, name)))
    : [];
  return [trials, ...parts].every(endsAsParquet);
}

function endsAsParquet(path: string): boolean {
  const file = openSync(path, "r");
  try {
    const magic = Buffer.alloc(4);
    readSync(file, magic, 0, 4, Math.max(0, fstatSync(file).size - 4));
    return magic.toString("latin1") === "PAR1";
  } finally {
    closeSync(file);
  }
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
    readonly folders: Readonly<Record<string, string>>;
    readonly experiments: ReadonlyMap<string, readonly string[]>;
  },
): Promise<readonly string[]> {
  const views = new Map<string, string>();
  const united = new Map<string, string[]>();
  const unite = (view: string, part: string): void => {
    united.set(view, [...(united.get(view) ?? []), part]);
  };
  for (const [experiment, series] of of.experiments) {
    const folder = join(of.folder, of.folders[experiment] ?? experimentFolderName(experiment));
    const select = selectFrom(experiment, [join(folder, "trials.parquet")]);
    views.set(experiment, select);
    unite("trials", select);
    for (const name of series) {
      const files = partFiles(join(folder, "series", experimentFolderName(name)));
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

function selectFrom(experiment: string, files: readonly string[]): string {
  return `SELECT ${quotedText(experiment)} AS experiment, * FROM read_parquet([${files.map(quotedText).join(", ")}], union_by_name = true)`;
}

function partFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".parquet"))
    .sort()
    .map((name) => join(folder, name));
}
