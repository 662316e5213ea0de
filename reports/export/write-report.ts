// Writes the files of a report. Every file is made from the analysis alone, so writing twice gives the same bytes.
import { join } from "node:path";
import type { Analysis } from "../analysis/analysis.ts";
import type { DrawnChart, ReportFault } from "../page/drawn-chart.ts";
import { pageOf } from "../page/page.ts";
import { callsCsvsOf } from "./calls-csv.ts";
import { csvOf } from "./csv.ts";
import { customCsvsOf } from "./custom-csv.ts";
import { Draft, type DraftContent } from "./draft.ts";
import { findingsCsvOf } from "./finding-rows.ts";
import { junitOf } from "./junit.ts";
import { latexOf } from "./latex.ts";
import { markdownOf } from "./markdown.ts";
import { writeParquet } from "./parquet.ts";
import { pdfOf } from "./pdf.ts";
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
  "pdf",
  "junit",
] as const;
export type ReportFormat = (typeof reportFormats)[number];

export interface WriteOptions {
  /** Created when it does not exist. */
  readonly folder: string;
  /** html and csv unless told. */
  readonly formats?: readonly ReportFormat[];
}

interface File {
  readonly path: string;
  readonly content: DraftContent;
}

interface WrittenReport {
  readonly analysis: Analysis;
  readonly charts: readonly DrawnChart[];
  readonly faults: readonly ReportFault[];
  readonly chartsLeftOut: Readonly<Record<string, number>>;
}

/**
 * Writes a report into a folder and gives the paths of its files in the order written.
 *
 * Files: `report.html`, `report.csv` (by condition), `findings.csv`, `calls.csv` and `call-causes.csv`
 * where trials made calls, and `tables/<id>.csv` for each table of a custom analysis, `report.json`, `report.md`, `report.tex`, `report.parquet`,
 * `charts/<id>.svg`, `charts/<id>.png`, `charts/<id>.pdf`, `report.junit.xml`. Markdown brings its SVG files along, LaTeX its PDF files. The files
 * take their names only when all of them are written: after an error the folder holds what it held before.
 *
 * @throws ReportWriteError when the folder or a file cannot be written.
 */
export async function writeReport(report: WrittenReport, options: WriteOptions): Promise<readonly string[]> {
  const { folder } = options;
  const asked = new Set<ReportFormat>(options.formats ?? ["html", "csv"]);
  if (asked.has("markdown")) asked.add("svg");
  if (asked.has("latex")) asked.add("pdf");
  const draft = new Draft();
  try {
    for (const format of reportFormats) {
      if (!asked.has(format)) continue;
      for (const { path, content } of await filesOf(report, format))
        await draft.write(join(folder, path), content);
    }
    return await draft.publish();
  } catch (error) {
    await draft.discard();
    throw error;
  }
}

async function filesOf(
  { analysis, charts, ...missing }: WrittenReport,
  format: ReportFormat,
): Promise<readonly File[]> {
  switch (format) {
    case "html":
      return [{ path: "report.html", content: pageOf(analysis, charts, missing) }];
    case "csv":
      return [
        { path: "report.csv", content: csvOf(analysis) },
        { path: "findings.csv", content: findingsCsvOf(analysis) },
        ...callsCsvsOf(analysis).map(({ name, content }) => ({ path: name, content })),
        ...customCsvsOf(analysis).map(({ name, content }) => ({ path: join("tables", name), content })),
      ];
    case "json":
      return [{ path: "report.json", content: `${JSON.stringify(analysis, null, 2)}\n` }];
    case "markdown":
      return [{ path: "report.md", content: markdownOf(analysis, charts) }];
    case "latex":
      return [{ path: "report.tex", content: latexOf(analysis, charts) }];
    case "parquet":
      return [{ path: "report.parquet", content: (path) => writeParquet(analysis, path) }];
    case "junit":
      return [{ path: "report.junit.xml", content: junitOf(analysis) }];
    case "pdf":
      return Promise.all(
        charts.map(async ({ chart, svg }) => ({
          path: join("charts", `${chart.id}.pdf`),
          content: await pdfOf(standaloneSvg(svg)),
        })),
      );
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
