// Promise: a program is a trial. It gets its configuration, its metrics and rows are read, an edit of it makes its results stale, and
// nothing of it outlives the run.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";

const experiment = `import { checkpointFolder, command, configFile, defineExperiment, metric, parameter, replicate, sweep, trialSeed } from "labwright";
import { z } from "zod";
export default defineExperiment({
  name: "shell",
  parameters: { size: sweep([1, 2]) },
  replicates: replicate(2, { seed: 5 }),
  metrics: { score: metric.number(), seed: metric.integer() },
  primary: "score",
  series: { rounds: z.object({ round: z.int(), value: z.number() }) },
  trial: command({
    run: ["sh", "train.sh", configFile, parameter("size"), trialSeed, checkpointFolder],
    config: { base: "base.json", set: { "training.size": parameter("size"), seed: trialSeed } },
    metrics: { json: "out.json", names: { score: "final.score" } },
    series: { rounds: { csv: "rounds.csv" } },
    artifacts: ["models/*"],
    exits: { 3: "refused" },
  }),
});
`;
const script = `set -e
grep -q '"rounds": 20' "$1"
grep -q "\\"size\\": $2" "$1"
grep -q "\\"seed\\": $3" "$1"
mkdir -p models; echo model > models/final.txt
printf 'round,value\\n1,0.5\\n2,%s\\n' "$2" > rounds.csv
echo "trained with $3"
printf '{"final": {"score": %s}, "seed": %s}' "$2" "$3" > out.json
`;

const projects: { remove(): void }[] = [];
test.after(() => {
  for (const project of projects) project.remove();
});

function shellProject(text: string) {
  const project = projectOf({
    "shell.experiment.ts": experiment,
    "train.sh": text,
    "base.json": '{ "training": { "rounds": 20 } }',
  });
  projects.push(project);
  return project;
}

function csvOf(project: Project, sql: string): string {
  return project.lab("query", sql, "--format", "csv").stdout;
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and waits to be collected is no orphan at work.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

async function until(what: string, holds: () => boolean): Promise<void> {
  const end = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("configuration, metrics, rows and artifacts go in and out, and an edited script runs again", () => {
  const project = shellProject(script);
  const ran = project.lab("run", "-j", "2");
  assert.is(ran.code, 0, ran.all);
  const scores =
    "select size, score, count(distinct seed) as seeds, count(*) as n from trials group by all order by size";
  assert.is(csvOf(project, scores), "size,score,seeds,n\n1,1,2,2\n2,2,2,2\n");
  const rows = "select size, round, value from series_rounds where replicate = 0 order by size, round";
  assert.is(csvOf(project, rows), "size,round,value\n1,1,0.5\n1,2,1\n2,1,0.5\n2,2,2\n");
  assert.match(project.lab("artifacts", "latest").all, /models\/final\.txt/);
  assert.match(project.lab("run").all, /4 reused|nothing/i);
  project.write("train.sh", `${script}echo edited\n`);
  assert.match(project.lab("run").all, /4 run/);
});

test("a program that fails says its last words, one that refuses is refused", () => {
  const project = shellProject('if [ "$2" = 1 ]; then exit 3; fi\necho "no such layer" >&2\nexit 9\n');
  const ran = project.lab("run");
  assert.is(ran.code, 3, ran.all);
  const outcomes = "select size, outcome, count(*) as n from trials group by all order by size";
  assert.is(csvOf(project, outcomes), "size,outcome,n\n1,refused,2\n2,failed,2\n");
  assert.match(ran.all, /exit code 9: no such layer/);
  assert.match(
    project.lab("status").stdout,
    /2 failed \(thrown\): sh ended with exit code 9: no such layer\n {2}[0-9a-f]{16}/,
  );
  const shown = project.lab("show", "shell/1/0").stdout;
  assert.match(
    shown,
    /^outcome {2}failed \(thrown\): sh ended with exit code 9: no such layer\nmetric/m,
    "no frames of ours",
  );
});

test("a metric that is not there and a script that is not there are each one clear error", () => {
  const project = shellProject("echo '{\"final\": {}}' > out.json\n");
  assert.match(project.lab("run").all, /out\.json has no "final\.score" for the metric "score"/);
  project.write("shell.experiment.ts", experiment.replace("train.sh", "trian.sh"));
  const built = project.lab("build");
  assert.is(built.code, 2, built.all);
  assert.match(built.all, /shell\.experiment\.ts:\d+:\d+ error bad-command/);
});

test("a program that is not there, or may not be started, is told before the first trial", () => {
  const project = shellProject(`#!/bin/sh\n${script}`);
  const withRun = (first: string): void =>
    project.write("shell.experiment.ts", experiment.replace('"sh", "train.sh"', first));
  const refused = (found: RegExp): void => {
    const ran = project.lab("run");
    assert.is(ran.code, 2, ran.all);
    assert.match(ran.all, found);
    assert.match(project.lab("doctor", "--json").stdout, found);
  };
  withRun('"pythom3", "train.sh"');
  refused(/is not on the PATH; shell starts it/);
  withRun('"train.sh"');
  refused(/only the PATH is searched/);
  withRun('"./train.sh"');
  assert.is(project.lab("list", "--json").stdout.includes("r0001"), false);
  const ran = project.lab("run");
  assert.is(ran.code, 0, ran.all);
});

const staged = `import { command, configFile, configFlags, defineExperiment, inputsFile, metric, parameter, replicate, sweep, trialSeed } from "labwright";
import { z } from "zod";
const stages = ({ commandStage }) => ({
  train: commandStage({
    per: "replicate",
    uses: ["rate"],
    metrics: { loss: metric.number({ range: [0, 10] }) },
    contents: {
      policy: { json: "models/policy.json", schema: z.object({ weights: z.array(z.number()) }) },
      words: { text: "words.txt" },
    },
    run: command({
      run: ["sh", "fit.sh", configFile],
      config: { base: "base.yaml", set: { "training.rate": parameter("rate"), "layers.1.kind": "yes", small: 1e-7, seed: trialSeed } },
      metrics: { csv: "metrics.csv" },
      series: { rounds: { jsonLines: "rounds.jsonl" } },
      artifacts: ["base.yaml"],
    }),
  }),
});
const common = {
  parameters: { rate: sweep([0.5, 2]), task: sweep(["a", "b"]) },
  replicates: replicate(2, { seed: 3 }),
  series: { rounds: z.object({ round: z.int(), loss: z.number() }) },
};
export const evaluated = defineExperiment({
  name: "evaluated",
  ...common,
  metrics: { score: metric.number(), words: metric.integer() },
  primary: "score",
  stages: ({ commandStage }) => stages({ commandStage }),
  trial: ({ inputs, parameters }) => ({
    score: inputs.train.metrics.loss + inputs.train.contents.policy.weights[1] + (parameters.task === "b" ? 100 : 0),
    words: inputs.train.contents.words.length,
  }),
});
export const called = defineExperiment({
  name: "called",
  ...common,
  metrics: { seen: metric.number(), words: metric.category(["--rate=0.5 --task=a -v", "--rate=0.5 --task=b -v", "--rate=2 --task=a -v", "--rate=2 --task=b -v"]) },
  primary: "seen",
  stages: ({ commandStage }) => stages({ commandStage }),
  trial: command({
    run: ["sh", "evaluate.sh", inputsFile, configFlags],
    config: { set: { rate: parameter("rate"), task: parameter("task"), "-v": true, off: false } },
    metrics: { output: { seen: "^loss (.*)$", words: "^words (.*)$" } },
  }),
});
`;
const stagedFiles = {
  // JavaScript, so that the two experiments may share their stages untyped.
  "staged.experiment.js": staged,
  "fit.sh": `set -e
[ "$1" = "$LABWRIGHT_CONFIG" ]
grep -q '^# kept$' "$1"
grep -q '^  rounds: 2' "$1"
grep -q 'kind: "yes"' "$1"
grep -q '^small: 1.0e-7$' "$1"
grep -q "^seed: $LABWRIGHT_SEED$" "$1"
rate=$(sed -n 's/^  rate: //p' "$1")
mkdir models
echo "{\\"weights\\": [0, $rate]}" > models/policy.json
printf 'epoch,loss\\n1,9\\n2,%s\\n' "$rate" > metrics.csv
echo '{"round": 1, "loss": 9}' > rounds.jsonl
printf 'three' > words.txt
`,
  "evaluate.sh": `set -e
[ "$1" = "$LABWRIGHT_INPUTS" ]
shift
echo "loss 99"
echo "loss $(sed 's/.*"loss":\\([0-9.]*\\).*/\\1/' "$LABWRIGHT_INPUTS")"
echo "words $*"
`,
  "base.yaml": "# kept\ntraining:\n  rounds: 2 # of them\nlayers: [{ kind: no }, { kind: no }]\n",
};

test("a program is a stage: its metrics and files reach a function and another program; YAML and flags", () => {
  const project = projectOf(stagedFiles);
  projects.push(project);
  const ran = project.lab("run", "-j", "2");
  assert.is(ran.code, 0, ran.all);
  const scores = csvOf(
    project,
    "select rate, task, score, words from evaluated where replicate = 0 order by all",
  );
  assert.is(scores, "rate,task,score,words\n0.5,a,1,5\n0.5,b,101,5\n2,a,4,5\n2,b,104,5\n");
  const seen = csvOf(
    project,
    "select rate, seen, count(distinct words) as words from called group by all order by rate",
  );
  assert.is(seen, "rate,seen,words\n0.5,0.5,2\n2,2,2\n");
  const again = project.lab("run");
  assert.match(again.all, /reused|nothing/i);
  // What only the trial of one reads makes no stage stale; what the stage reads is named.
  project.write("fit.sh", project.read("fit.sh").replace("'three'", "'four'"));
  assert.match(project.lab("why", "evaluated/0/0").all, /fit\.sh/);
  project.write("staged.experiment.js", staged.replace("range: [0, 10]", "range: [0, 1]"));
  const strict = project.lab("run", "evaluated");
  assert.is(strict.code, 3, strict.all);
  assert.match(strict.all, /metric `loss` is 2; expected a finite number from 0 to 1/);
});

test("names that nobody has and what cannot be meant are errors at the line of the command", () => {
  const project = projectOf({
    ...stagedFiles,
    "staged.experiment.js": staged
      .replace('"fit.sh", configFile', '"fit.sh", parameter("task")')
      .replace('{ csv: "metrics.csv" }', '{ csv: "../metrics.csv", names: { los: "loss" } }')
      .replace('"^loss (.*)$"', '"(loss"')
      .replace('"-v": true', 'taks: parameter("taks")'),
  });
  projects.push(project);
  const built = project.lab("build");
  assert.is(built.code, 2, built.all);
  for (const part of [
    /staged\.experiment\.js:12:10 error unknown-parameter[\s\S]*task/,
    /error unknown-metric[\s\S]*los[\s\S]*loss/,
    /"\.\.\/metrics\.csv"/,
    /the expression of "seen"/,
    /taks[\s\S]*task/,
  ])
    assert.match(built.all, part);
});

/** Starts a program that hangs with a child that hears no SIGTERM and one that leaves its group; a second start ends at once. */
const hanging = `if [ -e "$4/state" ]; then
echo resumed; ${script}
exit 0; fi
[ -n "$LAB_PIDS" ] || exit 7
echo 1 > "$4/state"
sh -c 'trap "" TERM; sleep 1000; sleep 1000' &
echo $! >> "$LAB_PIDS"
setsid sh -c 'echo $$ >> "$LAB_PIDS"; sleep 1000; sleep 1000' &
echo $$ >> "$LAB_PIDS"
wait
`;

async function orphansOf(
  project: Project,
  args: readonly string[],
  end: (lab: number) => void,
): Promise<void> {
  const file = project.path("pids");
  project.write("pids", "");
  const child = project.start(["run", "-j", "1", "--limit", "1", ...args], { LAB_PIDS: file });
  const over = ended(child);
  const pids = (): readonly number[] => project.read("pids").split("\n").filter(Boolean).map(Number);
  await until("the processes", () => pids().length === 3);
  assert.ok(pids().every(isAlive));
  end(child.pid ?? 0);
  await until("their end", () => pids().every((pid) => !isAlive(pid)));
  await over;
}

test("kill -9 of lab leaves no process behind, and the next run goes on from the checkpoint folder", async () => {
  const project = shellProject(hanging);
  await orphansOf(project, [], (lab) => process.kill(lab, "SIGKILL"));
  const resumed = project.lab("run", "-j", "1", "--limit", "1");
  assert.is(resumed.code, 0, resumed.all);
  const measured = "select count(*) as n from trials where outcome = 'measured'";
  assert.is(csvOf(project, measured), "n\n1\n");
});

test("kill -9 of the host, a time-out and a stop leave no process behind", async () => {
  const project = shellProject(hanging);
  await orphansOf(project, ["--force"], (lab) => {
    const hosts = childrenOf(lab).filter((pid) =>
      /host\.js/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8")),
    );
    assert.is(hosts.length, 1);
    for (const host of hosts) process.kill(host, "SIGKILL");
  });
  await orphansOf(project, ["--filter", "size=2", "--timeout", "2s"], () => undefined);
  await orphansOf(project, ["--force"], () => {
    const stopped = project.lab("stop", "--now");
    assert.is(stopped.code, 0, stopped.all);
  });
});

/** Processes that another started itself. */
function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
}

/** Copies a study of the project's own; null where its program is not installed. */
function studyOf(folder: string, program: string): Project | null {
  if (spawnSync(program, ["--version"]).error !== undefined) {
    console.log(`skipped: needs ${program}`);
    assert.is(process.env.CI, undefined, `CI has ${program}`);
    return null;
  }
  const project = projectOf({});
  projects.push(project);
  cpSync(new URL(`../../../experiments/${folder}`, import.meta.url), project.path("experiments"), {
    recursive: true,
  });
  return project;
}

test("the study in R runs, with settings as flags, metrics from its output and rows from its CSV", () => {
  const project = studyOf("fishery", "Rscript");
  if (project === null) return;
  const ran = project.lab("run", "-S", "years=5", "--replicates", "0-1", "-j", "2");
  assert.is(ran.code, 0, ran.all);
  const counted =
    "select count(*) as n, count(distinct rule) as rules from trials where yield > 0 and not collapsed";
  assert.is(csvOf(project, counted), "n,rules\n6,3\n");
  assert.is(csvOf(project, "select count(*) as n, max(year) as last from series_years"), "n,last\n30,5\n");
});

test("a manager's workflow over a training script: subset, failure, its repetition, the rest in parallel, results", async () => {
  const project = studyOf("training-script", "python3");
  if (project === null) return;
  const lab = (...args: string[]): string => {
    const done = project.lab(...args);
    assert.is(done.code, 0, done.all);
    return done.all;
  };
  assert.match(lab("run", "-S", "rounds=2", "--dry-run"), /21 +21 +0/);
  project.write("broken/python3", "#!/bin/sh\necho no card >&2\nexit 9\n");
  chmodSync(project.path("broken/python3"), 0o755);
  const failed = await ended(
    project.start(["run", "-S", "rounds=2", "--filter", "networkType=boolean", "--replicates", "0-1"], {
      PATH: `${project.path("broken")}:${process.env.PATH}`,
    }),
  );
  assert.is(failed.code, 3, failed.all);
  assert.match(failed.all, /python3 ended with exit code 9: no card/);
  assert.match(lab("status"), /failed \(thrown\): python3 ended with exit code 9/);
  lab("run", "-S", "rounds=2", "--filter", "networkType=boolean", "--replicates", "1", "--force");
  lab("run", "-S", "rounds=2", "--retry-errors", "-j", "3", "--name", "all");
  const totals =
    "select count(*) as n, count(distinct networkType) as types from trials where outcome = 'measured'";
  assert.is(csvOf(project, totals), "n,types\n21,3\n");
  assert.match(lab("artifacts", "all", "-o", "files"), /action_logs\/metrics_round_2_selfplay\.jsonl/);
  assert.is(readdirSync(project.path("files")).length, 21);
  for (const trial of readdirSync(project.path("files")))
    assert.ok(existsSync(project.path("files", trial, "action_logs/metrics_round_1_selfplay.jsonl")), trial);
  lab("select", "all");
  assert.match(lab("list"), /all/);
  lab("export", "manifest-csv", "-o", "manifest.csv");
  assert.is(project.read("manifest.csv").trim().split("\n").length, 22);
  lab("report", "--format", "csv,latex", "--output-dir", "paper");
  assert.match(project.read("paper/report.tex"), /begin\{(tabular|table|longtable|tblr)/);
});

test.run();
