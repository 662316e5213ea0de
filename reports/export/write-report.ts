// Writes the files of a report. Every file is made from the analysis alone, so writing twice gives the same bytes.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Analysis } from "../analysis/analysis.ts";
import { type DrawnChart, pageOf } from "../page/page.ts";
import { csvOf } from "./csv.ts";
import { junitOf } from "./junit.ts";
import { latexOf } from "./latex.ts";
import { markdownOf } from "./markdown.ts";
import { writeParquet } from "./parquet.ts";
import { pngOf } from "./png.ts";
import { standaloneSvg } from "./svg.ts";

/** Every format that a report can be written in. */
export const reportFormats = [
  "html",
  "csv",
  "json",
  "markdown",
  "latex",
  "parquet",
  "svg",
  "png",
  "junit",
] as const;
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

interface WrittenReport {
  readonly analysis: Analysis;
  readonly charts: readonly DrawnChart[];
}

interface File {
  readonly path: string;
  readonly content: string | Uint8Array;
}

/**
 * Writes a report into a folder and gives the paths of its files in the order written.
 *
 * Files: `report.html`, `report.csv`, `report.json`, `report.md`, `report.tex`, `report.parquet`, `charts/<id>.svg`,
 * `charts/<id>.png`, `report.junit.xml`. Markdown brings its SVG files along, LaTeX its PNG files.
 *
 * @throws ReportWriteError when the folder or a file cannot be written.
 */
export async function writeReport(report: WrittenReport, options: WriteOptions): Promise<readonly string[]> {
  const { folder } = options;
  const asked = new Set<ReportFormat>(options.formats ?? ["html", "csv"]);
  if (asked.has("markdown")) asked.add("svg");
  if (asked.has("latex")) asked.add("png");
  const paths: string[] = [];
  for (const format of reportFormats) {
    if (!asked.has(format)) continue;
    if (format === "parquet") {
      paths.push(await guarded(join(folder, "report.parquet"), () => writeParquet(report.analysis, folder)));
      continue;
    }
    for (const { path, content } of await filesOf(report, format)) {
      const full = join(folder, path);
      await guarded(full, () => writeFile(full, content));
      paths.push(full);
    }
  }
  return paths;
}

async function guarded<T>(path: string, write: () => Promise<T>): Promise<T> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await write();
  } catch (error) {
    throw new ReportWriteError(
      `Cannot write ${path}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function filesOf(
  { analysis, charts }: WrittenReport,
  format: Exclude<ReportFormat, "parquet">,
): Promise<readonly File[]> {
  switch (format) {
    case "html":
      return [{ path: "report.html", content: pageOf(analysis, charts) }];
    case "csv":
      return [{ path: "report.csv", content: csvOf(analysis) }];
    case "json":
      return [{ path: "report.json", content: `${JSON.stringify(analysis, null, 2)}\n` }];
    case "markdown":
      return [{ path: "report.md", content: markdownOf(analysis, charts) }];
    case "latex":
      return [{ path: "report.tex", content: latexOf(analysis, charts) }];
    case "junit":
      return [{ path: "report.junit.xml", content: junitOf(analysis) }];
    case "svg":
      return charts.map(({ chart, svg }) => ({
        path: join("charts", `${chart.id}.svg`),
        content: `${standaloneSvg(svg)}\n`,
      }));
    case "png":
      return Promise.all(
        charts.map(async ({ chart, svg }) => ({
          path: join("charts", `${chart.id}.png`),
          content: await pngOf(standaloneSvg(svg)),
        })),
      );
  }
}
