// `lab report [run]`: what was found and how sure we are, from the stored run alone.
import { join, relative, resolve } from "node:path";
import { type ReportFormat, reportFormats } from "../../../reports/export/write-report.ts";
import { composeReport, writeReport } from "../../../reports/report.ts";
import { nearest } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { runLayoutOf } from "../../store/layout.ts";
import { openStore } from "../../store/project-store.ts";
import type { CommandHandler } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { foundRun } from "../found-run.ts";
import { flag, projectRoot, text } from "../options.ts";

export const handle: CommandHandler = async ([reference], options) => {
  const store = openStore(projectRoot(options));
  const run = await foundRun(store, reference ?? null);
  const formats = formatsOf(text(options, "format") ?? "html,csv");
  const given = text(options, "outputDir");
  const folder = given === null ? join(runLayoutOf(store.layout, run.id).folder, "report") : resolve(given);
  const report = await composeReport(await store.results(run));
  const written = await writeReport(report, { folder, formats });
  if (flag(options, "json")) {
    process.stdout.write(`${JSON.stringify({ run: run.id, files: written }, null, 2)}\n`);
    return exitCode.done;
  }
  if (!flag(options, "quiet")) {
    for (const { findings } of report.analysis.experiments)
      for (const { sentences } of findings) process.stdout.write(`${sentences.join("\n")}\n`);
  }
  for (const path of written) process.stdout.write(`wrote ${relative(process.cwd(), path)}\n`);
  return exitCode.done;
};

function formatsOf(list: string): readonly ReportFormat[] {
  return list.split(",").map((each) => {
    const name = each.trim();
    const known = reportFormats.find((format) => format === name);
    if (known !== undefined) return known;
    const near = nearest(name, reportFormats);
    throw new UserError(`"${name}" is not a format of a report`, {
      hint: near === null ? `Formats are ${reportFormats.join(", ")}.` : `Did you mean ${near}?`,
    });
  });
}
