// `lab export`: the trials of one experiment or of all, or the rows of a series, as CSV (RFC 4180), JSON, Parquet or Arrow; or all of them as
// one SQLite database. A row a trial; what is missing is an empty cell or null, and the column `outcome` says why.
import { createReadStream } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { withScratch } from "../../scratch-folder.ts";
import { loadDuck, quotedName, quotedText } from "../parquet/duck.ts";
import type { ProjectStore } from "../project-store.ts";
import type { RunManifest } from "../store.ts";
import { rowText } from "./row-text.ts";
import type { RunDatabase } from "./run-database.ts";
import { seriesViewName, withRunDatabase } from "./run-database.ts";
import { writeTo } from "./write-to.ts";

export interface ExportOptions {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly format: "csv" | "json" | "parquet" | "arrow" | "sqlite";
  /** Null for all experiments united by column name. */
  readonly experiment: string | null;
  /** Rows of this series instead of trials; null for trials. */
  readonly series: string | null;
  /** CSV for a spreadsheet: texts that begin with = + - @ get an apostrophe before them. */
  readonly isSafe?: boolean;
  /** Where to write. The stream is left open. */
  readonly output: Writable;
}

/** Returns the number of rows written. Throws UserError for an experiment or series that the run does not have. */
export async function exportRun(options: ExportOptions): Promise<number> {
  const { store, run, series, format, output, isSafe = false } = options;
  const plan = await store.planOf(run);
  const mentions =
    format === "sqlite" ? plan.experiments.flatMap((each) => Object.keys(each.series)).join(" ") : series;
  return withRunDatabase({ store, run, mentions: mentions ?? "", locked: false }, async (database) => {
    const select = selectOf(database, options);
    switch (format) {
      case "sqlite":
        return throughFile("sqlite", output, async (path) => {
          const { writeSqlite } = await import("./sqlite-file.ts");
          return writeSqlite(database, {
            run,
            opened: store.openPlan(plan),
            experiment: options.experiment,
            path,
          });
        });
      case "arrow": {
        const { writeArrow } = await import("./arrow-file.ts");
        return writeArrow(database.connection, select, output);
      }
      case "parquet":
        return throughFile("parquet", output, async (path) => {
          const { rowsChanged } = await database.connection.run(
            `COPY (${select}) TO ${quotedText(path)} (FORMAT parquet, COMPRESSION zstd)`,
          );
          return rowsChanged;
        });
      default:
        return writeText(database, { select, format, output, isSafe });
    }
  });
}

/** Trials of one condition of an experiment as they stand in both text formats of `lab export`. */
export interface ArmText {
  readonly csv: string;
  readonly json: string;
}

/** The trials of each condition asked for (its index as the column `condition` has it), in the order asked. */
export async function exportArms(options: {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly arms: readonly { readonly experiment: string; readonly condition: number }[];
}): Promise<readonly ArmText[]> {
  const { store, run, arms } = options;
  return withRunDatabase({ store, run, mentions: "", locked: false }, async (database) => {
    const { JSDuckDBValueConverter } = await loadDuck();
    const texts: ArmText[] = [];
    for (const { experiment, condition } of arms) {
      const view = selectOf(database, { run, experiment, series: null });
      const reader = await database.connection.runAndReadAll(
        `SELECT * FROM (${view}) WHERE condition = ${condition} ORDER BY replicate`,
      );
      const rows = reader.convertRows(JSDuckDBValueConverter);
      const names = reader.deduplicatedColumnNames();
      texts.push({ csv: textOf("csv", names, rows), json: textOf("json", names, rows) });
    }
    return texts;
  });
}

function textOf(
  format: "csv" | "json",
  names: readonly string[],
  rows: readonly (readonly unknown[])[],
): string {
  const text = rowText(format, names);
  return [text.head, ...rows.map((row, index) => text.row(row, index)), text.tail(rows.length)].join("");
}

function selectOf(
  { experiments, tables }: RunDatabase,
  { run, experiment, series }: Pick<ExportOptions, "run" | "experiment" | "series">,
): string {
  const names = [...experiments.keys()];
  if (experiment !== null && !experiments.has(experiment))
    throw unknownName("experiment", experiment, names, run.id);
  const known =
    experiment === null
      ? [...new Set([...experiments.values()].flat())]
      : (experiments.get(experiment) ?? []);
  if (series !== null && !known.includes(series))
    throw unknownName("series", series, known, experiment ?? run.id);
  const view = series === null ? (experiment ?? "trials") : seriesViewName(experiment, series);
  // An experiment may be named like the table of all; it is then a part of that.
  const only =
    experiment !== null && view === "trials" ? ` WHERE experiment = ${quotedText(experiment)}` : "";
  if (!tables.includes(view)) throw new UserError(`Run ${run.id} has no results yet.`);
  const order = ["experiment", "replicate", "condition", ...(series === null ? [] : ["position"])].join(", ");
  return `SELECT * FROM ${quotedName(view)}${only} ORDER BY ${order}`;
}

function unknownName(what: string, name: string, known: readonly string[], owner: string): UserError {
  const close = nearest(name, known);
  const all = known.length === 0 ? `It has none.` : `It has ${known.join(", ")}.`;
  return new UserError(`${owner} has no ${what} "${name}".`, {
    hint: close === null ? all : `Did you mean "${close}"?`,
  });
}

async function writeText(
  { connection }: RunDatabase,
  {
    select,
    format,
    output,
    isSafe,
  }: {
    readonly select: string;
    readonly format: "csv" | "json";
    readonly output: Writable;
    readonly isSafe: boolean;
  },
): Promise<number> {
  const { JSDuckDBValueConverter } = await loadDuck();
  const result = await connection.stream(select);
  const texts = rowText(format, result.deduplicatedColumnNames(), { isSafe });
  let rows = 0;
  await writeTo(output, texts.head);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const part = chunk.convertRows(JSDuckDBValueConverter).map((row, index) => texts.row(row, rows + index));
    rows += part.length;
    await writeTo(output, part.join(""));
  }
  await writeTo(output, texts.tail(rows));
  return rows;
}

/** What has to be written to a file first: the file is gone after. */
async function throughFile(
  ending: string,
  output: Writable,
  write: (path: string) => Promise<number>,
): Promise<number> {
  return withScratch("lab-export", async (folder) => {
    const path = join(folder, `run.${ending}`);
    const rows = await write(path);
    await pipeline(createReadStream(path), output, { end: false });
    return rows;
  });
}
