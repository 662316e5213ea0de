// Promise: a custom analysis can take nothing down but its own answer, in a run and in a report, whatever it does.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";

/** What an analysis may do, and what is said of it. */
const deeds: Readonly<Record<string, readonly [code: string, words: RegExp]>> = {
  throws: [`throw new RangeError("no rows above 3");`, /no rows above 3/],
  exits: ["process.exit(7);", /exit/],
  aborts: ["process.abort();", /process\.abort\(\) is not supported/],
  "kills itself": [`process.kill(process.pid, "SIGKILL");`, /took its host down/],
  hangs: ["for (;;) {}", /time-out of 3 s/],
  hoards: [
    "const all: number[][] = []; for (;;) all.push(new Array(1e6).fill(Math.random()));",
    /memory|time-out/,
  ],
  "turns in a circle": [
    "const all: any = {}; all.self = all; return { sentence: all };",
    /what it returned.*refers to itself/,
  ],
  "gives no number": ["return { estimate: Number.NaN };", /what it returned.*NaN/],
  "gives another shape": [
    `return { estimat: 1 };`,
    /it returned `estimat`; expected any of estimate, interval/,
  ],
  "gives a number as text": [
    `return { tables: [{ columns: [{ name: "n", type: "number" }], rows: [{ n: 1 }, { n: "two" }] }] };`,
    /its `tables\[0\]\.rows\[1\]\.n` is "two"; expected a number or null, as its column says/,
  ],
  "gives a text for an interval": [
    `return { interval: "wide" };`,
    /its `interval` is "wide"; expected \[low, high\]/,
  ],
};

/** Charts that cannot be drawn, and what is said of them. */
const charts: Readonly<Record<string, readonly [spec: string, words: RegExp]>> = {
  "loads rows": [`{ mark: "bar", data: { url: "x.csv" } }`, /its data\.url: a chart loads nothing/],
  "runs an expression": [
    `{ mark: "bar", transform: [{ calculate: "1", as: "x" }] }`,
    /its transform\[0\]\.calculate: a chart holds no expressions/,
  ],
  "misspells a column": [
    `{ mark: "bar", encoding: { x: { field: "scroe", type: "quantitative" } } }`,
    /its field "scroe" is no column of the trials; they have level, score, replicate, outcome/,
  ],
  "is no Vega-Lite": [`{ concat: [{}] }`, /Invalid specification \{\}/],
};

const experiment = `import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "plain",
  parameters: { level: sweep([1, 2]) },
  replicates: replicate(5, { seed: 1 }),
  metrics: { score: metric.number() },
  trial: ({ parameters, random }) => ({ score: parameters.level + random.normal() }),
  analyses: ({ compare, custom, chart }) => [
    compare("score", { across: "level" }),
    custom("counts", (rows) => ({ estimate: rows.length })),
${Object.entries(deeds)
  .map(([name, [code]]) => `    custom(${JSON.stringify(name)}, (): any => { ${code} }),`)
  .join("\n")}
${Object.entries(charts)
  .map(([name, [spec]]) => `    chart(${JSON.stringify(name)}, (): any => (${spec})),`)
  .join("\n")}
    chart("drawn", () => ({
      description: "Each dot is a trial.",
      mark: "point",
      encoding: { x: { field: "level", type: "ordinal" }, y: { field: "score", type: "quantitative" } },
    })),
    custom("tabled", (rows) => ({
      tables: [{ title: "Trials by level", columns: [{ name: "level", type: "number" }, { name: "n", type: "number" }], rows: [1, 2].map((level) => ({ level, n: rows.filter((row) => row.parameters.level === level).length })) }],
    })),
  ],
});
`;

test("whatever a custom analysis does is a sentence in the report, and all else stands", () => {
  const project = projectOf({ "plain.experiment.ts": experiment });
  try {
    const run = project.lab("run", "-j", "1", "--analysis-timeout", "3s");
    assert.is(run.code, 0, run.all);
    assert.match(run.stderr, /complete: 10 run/);
    const [id = ""] = readdirSync(project.path(".lab/runs"));
    const check = (which: string): void => {
      const report = project.lab("report");
      assert.is(report.code, 0, `${which}: ${report.all}`);
      assert.match(report.stdout, /counts: 10/, which);
      assert.match(report.stdout, /level/, which);
      for (const [name, [, words]] of Object.entries({ ...deeds, ...charts })) {
        const line = report.stdout.split("\n").find((each) => each.includes(name)) ?? "";
        assert.match(line, words, `${which}: ${name}: ${report.all}`);
      }
    };
    check("from what the run stored");
    const all = project.lab("report", "--format", "html,csv,markdown,latex,json", "--output-dir", "out");
    assert.is(all.code, 0, all.all);
    const read = (name: string) => readFileSync(project.path("out", name), "utf8");
    assert.match(read("report.html"), /plain-drawn-chart/);
    assert.match(read("charts/plain-drawn-chart.svg"), /<path/);
    for (const name of ["report.html", "report.md", "report.tex"]) {
      assert.match(read(name), /Each dot is a trial\./, name);
      assert.match(read(name), /Trials by level/, name);
    }
    assert.is(read("tables/plain-tabled.csv"), "level,n\n1,5\n2,5\n");
    const stored = JSON.parse(readFileSync(project.path(".lab/runs", id, "custom-results.json"), "utf8")) as {
      plain: { drawn: { spec: { data: { values: readonly Readonly<Record<string, unknown>>[] } } } };
    };
    assert.equal(Object.keys(stored.plain.drawn.spec.data.values[0]!), ["level", "score"]);
    rmSync(project.path(".lab/runs", id, "custom-results.json"));
    const again = project.lab("report", "--analysis-timeout", "3s");
    assert.is(again.code, 0, again.all);
    check("from what the report stored");
  } finally {
    project.remove();
  }
});

test.run();
