// Promise: `lab export` gives a run's manifest and result records, each trial by its id with what it was run with and what became of it;
// and `--replicates` runs the replicates named.
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";
import { troubled, walk } from "./sample-experiments.ts";

const seeded = walk
  .replace('name: "walk"', 'name: "seeded"')
  .replace("turned: metric.boolean()", "turned: metric.boolean(), seed: metric.number()")
  .replace("trial({ parameters,", "trial({ replicate: { seed }, parameters,")
  .replace("Math.abs(position), turned", "Math.abs(position), turned, seed")
  .replace('seed: 7, pairing: "common-random-numbers"', "seed: 7");

const project = projectOf({ "seeded.experiment.ts": seeded, "troubled.experiment.ts": troubled });
test.after(() => project.remove());

interface ManifestRow {
  readonly simulation_id: string;
  readonly replicate: number;
  readonly seed: number;
  readonly status: string;
  readonly error: string | null;
  readonly seconds: number | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

function lab(...args: string[]): string {
  const { code, stdout, all } = project.lab(...args);
  assert.is(code, 0, all);
  return stdout;
}

function manifest(...args: string[]): readonly ManifestRow[] {
  const lines = lab("export", "manifest-jsonl", ...args)
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line));
}

test("only the replicates named are run, and the manifest has each trial's seed as the trial was handed it", () => {
  lab("run", "seeded", "-q", "--replicates", "0,2-3");
  const rows = manifest("seeded");
  assert.is(rows.length, 12);
  assert.equal([...new Set(rows.map(({ replicate }) => replicate))], [0, 2, 3]);
  assert.ok(rows.every(({ status, error }) => status === "completed" && error === null));
  const trials: readonly { readonly trial: string; readonly seed: number }[] = JSON.parse(
    lab("export", "json", "seeded"),
  );
  assert.equal(
    rows.map(({ seed }) => seed),
    trials.map(({ seed }) => seed),
  );
  const [first] = rows;
  assert.ok(lab("show", first!.simulation_id).includes(first!.simulation_id));
});

test("the manifest as CSV has the same trials, a column a parameter", () => {
  const [head = "", ...lines] = lab("export", "manifest-csv", "seeded").trim().split("\n");
  assert.is(
    head,
    "simulation_id,experiment,condition,replicate,seed,status,started_at,ended_at,seconds,error,parameter_steps,parameter_bias",
  );
  const rows = manifest("seeded");
  assert.equal(
    lines.map((line) => line.split(",")[0]),
    rows.map((row) => row.simulation_id),
  );
});

test("a result record says success, partial or failed; the series stand beside it", () => {
  lab("export", "result-json", "seeded", "-o", project.path("out.json"));
  const [record] = JSON.parse(project.read("out.json"));
  assert.equal(Object.keys(record), [
    "experiment_name",
    "timestamp",
    "status",
    "config",
    "metrics",
    "artifacts",
    "error_message",
    "execution_time_seconds",
  ]);
  assert.is(record.status, "success");
  assert.is(record.error_message, null);
  assert.is(record.metrics.length, 4);
  assert.is(record.metrics[0].measured, 3);
  assert.equal(record.config.parameters, {});
  assert.equal(record.config.levels, { steps: [10, 40], bias: [0, 0.2] });
  const detailed = project.read("out_detailed.jsonl").trim().split("\n");
  const [first] = detailed.map((line) => JSON.parse(line));
  assert.is(detailed.length, 12);
  assert.is(first.series.path.length, first.parameters.steps);

  for (const [replicates, status] of [
    ["0-2", "partial"],
    ["1", "failed"],
  ] as const) {
    assert.is(
      project.lab(
        "run",
        "troubled",
        "-q",
        "--filter",
        "mode=throws",
        "--replicates",
        replicates,
        "--name",
        status,
      ).code,
      3,
    );
    const [own] = JSON.parse(lab("export", "result-json", "troubled", "--run", status));
    assert.is(own.status, status);
    assert.equal(own.config.parameters, { mode: "throws" });
    assert.equal(own.config.levels, {});
    assert.ok(own.error_message.includes("have no measurement; first: "));
  }
  assert.ok(manifest("--run", "partial").some((row) => row.status === "failed" && row.error !== null));
});

test("wrong words are refused with the nearest", () => {
  const format = project.lab("export", "manifest-cvs");
  assert.is(format.code, 2);
  assert.ok(format.all.includes("manifest-csv"), format.all);
  const indices = project.lab("run", "seeded", "--replicates", "3-1");
  assert.is(indices.code, 2);
  assert.ok(indices.all.includes("0,1,2 or 0-2,5"), indices.all);
});

test.run();
