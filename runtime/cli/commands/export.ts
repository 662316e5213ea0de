// `lab export <format> [experiment]`: the trials of a run, one row a trial, or the rows of a series; which parameters each trial's id stands
// for; or one record an experiment of how it ended.
import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { finished } from "node:stream/promises";
import { listed, nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { openStore } from "../../store/project-store.ts";
import { exportRun } from "../../store/sql/export.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";
import { sayStoreProblems } from "../store-warnings.ts";
import { plural } from "../terminal/words.ts";
import { exportResultJson } from "./export-result.ts";

const formats = ["csv", "json", "jsonl", "parquet", "manifest", "manifest-jsonl", "result-json"] as const;

export const handle: CommandHandler = async ([format = "", experiment], options) => {
  const known = formats.find((each) => each === format);
  if (known === undefined) {
    const near = nearest(format, formats);
    throw new UserError(`"${format}" is no format for an export`, {
      hint: near === null ? `Formats are ${listed(formats)}.` : `Did you mean ${near}?`,
    });
  }
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, text(options, "run") ?? experiment ?? null);
  const path = text(options, "output");
  if (known === "result-json") {
    const written = await exportResultJson({
      root: store.root,
      run: run.id,
      experiment: experiment ?? null,
      folder: path === null ? null : resolve(path),
    });
    if ("text" in written) process.stdout.write(written.text);
    else for (const file of written.files) process.stderr.write(`written: ${file}\n`);
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
    format: known === "manifest" ? "csv" : known === "manifest-jsonl" ? "jsonl" : known,
    isManifest: known === "manifest" || known === "manifest-jsonl",
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
