// `lab export <format> [experiment]`: the trials of a run, one row a trial, or the rows of a series; its manifest; its result record.
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore, type ProjectStore } from "../../store/project-store.ts";
import { exportRun } from "../../store/sql/export.ts";
import type { RunManifest } from "../../store/store.ts";
import { isPath } from "../asked.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { exportTrials, type TrialExport, trialFormats } from "../exports/export-trials.ts";
import { experimentsOfFile, foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { plural } from "../terminal/words.ts";

const formats = ["csv", "json", "parquet", "arrow", "sqlite"] as const;
/** A terminal would be garbled by these. */
const binary: readonly string[] = ["parquet", "arrow", "sqlite"];
const seriesFolder = "series-folder" as const;

export const handle: CommandHandler = async ([format = "", about], options) => {
  const known = [...formats, ...trialFormats, seriesFolder].find((each) => each === format);
  if (known === undefined) {
    throw new UserError(`"${format}" is no format for an export`, {
      hint: nearestOrAll(format, [...formats, ...trialFormats, seriesFolder], "format") ?? undefined,
    });
  }
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, text(options, "run") ?? about ?? null);
  const experiment = about === undefined ? undefined : await nameOf(store, run, about);
  const path = text(options, "output");
  if (known === seriesFolder) return exportFolder(store, run, { path, experiment: experiment ?? null });
  if (isByTrial(known)) {
    if (text(options, "series") !== null || flag(options, "safe"))
      throw new UserError(`${known} takes neither --series nor --safe`);
    const files = await exportTrials({ store, run, experiment: experiment ?? null, format: known, path });
    for (const file of files) process.stderr.write(`written to ${file}\n`);
    sayStoreProblems(store);
    return exitCode.done;
  }
  if (known === "sqlite" && text(options, "series") !== null)
    throw new UserError("sqlite has every series beside the trials: it takes no --series");
  if (known !== "csv" && flag(options, "safe"))
    throw new UserError(`--safe is for csv: ${known} is no spreadsheet`);
  if (binary.includes(known) && path === null && process.stdout.isTTY) {
    throw new UserError(`${known} is binary and would garble the terminal`, {
      hint: "Give a file with -o, or pipe it.",
    });
  }
  const output = path === null ? process.stdout : createWriteStream(path);
  const rows = await exportRun({
    store,
    run,
    format: known,
    experiment: experiment ?? null,
    series: text(options, "series"),
    isSafe: flag(options, "safe"),
    output,
  });
  if (output !== process.stdout) {
    output.end();
    await finished(output);
    process.stderr.write(`${plural(rows, known === "sqlite" ? "trial" : "row")} written to ${path}\n`);
  }
  sayStoreProblems(store);
  return exitCode.done;
};

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
  process.stderr.write(`written to ${folder.path}\n`);
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

function isByTrial(
  format: TrialExport["format"] | (typeof formats)[number],
): format is TrialExport["format"] {
  return trialFormats.some((each) => each === format);
}
