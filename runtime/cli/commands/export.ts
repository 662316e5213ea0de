// `lab export <format> [experiment]`: the trials of a run, one row a trial, or the rows of a series; its manifest; its result record.
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore } from "../../store/project-store.ts";
import { exportRun } from "../../store/sql/export.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { exportTrials, type TrialExport, trialFormats } from "../exports/export-trials.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { plural } from "../terminal/words.ts";

const formats = ["csv", "json", "parquet"] as const;

export const handle: CommandHandler = async ([format = "", experiment], options) => {
  const known = [...formats, ...trialFormats].find((each) => each === format);
  if (known === undefined) {
    throw new UserError(`"${format}" is no format for an export`, {
      hint: nearestOrAll(format, [...formats, ...trialFormats], "format") ?? undefined,
    });
  }
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, text(options, "run") ?? experiment ?? null);
  const path = text(options, "output");
  if (isByTrial(known)) {
    if (text(options, "series") !== null || flag(options, "safe"))
      throw new UserError(`${known} takes neither --series nor --safe`);
    const files = await exportTrials({ store, run, experiment: experiment ?? null, format: known, path });
    for (const file of files) process.stderr.write(`written to ${file}\n`);
    sayStoreProblems(store);
    return exitCode.done;
  }
  if (known === "parquet" && path === null && process.stdout.isTTY) {
    throw new UserError("Parquet is binary and would garble the terminal", {
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
    process.stderr.write(`${plural(rows, "row")} written to ${path}\n`);
  }
  sayStoreProblems(store);
  return exitCode.done;
};

function isByTrial(
  format: TrialExport["format"] | (typeof formats)[number],
): format is TrialExport["format"] {
  return trialFormats.some((each) => each === format);
}
