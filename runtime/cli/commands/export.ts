// `lab export <format> [experiment]`: the trials of a run, one row a trial, or the rows of a series; its manifest; its result record.
import type { Writable } from "node:stream";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import { exportRun } from "../../store/sql/export.ts";
import type { RunManifest } from "../../store/store.ts";
import { isPath } from "../asked.ts";
import { chosen } from "../choice.ts";
import type { CommandHandler, OptionValues } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { exportFormats, runFormats, seriesFolder, trialFormats } from "../exports/export-formats.ts";
import { exportRuns, type RunFormat } from "../exports/export-runs.ts";
import { experimentsOf, exportTrials } from "../exports/export-trials.ts";
import { sayWritten } from "../exports/say-written.ts";
import { writeWhole } from "../exports/whole-file.ts";
import { experimentsOfFile, foundRunOf } from "../found-run.ts";
import { flag, number, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { plural } from "../terminal/words.ts";

/** A terminal would be garbled by these. */
const binary: readonly string[] = ["parquet", "arrow", "sqlite"];
/** Trials that are folders of their own unless told. */
const trialsUsual = 1000;

export const handle: CommandHandler = async ([format = "", about], options) => {
  const asked = chosen(exportFormats, format);
  assertFits(asked, options);
  const store = openStore(projectRoot(options));
  const run = await foundRunOf(store, text(options, "run") ?? about ?? null, options);
  const experiment = about === undefined ? undefined : await nameOf(store, run, about);
  const path = text(options, "output");
  if (asked === seriesFolder) return exportFolder(store, run, { path, experiment: experiment ?? null });
  if (isOf(asked, runFormats))
    return exportFolders({ store, run, format: asked, path, experiment: experiment ?? null }, options);
  if (isOf(asked, trialFormats)) {
    if (text(options, "series") !== null || flag(options, "safe"))
      throw new UserError(`${asked} takes neither --series nor --safe`);
    const files = await exportTrials({ store, run, experiment: experiment ?? null, format: asked, path });
    for (const file of files) sayWritten(file, `written to ${file}`);
    sayStoreProblems(store);
    return exitCode.done;
  }
  if (asked === "sqlite" && text(options, "series") !== null)
    throw new UserError("sqlite has every series beside the trials: it takes no --series");
  if (binary.includes(asked) && path === null && process.stdout.isTTY) {
    throw new UserError(`${asked} is binary and would garble the terminal`, {
      hint: "Give a file with -o, or pipe it.",
    });
  }
  const write = (output: Writable): Promise<number> =>
    exportRun({
      store,
      run,
      format: asked,
      experiment: experiment ?? null,
      series: text(options, "series"),
      isSafe: flag(options, "safe"),
      output,
    });
  if (path === null) await write(process.stdout);
  else {
    const rows = await writeWhole(path, write);
    sayWritten(path, `${plural(rows, asked === "sqlite" ? "trial" : "row")} written to ${path}`);
  }
  sayStoreProblems(store);
  return exitCode.done;
};

/** Throws UserError for an option that a format does not have. */
function assertFits(format: (typeof exportFormats.words)[number], options: OptionValues): void {
  const isRuns = isOf(format, runFormats);
  if (isRuns && text(options, "series") !== null)
    throw new UserError(`${format} has every series: it takes no --series`);
  if (!isRuns && (flag(options, "all") || number(options, "trials") !== null))
    throw new UserError(`--trials and --all are for ${runFormats.join(" and ")}: ${format} has every trial`);
  if (format !== "csv" && !isOf(format, trialFormats) && flag(options, "safe"))
    throw new UserError(`--safe is for csv: ${format} is no spreadsheet`);
}

/** A folder for each trial of the first ones. */
async function exportFolders(
  of: {
    readonly store: ProjectStore;
    readonly run: RunManifest;
    readonly format: RunFormat;
    readonly path: string | null;
    readonly experiment: string | null;
  },
  options: OptionValues,
): Promise<number> {
  const { store, run, format, path } = of;
  if (path === null)
    throw new UserError(`${format} has a folder a trial, which standard output is not`, {
      hint: `Say where: lab export ${format} -o ${format}`,
    });
  const experiments = await experimentsOf(of);
  const trials = flag(options, "all") ? null : (number(options, "trials") ?? trialsUsual);
  const written = await exportRuns({ store, run, experiments, format, folder: path, trials });
  const planned = experiments.reduce((sum, each) => sum + each.planned.count, 0);
  const rest = written < planned ? ` (of ${planned} planned; --trials or --all for others)` : "";
  sayWritten(path, `${plural(written, "trial")}${rest} written to ${path}`);
  sayStoreProblems(store);
  return exitCode.done;
}

async function exportFolder(
  store: ProjectStore,
  run: RunManifest,
  { path, experiment }: { readonly path: string | null; readonly experiment: string | null },
): Promise<number> {
  if (path === null)
    throw new UserError("a series is a folder, which standard output is not", {
      hint: `Say where: lab export ${seriesFolder} -o results`,
    });
  if (experiment !== null && !run.experiments.includes(experiment))
    throw new UserError(`${run.id} has no experiment "${experiment}"`, {
      hint: nearestOrAll(experiment, run.experiments, "experiment") ?? undefined,
    });
  const { SeriesFolder } = await import("../series/series-folder.ts");
  const folder = new SeriesFolder({ store, folder: path, resume: false, experiment });
  await folder.write(run, { leased: null, isLast: true });
  sayWritten(path, `written to ${folder.path}`);
  sayStoreProblems(store);
  return exitCode.done;
}

/** The experiment's name, where its file stands for it. */
async function nameOf(store: ProjectStore, run: RunManifest, about: string): Promise<string> {
  if (!isPath(about)) return about;
  const [name = about, ...others] = await experimentsOfFile(store, run, about);
  if (others.length > 0)
    throw new UserError(`${about} has several experiments: ${[name, ...others].join(", ")}`, {
      hint: "Name one of them.",
    });
  return name;
}

function isOf<T extends string>(format: string, formats: readonly T[]): format is T {
  return formats.some((each) => each === format);
}
