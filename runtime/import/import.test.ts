// Promise: results of other tools, in the formats that those tools write, become runs whose trials, factors, replicates and metrics are those of
// the source; importing again changes nothing; a mistake in a file is told at its line.
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import Database from "libsql";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { openStore } from "../store/project-store.ts";
import { queryRun } from "../store/sql/query.ts";
import { temporaryProject } from "../store/testing/plan-fixture.ts";
import { type ImportedRun, type ImportOptions, importResults } from "./import-results.ts";
import type { ImportKind } from "./imported.ts";

const root = temporaryProject();
test.after(() => rmSync(root, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function imported(
  kind: ImportKind,
  path: string,
  more: Partial<ImportOptions> = {},
): Promise<ImportedRun> {
  return importResults({
    ...{
      store: openStore(root),
      kind,
      path: join(root, path),
      shown: path,
      command: `lab import ${kind} ${path}`,
    },
    choices: { file: null, metrics: null, parameters: null, study: null, ...more.choices },
    seed: more.seed ?? null,
    name: more.name ?? null,
  });
}

async function rowsOf({ run }: ImportedRun, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await queryRun({ store: openStore(root), run, sql })).rows;
}

async function wordsOf(step: Promise<unknown>): Promise<string> {
  return step.then(
    () => assert.unreachable("it must fail"),
    (error: Error & { readonly hint?: string | null }) => `${error.message} ${error.hint ?? ""}`,
  ) as Promise<string>;
}

test("hydra: what varies is a factor, the seed numbers replicates, a job without metrics failed", async () => {
  for (const [job, lr, seed] of [
    [0, 0.1, 1],
    [1, 0.1, 2],
    [2, 0.01, 1],
    [3, 0.01, 2],
  ] as const) {
    const folder = `multirun/2026-11-29/10-00-00/${job}`;
    write({
      [`${folder}/.hydra/config.yaml`]: `optimizer:\n  name: adam\n  lr: ${lr}\nseed: ${seed}\nlayers: [64, 64]\n`,
      [`${folder}/.hydra/overrides.yaml`]: `- optimizer.lr=${lr}\n- seed=${seed}\n`,
      [`${folder}/.hydra/hydra.yaml`]: "hydra:\n  job:\n    name: train\n",
      ...(job !== 3 && {
        [`${folder}/metrics.csv`]: `epoch,loss,done\n0,1.5,false\n1,${lr * 10 + seed},true\n`,
      }),
    });
  }
  const run = await imported("hydra", "multirun/2026-11-29", { name: "train" });
  assert.equal([run.factors, run.conditions, run.trials], [["optimizer.lr"], 2, 4]);
  assert.equal(
    await rowsOf(
      run,
      `select "optimizer.lr", replicate, outcome, loss, done, layers from train order by 1, 2`,
    ),
    [
      [0.01, 0, "measured", 1.1, true, "[64,64]"],
      [0.01, 1, "failed", null, null, "[64,64]"],
      [0.1, 0, "measured", 2, true, "[64,64]"],
      [0.1, 1, "measured", 3, true, "[64,64]"],
    ],
  );
  assert.equal(await rowsOf(run, "select count(*), sum(epoch) from series_metrics"), [[6, 3]]);
  const plan = await openStore(root).planOf(run.run);
  assert.equal(plan.experiments[0]?.replicates.seeds, [1, 2]);
  assert.match(plan.experiments[0]?.description ?? "", /Not known: the code and its version/);
  assert.is(run.run.provenance.cpu, "unknown");
  const again = await imported("hydra", "multirun/2026-11-29", { name: "train" });
  assert.equal([again.run.id, again.isNew], [run.run.id, false]);
  assert.match(
    await wordsOf(
      imported("hydra", "multirun", {
        choices: { file: "metric.csv", metrics: null, parameters: null, study: null },
      }),
    ),
    /metrics\.csv/,
  );
});

test("folder: JSON lines are a series, mistakes are at file and line", async () => {
  write({
    "out/a/config.json": `{ "size": 1 }`,
    "out/a/metrics.jsonl": `{"loss": 2}\n{"loss": NaN}\n{"loss": 1}\n`,
    "out/b/config.yaml": "size: 2\n",
    "out/b/metrics.jsonl": `{"loss": 3}\n`,
  });
  const run = await imported("folder", "out");
  assert.equal(await rowsOf(run, "select size, loss from out order by size"), [
    [1, 1],
    [2, 3],
  ]);
  write({ "out/b/metrics.jsonl": `{"loss": 3}\n{"loss": \n` });
  assert.match(await wordsOf(imported("folder", "out")), /out\/b\/metrics\.jsonl:2: /);
  write({ "out/b/metrics.jsonl": `{"loss": 3}\n`, "out/b/config.yaml": "size: 2\nsize: [\n" });
  assert.match(await wordsOf(imported("folder", "out")), /out\/b\/config\.yaml:\d: /);
});

const distributions = {
  lr: `{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-05, "high": 0.1, "log": true}}`,
  kind: `{"name": "CategoricalDistribution", "attributes": {"choices": ["relu", "tanh"]}}`,
};

test("optuna: SQLite storage with pruned, failed and running trials, and several studies", async () => {
  const path = join(root, "study.db");
  const database = new Database(path);
  database.exec(`
CREATE TABLE studies (study_id INTEGER PRIMARY KEY, study_name VARCHAR(512) NOT NULL);
CREATE TABLE study_directions (study_direction_id INTEGER PRIMARY KEY, direction VARCHAR(8) NOT NULL, study_id INTEGER NOT NULL, objective INTEGER NOT NULL);
CREATE TABLE trials (trial_id INTEGER PRIMARY KEY, number INTEGER, study_id INTEGER, state VARCHAR(8) NOT NULL, datetime_start DATETIME, datetime_complete DATETIME);
CREATE TABLE trial_params (param_id INTEGER PRIMARY KEY, trial_id INTEGER, param_name VARCHAR(512), param_value FLOAT, distribution_json TEXT);
CREATE TABLE trial_values (trial_value_id INTEGER PRIMARY KEY, trial_id INTEGER NOT NULL, objective INTEGER NOT NULL, value FLOAT, value_type VARCHAR(7) NOT NULL);
CREATE TABLE trial_intermediate_values (trial_intermediate_value_id INTEGER PRIMARY KEY, trial_id INTEGER NOT NULL, step INTEGER NOT NULL, intermediate_value FLOAT, intermediate_value_type VARCHAR(7) NOT NULL);
INSERT INTO studies VALUES (1, 'tune'), (2, 'other');
INSERT INTO study_directions VALUES (1, 'MAXIMIZE', 1, 0), (2, 'MINIMIZE', 2, 0);
INSERT INTO trials VALUES (1, 0, 1, 'COMPLETE', '2026-11-01 10:00:00.000000', '2026-11-01 10:00:02.500000'), (2, 1, 1, 'PRUNED', NULL, NULL), (3, 2, 1, 'FAIL', NULL, NULL), (4, 3, 1, 'RUNNING', NULL, NULL), (5, 4, 1, 'COMPLETE', NULL, NULL);
INSERT INTO trial_values (trial_id, objective, value, value_type) VALUES (1, 0, 0.9, 'FINITE'), (5, 0, NULL, 'INF_POS');
INSERT INTO trial_intermediate_values (trial_id, step, intermediate_value, intermediate_value_type) VALUES (1, 0, 0.5, 'FINITE'), (1, 1, 0.8, 'FINITE'), (2, 0, 0.1, 'FINITE'), (2, 1, NULL, 'NAN');`);
  const insert = database.prepare(
    "INSERT INTO trial_params (trial_id, param_name, param_value, distribution_json) VALUES (?, ?, ?, ?)",
  );
  for (const trial of [1, 2, 3, 4, 5]) {
    insert.run(trial, "lr", trial / 100, distributions.lr);
    insert.run(trial, "kind", trial % 2, distributions.kind);
  }
  database.close();
  assert.match(await wordsOf(imported("optuna", "study.db")), /2 studies: tune, other .*--study tune/);
  const of = (study: string) =>
    imported("optuna", "study.db", { choices: { file: null, metrics: null, parameters: null, study } });
  assert.match(await wordsOf(of("tunee")), /Did you mean "tune"/);
  const run = await of("tune");
  assert.equal(await rowsOf(run, "select lr, kind, outcome, value, message from tune order by lr"), [
    [0.01, "tanh", "measured", 0.9, null],
    [0.02, "relu", "refused", null, "pruned at step 1, value null"],
    [0.03, "tanh", "failed", null, "Optuna says FAIL"],
    [0.05, "tanh", "measured", null, null],
  ]);
  assert.equal(await rowsOf(run, "select duration_ms from tune where lr = 0.01"), [[2500]]);
  assert.equal(
    await rowsOf(run, "select step, value from series_intermediate order by condition, position"),
    [
      [0, 0.5],
      [1, 0.8],
      [0, 0.1],
      [1, null],
    ],
  );
  const [experiment] = (await openStore(root).planOf(run.run)).experiments;
  assert.is(experiment?.metrics.value?.direction, "maximize");
});

test("optuna: a journal file is replayed, several objectives are several metrics", async () => {
  const lines = [
    { op_code: 0, study_name: "two goals", directions: [1, 2] },
    { op_code: 4, study_id: 0, datetime_start: "2026-11-01T10:00:00.000000" },
    { op_code: 5, trial_id: 0, param_name: "lr", param_value_internal: 0.5, distribution: distributions.lr },
    { op_code: 8, trial_id: 0, user_attr: { note: "mine" } },
    { op_code: 6, trial_id: 0, state: 1, values: [1, 2], datetime_complete: "2026-11-01T10:00:01.000000" },
    { op_code: 4, study_id: 0, datetime_start: "2026-11-01T10:00:00.000000" },
    { op_code: 5, trial_id: 1, param_name: "lr", param_value_internal: 0.25, distribution: distributions.lr },
    { op_code: 6, trial_id: 1, state: 1, values: [3, 4], datetime_complete: "2026-11-01T10:00:01.000000" },
  ];
  const text = lines.map((line) => `${JSON.stringify({ worker_id: "w", ...line })}\n`).join("");
  write({ "journal.log": text });
  const run = await imported("optuna", "journal.log");
  assert.equal(await rowsOf(run, "select lr, value_0, value_1 from trials order by lr"), [
    [0.25, 3, 4],
    [0.5, 1, 2],
  ]);
  write({ "journal.log": `${text}{"op_code": 6, "trial_id": 9, "state": 1}\n` });
  assert.match(await wordsOf(imported("optuna", "journal.log")), /journal\.log:9: there is no trial 9/);
});

test("inspect: .json and .eval logs, epochs as replicates, samples as a factor, grades as numbers", async () => {
  const log = (model: string) => ({
    version: 2,
    status: "success",
    eval: { task: "bench/sums", model, task_args: { digits: 2 }, config: { epochs: 2 } },
    results: { scores: [{ name: "match", metrics: { accuracy: { name: "accuracy", value: 0.5 } } }] },
  });
  const samples = (grade: string) =>
    [1, 2].flatMap((epoch) =>
      ["a", "b"].map((id) => ({
        id,
        epoch,
        input: "1+1",
        target: "2",
        scores: { match: { value: id === "a" ? grade : "I", answer: "2" } },
        model_usage: { m: { input_tokens: 10, output_tokens: 3, total_tokens: 13 } },
        total_time: 0.5,
        ...(id === "b" &&
          epoch === 2 && { error: { message: "rate limit", traceback: "" }, scores: undefined }),
      })),
    );
  write({ "logs/one.json": JSON.stringify({ ...log("openai/one"), samples: samples("C") }) });
  const script = `import json, sys, zipfile
header, samples = json.load(sys.stdin)
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("header.json", json.dumps(header))
    for s in samples:
        z.writestr(f"samples/{s['id']}_epoch_{s['epoch']}.json", json.dumps(s))
    z.writestr("summaries.json", "[]")`;
  execFileSync("python3", ["-c", script, join(root, "logs/two.eval")], {
    input: JSON.stringify([log("openai/two"), samples("P")]),
  });
  const run = await imported("inspect", "logs");
  assert.equal([run.run.experiments, run.factors, run.trials], [["sums"], ["model", "sample"], 8]);
  assert.equal(
    await rowsOf(
      run,
      "select model, sample, replicate, outcome, match, input_tokens from sums order by 1, 2, 3",
    ),
    ["one", "two"].flatMap((model, index) => [
      [`openai/${model}`, "a", 0, "measured", index === 0 ? 1 : 0.5, 10],
      [`openai/${model}`, "a", 1, "measured", index === 0 ? 1 : 0.5, 10],
      [`openai/${model}`, "b", 0, "measured", 0, 10],
      [`openai/${model}`, "b", 1, "failed", null, null],
    ]),
  );
  // Written by `zstd` 1.5.4 over two lines; Python before 3.14 packs no such member, so the mark of its method is put in after.
  const packed =
    "KLUv/STgzQQA8ogcHHCJcygYtGz8doOvSTbS6T8bIFGPGdtmAtAJZgERQZC8vowxGn3t3Wk82O5MyllEewh7XNRBpFmlsTuj6D8SP1zYlOBhaBfO0TtvWNio4vEpe/S6W6gl7jYgP9gF0qcC6sHHYe5UXj8k7dk7r/e6wjwGDgA5CRdud6n44BwHMWrHAwXuUVXLXSU+qzC3Okaz9c8d9jqdloPomw==";
  const zstd = `import base64, json, struct, sys, zipfile
header, packed = json.load(sys.stdin)
sample = base64.b64decode(packed)
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_STORED) as z:
    z.writestr("header.json", json.dumps(header))
    z.writestr("samples/a_epoch_1.json", sample)
data = bytearray(open(sys.argv[1], "rb").read())
at = data.index(b"PK\\x01\\x02", data.index(b"PK\\x01\\x02") + 1)
data[at + 10 : at + 12] = struct.pack("<H", 93)
data[at + 24 : at + 28] = struct.pack("<I", int(sys.argv[2]))
open(sys.argv[1], "wb").write(data)`;
  const zipped = (file: string, size: number) =>
    execFileSync("python3", ["-c", zstd, join(root, file), `${size}`], {
      input: JSON.stringify([log("openai/three"), packed]),
    });
  zipped("three.eval", 224);
  const three = await imported("inspect", "three.eval");
  assert.equal(await rowsOf(three, "select sample, match, input_tokens from sums"), [["a", 1, 10]]);
  zipped("damaged.eval", 20);
  assert.match(await wordsOf(imported("inspect", "damaged.eval")), /damaged\.eval is damaged: .*Zstandard/);
  write({ "no.json": `{"version": 2}` });
  assert.match(await wordsOf(imported("inspect", "no.json")), /no log of Inspect/);
});

test("wandb-csv: metrics are named, meta columns are left out, crashed runs failed", async () => {
  write({
    "runs.csv": `"Name","State","Notes","User","Tags","Created","Runtime","Sweep","lr","seed","arch","loss","_step"
"a","finished","-","me","","2026-11-01T10:00:00.000Z","12","","0.1","1","big, wide","0.5","99"
"b","finished","-","me","","2026-11-01T10:00:00.000Z","13","","0.1","2","big, wide","0.25","99"
"c","crashed","-","me","","2026-11-01T10:00:00.000Z","3","","0.2","1","big, wide","","10"
"d","running","-","me","","2026-11-01T10:00:00.000Z","3","","0.2","2","big, wide","7","10"
`,
  });
  const choices = { file: null, metrics: ["loss"], parameters: null, study: null };
  assert.match(
    await wordsOf(imported("wandb-csv", "runs.csv")),
    /--metrics .*There are lr, seed, arch, loss/,
  );
  assert.match(
    await wordsOf(imported("wandb-csv", "runs.csv", { choices: { ...choices, metrics: ["los"] } })),
    /runs\.csv:1: there is no column "los" Did you mean "loss"/,
  );
  const run = await imported("wandb-csv", "runs.csv", { choices });
  assert.equal(
    await rowsOf(run, "select lr, replicate, arch, outcome, loss, duration_ms from runs order by 1, 2"),
    [
      [0.1, 0, "big, wide", "measured", 0.5, 12_000],
      [0.1, 1, "big, wide", "measured", 0.25, 13_000],
      [0.2, 0, "big, wide", "failed", null, 3000],
    ],
  );
  // As pandas writes the histories of several runs, one below the other.
  write({
    "history.csv": `,_step,loss,accuracy,lr,seed,run_id,_timestamp,grad
0,0,1.5,,0.1,7,aa,1764400000,3
1,10,1.0,0.5,0.1,7,aa,1764400010,2
2,20,,0.75,0.1,7,aa,1764400020,1
0,10,0.5,0.9,0.2,7,bb,1764400010,2
1,0,2.5,,0.2,7,bb,1764400000,3
0,0,1.25,0.25,0.1,8,cc,1764400000,3
0,0,0.75,0.5,0.2,8,dd,1764400000,3
`,
  });
  const history = { ...choices, metrics: ["loss", "accuracy"] };
  const long = await imported("wandb-csv", "history.csv", { choices: history });
  assert.equal([long.factors, long.trials], [["lr"], 4]);
  assert.match(long.notes.join(), /left out: grad/);
  assert.equal(await rowsOf(long, "select lr, replicate, loss, accuracy from history order by 1, 2"), [
    [0.1, 0, 1, 0.75],
    [0.1, 1, 1.25, 0.25],
    [0.2, 0, 0.5, 0.9],
    [0.2, 1, 0.75, 0.5],
  ]);
  assert.equal(
    await rowsOf(long, "select position, step, loss from series_history where lr = 0.2 and replicate = 0"),
    [
      [0, 0, 2.5],
      [1, 10, 0.5],
    ],
  );
  const { replicates } = (await openStore(root).planOf(long.run)).experiments[0]!;
  assert.equal([replicates.seeds, replicates.pairing], [[7, 8], "common-random-numbers"]);
  assert.match(long.unknown.join(), /how the seeds were used \(trials of one seed are compared as pairs\)/);
  write({ "lone.csv": "lr,seed,loss\n1,11,1\n1,12,2\n2,13,3\n2,14,4\n" });
  const lone = await imported("wandb-csv", "lone.csv", { choices });
  assert.equal(await rowsOf(lone, "select lr, replicate, loss from lone order by 1, 2"), [
    [1, 0, 1],
    [1, 1, 2],
    [2, 0, 3],
    [2, 1, 4],
  ]);
  write({ "short.csv": "lr,loss\n1,2\n3\n" });
  assert.match(await wordsOf(imported("wandb-csv", "short.csv", { choices })), /short\.csv:3: /);
});

test.run();
