// Writes the files of a report. The only module of reports/ that touches a disk.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Analysis } from "../analysis/analysis.ts";
import { type DrawnChart, pageOf } from "../page/page.ts";
import { csvOf } from "./csv.ts";

export const reportFormats = ["html", "csv", "json", "svg"] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** Thrown when a file could not be written; the message names it and the reason. */
export class ReportWriteError extends Error {
  override readonly name = "ReportWriteError";
}

export interface WriteOptions {
  /** Created when it does not exist. */
  readonly folder: string;
  /** html and csv unless told. */
  readonly formats?: readonly ReportFormat[];
}

/**
 * Writes a report into a folder and gives the paths of its files in the order written.
 *
 * Files: `report.html`, `report.csv`, `report.json`, `charts/<id>.svg`.
 * @throws ReportWriteError when the folder or a file cannot be written.
 */
export async function writeReport(
  report: { readonly analysis: Analysis; readonly charts: readonly DrawnChart[] },
  options: WriteOptions,
): Promise<readonly string[]> {
  const files: { readonly path: string; readonly content: string | Uint8Array }[] = [];
  for (const format of options.formats ?? ["html", "csv"]) files.push(...(await filesOf(report, format)));
  const paths: string[] = [];
  for (const { path, content } of files) {
    const full = join(options.folder, path);
    try {
      await mkdir(join(full, ".."), { recursive: true });
      await writeFile(full, content);
    } catch (error) {
      throw new ReportWriteError(
        `Cannot write ${full}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    paths.push(full);
  }
  return paths;
}

async function filesOf(
  report: { readonly analysis: Analysis; readonly charts: readonly DrawnChart[] },
  format: ReportFormat,
): Promise<readonly { readonly path: string; readonly content: string | Uint8Array }[]> {
  switch (format) {
    case "html":
      return [{ path: "report.html", content: pageOf(report.analysis, report.charts) }];
    case "csv":
      return [{ path: "report.csv", content: csvOf(report.analysis) }];
    case "json":
      return [{ path: "report.json", content: `${JSON.stringify(report.analysis, null, 2)}\n` }];
    case "svg":
      return report.charts.map(({ chart, svg }) => ({
        path: join("charts", `${chart.id}.svg`),
        content: `${svg}\n`,
      }));
  }
}
