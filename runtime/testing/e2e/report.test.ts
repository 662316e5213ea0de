// Promise: a report is made from the stored run alone, byte for byte, without the experiment's code; its gates decide the exit code.
import { chmodSync, existsSync, readdirSync, rmSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";
import { spin } from "./sample-experiments.ts";

const source = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { largest } from "./largest.ts";

export default defineExperiment({
  name: "gated",
  parameters: { mean: sweep([0.3, 0.6]) },
  replicates: replicate(40, { seed: 1 }),
  metrics: { score: metric.number() },
  trial: ({ parameters, random }) => ({ score: parameters.mean + 0.1 * random.normal() }),
  analyses: ({ compare, expect, custom }) => [
    compare("score", { across: "mean", baseline: 0.3 }),
    expect("score").toBeAbove(0.2),
    expect("score").toDiffer({ across: "mean", baseline: 0.3 }),
    custom("largest", (rows) => ({ estimate: largest(rows.map((row) => row.metrics?.score ?? 0)) })),
  ],
});
`;
const files = {
  "gated.experiment.ts": source,
  "largest.ts": "export const largest = (values: readonly number[]): number => Math.max(...values);\n",
};

function withRun(of: Readonly<Record<string, string>>, use: (project: Project) => void): void {
  const project = projectOf(of);
  try {
    const run = project.lab("run", "--quiet");
    assert.is(run.code, 0, run.all);
    use(project);
  } finally {
    project.remove();
  }
}

test("without the experiment's code the same report comes out, byte for byte, custom analyses too", () => {
  withRun(files, (project) => {
    const formats = "html,csv,json,markdown,latex,svg";
    const first = project.lab("report", "--format", formats, "--output-dir", "one");
    assert.is(first.code, 0, first.all);
    assert.match(first.stdout, /largest: 0\.\d+/);
    for (const file of Object.keys(files)) rmSync(project.path(file));
    const second = project.lab("report", "--format", formats, "--output-dir", "two");
    assert.is(second.code, 0, second.all);
    const names = readdirSync(project.path("one"), { recursive: true, encoding: "utf8" }).filter((name) =>
      name.includes("."),
    );
    assert.ok(names.length >= 8, `${names.length} files`);
    for (const name of names) assert.is(project.read(`two/${name}`), project.read(`one/${name}`), name);
  });
});

test("gates that pass give 0; one that fails or is undecided gives 5 and says why", () => {
  withRun(files, (project) => {
    const passed = project.lab("report", "--check", "--junit", "ci/gates.xml");
    assert.is(passed.code, 0, passed.all);
    assert.match(project.read("ci/gates.xml"), 'tests="2" failures="0"');
  });
  for (const [claim, verdict] of [
    ['expect("score").toBeAbove(0.5)', "failed"],
    ['expect("score").toBeWithin([0.31, 0.7])', "undecided"],
  ] as const) {
    withRun(
      { ...files, "gated.experiment.ts": source.replace('expect("score").toBeAbove(0.2)', claim) },
      (project) => {
        const checked = project.lab("report", "--check", "--junit", "gates.xml", "--json");
        assert.is(checked.code, 5, checked.all);
        assert.equal(
          JSON.parse(checked.stdout).gates.map((gate: { verdict: string }) => gate.verdict),
          [verdict, "passed"],
        );
        assert.match(checked.stderr, "1 of 2 gates not passed");
        assert.match(project.read("gates.xml"), `<failure type="${verdict}"`);
        assert.is(project.lab("report", "--quiet").code, 0, "without --check a report is a report");
      },
    );
  }
});

test("a report that cannot be written says why in words, with code 2, and leaves nothing", () => {
  withRun(files, (project) => {
    project.write("taken", "");
    const ended = project.lab("report", "--output-dir", "taken/inside", "--format", "csv,json");
    assert.is(ended.code, 2, ended.all);
    assert.match(ended.stderr, /cannot be made: a file is in the place of a folder/);
    assert.not.match(ended.all, /has a bug/);
    assert.is(project.read("taken"), "");
  });
});

test("an analysis without an answer stands in its place; --check takes it for undecided", () => {
  const broken = source.replace("({ estimate: largest(", "rows.length > 0 ? never() : ({ estimate: largest(");
  const withNever = `${broken}\nfunction never(): never {\n  throw new Error("no largest today");\n}\n`;
  withRun({ ...files, "gated.experiment.ts": withNever }, (project) => {
    const plain = project.lab("report", "--format", "csv,json");
    assert.is(plain.code, 0, plain.all);
    assert.match(plain.stdout, /largest: not answered, because .*no largest today/);
    const checked = project.lab("report", "--check", "--quiet");
    assert.is(checked.code, 5, checked.all);
    assert.match(checked.stderr, /1 analysis has no answer/);
  });
});

test("--open hands the page to the platform's opener, and a machine without one is told where it lies", async () => {
  const project = projectOf(files);
  try {
    assert.is(project.lab("run", "--quiet").code, 0);
    const opener = process.platform === "darwin" ? "open" : "xdg-open";
    project.write(
      `bin/${opener}`,
      `#!/bin/sh\necho "$1" > "${project.path("opened.tmp")}" && mv "${project.path("opened.tmp")}" "${project.path("opened")}"\n`,
    );
    chmodSync(project.path(`bin/${opener}`), 0o755);
    const path = `${project.path("bin")}:${process.env.PATH ?? ""}`;
    const end = await ended(project.start(["report", "--open", "--format", "csv"], { PATH: path }));
    assert.is(end.code, 0, end.all);
    for (let tries = 0; tries < 200 && !existsSync(project.path("opened")); tries += 1)
      await new Promise((done) => setTimeout(done, 10));
    assert.match(project.read("opened").trim(), /report\.html$/);
    const none = await ended(project.start(["report", "--open"], { PATH: project.path("nothing") }));
    assert.is(none.code, 0, none.all);
    assert.match(none.stderr, "the page is");
  } finally {
    project.remove();
  }
});

test("--watch writes while the run goes on, and ends with it and with the report of the whole run", async () => {
  const slow = source.replace("score: parameters", "score: 0 * spin(40, 0.5) + parameters");
  const project = projectOf({
    ...files,
    "gated.experiment.ts": `import { spin } from "./spin.ts";\n${slow}`,
    "spin.ts": spin,
  });
  try {
    const run = project.start(["run", "-j", "1", "--json"]);
    const over = ended(run);
    await new Promise<void>((resolve) => {
      run.stdout?.on("data", (bytes) => {
        if (String(bytes).includes('"type":"progress"')) resolve();
      });
      run.on("close", () => resolve());
    });
    const watched = await ended(
      project.start(["report", "--watch", "--output-dir", "live", "--format", "json"]),
    );
    assert.is(watched.code, 0, watched.all);
    assert.match(watched.stdout, "the run goes on");
    assert.is((await over).code, 0);
    assert.is(project.lab("report", "--format", "json", "--output-dir", "after").code, 0);
    assert.is(project.read("live/report.json"), project.read("after/report.json"));
  } finally {
    project.remove();
  }
});

test.run();
