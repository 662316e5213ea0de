// Levels and names may hold any text: every format of a report can be written and read with them, and no two look the same.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { levelText } from "../design/arm.ts";
import { visibleText } from "../design/visible-text.ts";
import { composeReport, writeReport } from "../report.ts";
import { latexProblems } from "../testing/latex-problems.ts";
import { compareSpec, interactionSpec } from "../testing/specs.ts";
import { numberMetric, syntheticResults, syntheticTable } from "../testing/synthetic-results.ts";
import { pngOf } from "./png.ts";
import { reportFormats } from "./write-report.ts";

const nasty = [
  "plain",
  "",
  " ",
  'a "quoted" text',
  "an 'apostrophe'",
  "comma, semicolon; and\ttab",
  "two\nlines",
  "carriage\r\nreturn",
  "nul\u0000here",
  "start\u0001of heading",
  "start\u0002of heading",
  "\u001b[31mred\u001b[0m",
  "\u007f\u0085",
  "[64,64]",
  "*starred",
  "\ufeffbom",
  "bom",
  "\ufffe\uffff",
  "half \ud83d of a pair",
  "emoji 👩‍🔬🧪",
  "שלום עולם",
  "\u202eright to left",
  "漢字と仮名",
  "<script>alert(1)</script> & <b>",
  "\\input{x} $ % _ ^ ~ # {",
  `${"long ".repeat(60)}A`,
  `${"long ".repeat(60)}B`,
];

const folder = mkdtempSync(join(tmpdir(), "labwright-nasty-"));
test.after(() => rmSync(folder, { recursive: true, force: true }));

const table = syntheticTable({
  name: "e",
  question: nasty.join(" "),
  factors: { prompt: nasty, other: nasty.slice(8, 10) },
  replicates: 3,
  metrics: { y: numberMetric({ unit: nasty[9]!, description: nasty[8]! }) },
  value: ({ condition, noise }) => String(condition.prompt).length / 100 + noise,
  analyses: [
    compareSpec("y", "prompt", { name: nasty.at(-1)!, baseline: { level: "plain" } }),
    compareSpec("y", "prompt", { name: nasty.at(-2)!, baseline: { level: "plain" } }),
    compareSpec("y", "other", { name: "nul\u0000here", by: [] }),
    interactionSpec("y", ["prompt", "other"], { name: "漢字" }),
  ],
});
const report = await composeReport(syntheticResults([table]));
const files = await writeReport(report, { folder, formats: reportFormats });

test("every format is written, without a fault", () => {
  assert.equal(report.faults, []);
  assert.ok(report.charts.length >= 6);
  for (const ending of [".html", ".csv", ".json", ".md", ".tex", ".parquet", ".svg", ".png", ".xml"])
    assert.ok(
      files.some((file) => file.endsWith(ending)),
      ending,
    );
});

test("file names are short, plain and unique", () => {
  const names = files.map((file) => basename(file));
  assert.is(new Set(names.map((name) => name.toLowerCase())).size, names.length);
  for (const name of names) assert.ok(name.length <= 140 && /^[a-z0-9.-]+$/.test(name), name);
});

test("every drawing is XML that a strict reader takes", async () => {
  for (const file of files.filter((name) => name.endsWith(".svg"))) {
    const svg = readFileSync(file, "utf8");
    assert.not.match(svg, forbidden, file);
    assert.ok((await pngOf(svg)).length > 100);
  }
});

// What XML 1.0 forbids, tabs and line ends apart.
const forbidden = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u;

test("the page and the JUnit file hold no character that their formats forbid", () => {
  for (const name of ["report.html", "report.junit.xml", "report.md", "report.tex"])
    assert.not.match(readFileSync(join(folder, name), "utf8"), forbidden, name);
  assert.not.match(readFileSync(join(folder, "report.html"), "utf8"), /<script>alert/);
});

test("the LaTeX document is sound", () => {
  const text = readFileSync(join(folder, "report.tex"), "utf8");
  assert.equal(latexProblems(text, { hasFile: (path) => existsSync(join(folder, path)) }), []);
});

test("the Parquet file and the JSON hold every level as it is", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `select distinct hex(prompt) from '${join(folder, "report.parquet")}' where metric = 'y'`,
  );
  const levels = reader.getRows().map(([level]) => Buffer.from(String(level), "hex").toString("utf8"));
  connection.closeSync();
  instance.closeSync();
  // Half of a surrogate pair has no UTF-8: it is U+FFFD in any file.
  const expected = nasty.map((level) => Buffer.from(levelText(level), "utf8").toString("utf8"));
  assert.equal(levels.sort(), expected.sort());
  const json = JSON.parse(readFileSync(join(folder, "report.json"), "utf8")) as typeof report.analysis;
  assert.equal(json.experiments[0]!.design.factors[0]!.levels, nasty.map(levelText));
});

test("levels that differ in a control character still look different", () => {
  assert.is(visibleText("start\u0001"), "start\u2401");
  assert.is.not(visibleText("start\u0001"), visibleText("start\u0002"));
  assert.is(visibleText("a\tb\nc\u007f\ud83d"), "a\tb\nc\u2421\ufffd");
  const page = readFileSync(join(folder, "report.html"), "utf8");
  assert.ok(page.includes("start\u2401of heading") && page.includes("start\u2402of heading"));
});

test.run();
