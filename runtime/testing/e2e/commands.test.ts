// Promise: a program is a trial. It gets its configuration, its metrics and rows are read, an edit of it makes its results stale, and
// nothing of it outlives the run.
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Project, projectOf } from "./project.ts";

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
  return project.lab("query", sql, "--format", "csv").stdout.replaceAll("\r\n", "\n");
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
});

test("a metric that is not there and a script that is not there are each one clear error", () => {
  const project = shellProject("echo '{\"final\": {}}' > out.json\n");
  assert.match(project.lab("run").all, /out\.json has no "final\.score" for the metric "score"/);
  project.write("shell.experiment.ts", experiment.replace("train.sh", "trian.sh"));
  const built = project.lab("build");
  assert.is(built.code, 2, built.all);
  assert.match(built.all, /shell\.experiment\.ts:\d+:\d+ error bad-command/);
});

test("kill -9 of lab leaves no program behind, and the next run goes on from the checkpoint folder", async () => {
  const project = shellProject(`if [ -e "$4/state" ]; then
echo resumed; ${script}
exit 0; fi
[ -n "$LAB_PIDS" ] || exit 7
echo 1 > "$4/state"
sleep 1000 &
echo $! >> "$LAB_PIDS"
wait
`);
  const pids = project.path("pids");
  const child = project.start(["run", "-j", "1"], { LAB_PIDS: pids });
  const pidOf = (): number => {
    try {
      return Number(readFileSync(pids, "utf8").split("\n")[0]);
    } catch {
      return 0;
    }
  };
  await until("the program", () => pidOf() > 0);
  const pid = pidOf();
  assert.ok(isAlive(pid));
  child.kill("SIGKILL");
  await until("its end", () => !isAlive(pid));
  const resumed = project.lab("run", "-j", "1");
  assert.match(resumed.all, /1 run|exit code 7/);
  const measured = "select count(*) as n from trials where outcome = 'measured'";
  assert.is(csvOf(project, measured), "n\n1\n");
});

test.run();
