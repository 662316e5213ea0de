// Promise: `lab init --from train.py` writes the draft of an experiment that builds and starts the script with its own options; where that
// cannot be, one sentence says why and nothing is written.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { projectOf } from "./project.ts";

const script = `import argparse, json
print("loading")
parser = argparse.ArgumentParser()
parser.add_argument("--verbose", action="store_true")
commands = parser.add_subparsers(dest="command", required=True)
train = commands.add_parser("train")
train.add_argument("--seed", type=int)
train.add_argument("--learning-rate", type=float, default=0.1, help="100%% a step")
train.add_argument("--kind", choices=["a", "b"], default="a")
train.add_argument("--rounds", type=int, required=True)
train.add_argument("--layers", type=int, nargs="+", default=[64, 32])
train.add_argument("--label", default="007")
commands.add_parser("show").add_argument("what")
given = parser.parse_args()
assert given.seed > 1 and given.label == "007"
with open("metrics.json", "w") as file:
    json.dump({"exampleScore": given.learning_rate + given.rounds + (given.kind == "b")}, file)
`;

const hasPython = spawnSync("python3", ["--version"]).error === undefined;

function withPython(name: string, promise: () => void): void {
  test(name, () => {
    if (hasPython) return promise();
    console.log("skipped: needs python3");
    assert.is(process.env.CI, undefined, "CI has python3");
  });
}

withPython("the draft of a script builds, and its trials run", () => {
  const project = projectOf({ "train.py": script });
  try {
    const made = project.lab("init", "--from", "train.py");
    assert.is(made.code, 0, made.all);
    assert.ok(made.stdout.includes("wrote train.experiment.ts"), made.all);
    const draft = project.read("train.experiment.ts");
    for (const part of [
      "the script has the commands train, show; this is a draft of the first",
      "learningRate: 0.1, // 100% a step",
      'kind: sweep(["a", "b"])',
      "rounds: 1, // Look here: it needs a value.",
      'label: "007"',
      "--layers (several values, 64 32 unless told)",
      "--verbose (a switch)",
    ])
      assert.ok(draft.includes(part), `${part}\n${draft}`);
    const built = project.lab("build");
    assert.is(built.code, 0, `${built.all}\n${project.read("train.experiment.ts")}`);
    const ran = project.lab("run", "-j", "1");
    assert.is(ran.code, 0, ran.all);
    const again = project.lab("init", "--from", "train.py");
    assert.is(again.code, 2, again.all);
    assert.ok(again.stderr.includes("exists already; nothing was written"), again.all);
    const other = project.lab("init", "study", "--from", "train.py");
    assert.is(other.code, 0, other.all);
    assert.is(project.read("study/experiments/train.py"), script);
  } finally {
    project.remove();
  }
});

withPython("no file, a help that fails and a help without options each have a sentence", () => {
  const project = projectOf({
    "broken.py": "import no_such_module\n",
    "plain.py": "print('hello')\n",
    "words.py": "import sys\nprint(float(sys.argv[1]))\n",
  });
  try {
    for (const [file, said] of [
      ["missing.py", "missing.py is no file"],
      ["broken.py", "No module named 'no_such_module'"],
      ["plain.py", "names no options"],
      ["words.py", "needs a script that answers --help"],
    ] as const) {
      const refused = project.lab("init", "--from", file);
      assert.is(refused.code, 2, refused.all);
      assert.ok(refused.stderr.includes(said), refused.all);
    }
    assert.ok(!existsSync(project.path("experiments")));
  } finally {
    project.remove();
  }
});

test("without python3 it says so", () => {
  const project = projectOf({ "train.py": script });
  try {
    const started = spawnSync(
      process.execPath,
      [project.path("node_modules/labwright/dist/runtime/cli/lab.js"), "init", "--from", "train.py"],
      { cwd: project.root, encoding: "utf8", env: { PATH: project.path("empty") } },
    );
    assert.is(started.status, 2, started.stderr);
    assert.ok(started.stderr.includes("python3 is not found"), started.stderr);
  } finally {
    project.remove();
  }
});

test.run();
