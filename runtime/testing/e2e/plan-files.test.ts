// Promise: a plan file in YAML or JSON runs as it is, over a program or a module; its manifest maps every simulation to its parameters;
// and the module that `lab import` writes has the same trials.
import { readFileSync, rmSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { blocksOf, commandsUnder } from "./documented.ts";
import { projectOf } from "./project.ts";

const plan = `experiment_name: learning rates
description: How fast the learner may go
tags: [grid]
base_config_file_path: configs/base.yaml
parameter_space:
  training.lr: [0.1, 0.01]
  training:
    rounds: { min: 10, max: 20, step: 10 }
num_replicates_per_run: 2
metrics_to_track:
  - final.win_rate
  - loss
  - steps: { type: series, from: steps.jsonl, columns: { step: integer, rate: number, note: text } }
program:
  run: [sh, simulate.sh, "{config}"]
  seed: random_seed
`;

const base = `# The fish.
use_gpu: no # as it stands
training:
  lr: 0.5
  rounds: 99
  eps: 1e-4
`;

/** Keeps the configuration in its output, and measures it. */
const script = `cat "$1"
lr=$(sed -n 's/^ *lr: //p' "$1")
rounds=$(sed -n 's/^ *rounds: //p' "$1")
echo "{ \\"final\\": { \\"win_rate\\": $lr }, \\"loss\\": $rounds }" > metrics.json
echo "{ \\"step\\": 1, \\"rate\\": $lr, \\"note\\": \\"first\\" }" >> steps.jsonl
echo "{ \\"step\\": 2, \\"rate\\": $lr, \\"note\\": \\"last\\" }" >> steps.jsonl
`;

const simulate = `export function trial({ parameters, random }: {
  parameters: { training_lr: number; training_rounds: number; training_eps: number; use_gpu: string };
  random: { normal(): number };
}) {
  const { training_lr, training_rounds, training_eps, use_gpu } = parameters;
  return { score: training_lr * training_rounds + training_eps + random.normal() + use_gpu.length };
}
`;

const combinations = JSON.stringify(
  {
    experiment_id: "over-module",
    base_config_file_path: "configs/base.yaml",
    parameter_space: [{ "training.lr": 0.1, "training.rounds": 5 }, { "training.lr": 0.2 }],
    num_replicates_per_run: 3,
    metrics_to_track: { score: { direction: "maximize" } },
    module: "simulate.ts",
  },
  null,
  2,
);

const project = projectOf({
  "plan.yaml": plan,
  "sweep.json": combinations,
  "configs/base.yaml": base,
  "simulate.sh": script,
  "simulate.ts": simulate,
});
test.after(() => project.remove());

interface Row {
  readonly simulation_id: string;
  readonly status: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

function manifest(file: string): readonly Row[] {
  const { stdout, all } = project.lab("export", "manifest-jsonl", file);
  assert.ok(stdout !== "", all);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
}

let ids: readonly string[] = [];

test("a plan over a program runs as it is: a grid of values and a range, each trial with the whole configuration", () => {
  const ran = project.lab("run", "plan.yaml", "-j", "2", "--json");
  assert.is(ran.code, 0, ran.all);
  const rows = manifest("plan.yaml");
  assert.is(rows.length, 8);
  ids = rows.map(({ simulation_id }) => simulation_id);
  assert.is(new Set(ids).size, 8);
  assert.equal(new Set(rows.map(({ status }) => status)), new Set(["completed"]));
  assert.equal(
    new Set(rows.map(({ parameters }) => JSON.stringify(parameters))),
    new Set(
      [0.1, 0.01].flatMap((lr) =>
        [10, 20].map((rounds) => `{"training_lr":${lr},"training_rounds":${rounds}}`),
      ),
    ),
  );
  const log = project.lab("logs", ids[0]!).stdout;
  for (const line of ["# The fish.", "use_gpu: no", "lr: 0.1", "rounds: 10", "eps: 1e-4", "random_seed: "])
    assert.ok(log.includes(line), `${line}\n${log}`);
  const trials = JSON.parse(project.lab("export", "json", "plan.yaml").stdout) as Record<string, unknown>[];
  for (const trial of trials) {
    assert.is(trial.final_win_rate, trial.training_lr);
    assert.is(trial.loss, trial.training_rounds);
  }
  const steps = project.lab(
    "query",
    "select count(*) as n, max(step) as last, count(distinct note) as notes from series_steps where rate = training_lr",
    "--format",
    "csv",
  );
  assert.match(steps.stdout, /^16,2,2$/m, steps.all);
});

test("the files of the page are a project in which its commands run", () => {
  const [plan, base, program] = blocksOf("docs/plan-files.md").map(({ text }) => text);
  const page = projectOf({
    "plan.yaml": `${plan}\n`,
    "configs/base.yaml": `${base}\n`,
    "train.py": `${program}\n`,
  });
  try {
    for (const words of commandsUnder("docs/plan-files.md", "Plan files", {})) {
      const { code, all } = page.lab(...words);
      assert.is(code, 0, all);
    }
    assert.match(page.read("manifest.csv"), /^simulation_id,.*training_lr/);
  } finally {
    page.remove();
  }
});

test("status and plan take the file, and a walk through the project finds it", () => {
  assert.match(project.lab("status", "plan.yaml").stdout, /learning-rates +8 +8/);
  assert.match(project.lab("plan", "plan.yaml").stdout, /learning-rates/);
  assert.match(project.lab("build").stdout, /^learning-rates .*plan\.yaml\n/);
  assert.match(project.lab("plan", "--tag", "grid").stdout, /learning-rates/);
});

test("the imported module has the same trials: nothing runs again", () => {
  const imported = project.lab("import", "plan.yaml");
  assert.is(imported.code, 0, imported.all);
  assert.ok(imported.stdout.startsWith("wrote plan.experiment.ts\n"), imported.all);
  const both = project.lab("build");
  assert.is(both.code, 2, both.all);
  assert.match(both.all, /duplicate-experiment/);
  rmSync(project.path("plan.yaml"));
  const run = project.lab("run", "plan.experiment.ts", "--force", "-j", "2", "--json");
  assert.is(run.code, 0, run.all);
  assert.equal(
    manifest("plan.experiment.ts").map(({ simulation_id }) => simulation_id),
    ids,
  );
  project.write("plan.yaml", plan);
  assert.is(project.lab("import", "plan.yaml").code, 2);
  rmSync(project.path("plan.experiment.ts"));
});

test("a JSON plan over a module of the project: combinations, what one leaves out and all else comes from the base", () => {
  const ran = project.lab("run", "sweep.json", "-j", "2", "--json");
  assert.is(ran.code, 0, ran.all);
  const seen = new Set(manifest("sweep.json").map(({ parameters }) => JSON.stringify(parameters)));
  assert.is(seen.size, 2);
  for (const [lr, rounds] of [
    [0.1, 5],
    [0.2, 99],
  ])
    assert.ok(
      [...seen].some(
        (text) =>
          JSON.parse(text).training_lr === lr &&
          JSON.parse(text).training_rounds === rounds &&
          JSON.parse(text).training_eps === 1e-4,
      ),
      [...seen].join("\n"),
    );
});

test("why, power and completion know a plan file that only its name leads to", () => {
  const words = (line: string): readonly string[] =>
    project.lab("completion", "words", "--", line).stdout.trim().split("\n");
  assert.equal(words("lab run pl"), ["plan.yaml"]);
  assert.equal(words("lab status sw"), ["sweep.json"]);
  const kinds = ["hydra", "optuna", "inspect", "wandb-csv", "folder"];
  assert.equal(words("lab import "), ["plan.yaml", "sweep.json", ...kinds]);
  const why = project.lab("why", "over-module/1/2");
  assert.is(why.code, 0, why.all);
  assert.match(why.stdout, /training_lr=0\.2.* replicate 2\) .*is recorded and will not run again/);
  project.write("simulate.ts", simulate.replace("+ use_gpu.length", "+ 1 + use_gpu.length"));
  const stale = project.lab("why", "over-module/1/2").stdout;
  project.write("simulate.ts", simulate);
  assert.match(stale, /recorded only under earlier code[\s\S]*simulate\.ts/);
  for (const file of ["sweep.json", "plan.yaml"]) {
    const planned = project.lab("power", file, "--sd", "0.3", "--effect", "0.1", "--json");
    assert.is(planned.code, 0, planned.all);
    assert.match(JSON.parse(planned.stdout).experiment, /over-module|learning-rates/);
  }
  const pilot = project.lab("power", "plan.yaml", "--pilot", "plan.yaml", "--effect", "1").all;
  assert.match(pilot, /the pilot has no two levels of training_lr with at least two different values/);
});

test("the manifest as CSV has a row for each simulation", () => {
  const [heading, ...rows] = project.lab("export", "manifest-csv", "plan.yaml").stdout.trim().split(/\r?\n/);
  assert.match(heading ?? "", /^simulation_id,/);
  assert.ok(
    ["parameter_training_lr", "parameter_training_rounds", "status"].every((name) =>
      heading?.split(",").includes(name),
    ),
  );
  assert.equal(rows.map((row) => row.split(",")[0]).sort(), [...ids].sort());
});

test("mistakes stand at line and column of the plan file, those of its module's types too", () => {
  project.write("wrong.json", combinations.replace("over-module", "wrong").replace("0.2", '"fast"'));
  const built = project.lab("build", "wrong.json", "--json");
  assert.is(built.code, 2, built.all);
  const { diagnostics } = JSON.parse(built.stdout) as { diagnostics: Readonly<Record<string, unknown>>[] };
  assert.equal(
    diagnostics.map(({ code, file, line, column }) => [code, file, line, column]),
    [["type-error", "wrong.json", 19, 13]],
  );
});

test("the example of docs/plan-files.md runs, command by command", () => {
  const page = readFileSync(new URL("../../../docs/plan-files.md", import.meta.url), "utf8");
  const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = "", text = ""]) => ({
    language,
    text,
  }));
  const [written = "", configured = ""] = blocks
    .filter(({ language }) => language === "yaml")
    .map(({ text }) => text);
  const textIn = (language: string): string =>
    blocks.find((block) => block.language === language)?.text ?? "";
  const example = projectOf({
    "plan.yaml": written,
    "configs/base.yaml": configured,
    "train.py": textIn("python"),
  });
  try {
    for (const line of textIn("console").trim().split("\n")) {
      const ran = example.lab(...line.replace(/^lab /, "").split(" "));
      assert.is(ran.code, 0, ran.all);
    }
    assert.is(example.read("manifest.csv").trim().split("\n").length, 1 + 24);
    const others = blocks.filter(
      ({ language, text }) => language === "yaml" && /^(parameter_space|program):/.test(text),
    );
    assert.is(others.length, 3);
    for (const [index, { text }] of others.entries()) {
      const [key = ""] = text.split(":");
      const rest = written.replace(/base_config.*\n/, "");
      const without =
        key === "program"
          ? rest.replace(/program: .*\n/, "")
          : rest.replace(/parameter_space:\n( .*\n)*/, "");
      example.write("data/train.csv", "");
      example.write(`other${index}.yaml`, `${without}${text}`.replace("learning-rates", `other-${index}`));
    }
    const built = example.lab("build", ...others.map((_, index) => `other${index}.yaml`));
    assert.is(built.code, 0, built.all);
  } finally {
    example.remove();
  }
});

test.run();
