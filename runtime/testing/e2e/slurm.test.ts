// Promise: a run in elements of a Slurm array ends with the bytes of a local one, whoever is killed in the middle: `lab run`, an element, its node or
// Slurm itself; and `lab run` takes over the array that it has left.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { lifeNameOf } from "../../execute/slurm/array-folder.ts";
import { namesIn } from "../../execute/slurm/line-file.ts";
import { hasSlurm, type SlurmCluster, startSlurm } from "../services/slurm.ts";
import { commandsUnder } from "./documented.ts";
import { assertOnce, type FollowedRun, farProject, farResults, followedRun, until } from "./far-runs.ts";
import { type Project, projectOf } from "./project.ts";
import { spin } from "./sample-experiments.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
let cluster: SlurmCluster | null = null;
const environment = (): Readonly<Record<string, string>> => ({
  ...cluster?.environment,
  LAB_TEST_KEY: secret,
});
const secret = "correct-horse-battery-staple";

/** Trials that save states; what is typed stands in place of what the file says. */
function saving(): Project {
  return projectOf({
    "lab.config.ts": `import { defineConfig, slurm } from "labwright/config";
export default defineConfig({ engine: slurm({ partition: "main", elements: 9, arrayChunk: 3 }) });
`,
    "spin.ts": spin,
    "long.experiment.ts": `import { defineExperiment, metric, sweep } from "labwright";
import { spin } from "./spin.ts";

export default defineExperiment({
  name: "long",
  parameters: { start: sweep([0.11, 0.12, 0.13, 0.14, 0.15, 0.16]) },
  metrics: { last: metric.number() },
  async trial({ parameters, steps }) {
    const last = await steps({
      total: 600,
      checkpoint: 10,
      initial: () => parameters.start,
      step: (value) => spin(10, value),
    });
    return { last };
  },
});
`,
  });
}

function sumsOf(project: Project): string {
  const { code, stdout, all } = project.lab(
    "query",
    "--format",
    "csv",
    "select condition, outcome, last from trials order by all",
  );
  assert.is(code, 0, all);
  return stdout;
}

function onSlurm(project: Project, ...args: string[]) {
  const env = { ...process.env, ...environment(), NO_COLOR: "1" };
  return spawnSync(process.execPath, [lab, ...args], { cwd: project.root, encoding: "utf8", env });
}

/** All lives of hosts in elements of the run, over all of its arrays. */
function livesOf(project: Project): readonly { readonly restart: number }[] {
  return namesIn(project.path(".lab/slurm"))
    .flatMap((run) => namesIn(project.path(".lab/slurm", run, "lives")))
    .flatMap((name) => lifeNameOf(name) ?? []);
}

/** A run on a terminal of its own, which Python lends. */
function terminalOf(project: Project) {
  const lend = "import pty, sys; pty.spawn(sys.argv[1:])";
  const args = ["-c", lend, process.execPath, lab, "run", "--engine", "slurm", "--elements", "2"];
  const child = spawn("python3", args, {
    cwd: project.root,
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment(), NO_COLOR: "1" },
  });
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  return {
    said: () => said,
    type: (text: string) => child.stdin.write(text),
    end: () => child.kill("SIGKILL"),
  };
}

function running(project: Project, ...options: string[]): FollowedRun {
  return followedRun(project, ["--engine", "slurm", ...options], environment());
}

function elements(): readonly { readonly id: string; readonly state: string; readonly node: string }[] {
  const listed = cluster?.command("squeue", "-h", "-r", "-o", "%i|%t|%N") ?? "";
  return listed
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [id = "", state = "", node = ""] = line.split("|");
      return { id, state, node };
    });
}

if (hasSlurm()) {
  test.before(async () => {
    cluster = await startSlurm();
  });
  test.after(async () => cluster?.stop());

  test("lab run and an element are killed in the middle, the array is taken over, and nothing is lost or done twice", async () => {
    const here = farProject(20);
    const there = farProject(20);
    try {
      const local = here.lab("run", "-j", "2", "--quiet");
      assert.is(local.code, 0, local.all);

      const cut = running(there, "--elements", "2", "--array-chunk", "10");
      await until(
        () => cut.seen('"host-ready"') === 2 && cut.seen('"progress"') > 2,
        "trials run in both elements",
      );
      const array = elements().map(({ id }) => id);
      assert.is(array.length, 2);
      process.kill(-(cut.child.pid ?? 0), "SIGKILL");
      await cut.end;

      const run = running(there, "--elements", "2", "--array-chunk", "10");
      await until(() => run.seen('"host-ready"') === 2, "both elements work for the next controller");
      assert.equal(
        elements().map(({ id }) => id),
        array,
        "the array is the one of before",
      );
      // As the kernel, or a person, would: the batch script's own process.
      cluster?.command("scancel", "--batch", "--signal=KILL", array[0] ?? "");
      const { code, all } = await run.end;
      assert.is(code, 0, all);
      assert.is(farResults(there), farResults(here));
      assertOnce(there);
      const verified = there.lab("verify", "--engine", "threads", "--sample", "6");
      assert.is(verified.code, 0, verified.all);
      const nowhere = onSlurm(there, "run", "--engine", "slurm", "--partition", "urgnt");
      assert.is(nowhere.status, 2, nowhere.stderr);
      assert.match(
        nowhere.stderr,
        /nothing was run: slurm: has no partition urgnt\.\n {2}Did you mean "urgent"\?/,
      );
      for (const words of commandsUnder("docs/engines.md", "slurm", {})) {
        const typed = onSlurm(there, ...words, "walk", "--force");
        assert.is(typed.status, 0, typed.stderr);
      }
      const sound = onSlurm(there, "doctor", "--engine", "slurm", "--partition", "main", "-j", "2");
      assert.is(sound.status, 0, sound.stdout);
      assert.match(sound.stdout, /ok {6}slurm: slurm\S* [\d.]+, partition main with 2 nodes\n/);
      assert.match(
        sound.stdout,
        /ok {6}slurm node: n[12] sees \S+\/\.lab\/slurm; labwright [\d.]+, Node [\d.]+\n/,
      );
      for (const [wrong, words] of [
        [
          ["-j", "65"],
          /failed {2}slurm: no node of partition main has 65 cores\n {8}Ask for 64 at most: -j\./,
        ],
        [["--mem", "16G"], /failed {2}slurm: no node of partition main has 16G of memory\n {8}Ask for 8000M/],
      ] as const)
        assert.match(onSlurm(there, "doctor", "--engine", "slurm", ...wrong).stdout, words);
      await until(() => elements().length === 0, "no element stays");
      assert.equal(readdirSync(there.path(".lab/slurm")), [], "nor a file");
      const found = spawnSync("grep", ["-rl", secret, there.path(".lab")], { encoding: "utf8" });
      assert.is(found.stdout, "", "no variable of this machine is handed on");
    } finally {
      here.remove();
      there.remove();
    }
  });

  test("Ctrl-C leaves the array running; an element that is warned, one that is preempted and one whose node fails hand their trials on", async () => {
    const here = saving();
    const there = saving();
    let terminal: ReturnType<typeof terminalOf> | null = null;
    try {
      const local = here.lab("run", "--engine", "threads", "-j", "2", "--quiet");
      assert.is(local.code, 0, local.all);
      const opened = terminalOf(there);
      terminal = opened;
      await until(() => elements().some(({ state }) => state === "R"), "an element works");
      await until(() => there.lab("status").stdout.includes("step"), "states are saved");
      const array = elements().map(({ id }) => id);
      opened.type("\u0003");
      await until(() => opened.said().includes("[l/c/W]"), "it asks");
      opened.type("l\n");
      await until(() => opened.said().includes("goes on by itself"), "it goes on without the terminal");
      assert.equal(
        elements().map(({ id }) => id),
        array,
        "with the array that it had",
      );

      const [warned = ""] = array;
      // What Slurm sends before the time limit: --signal=B:USR1.
      cluster?.command("scancel", "--batch", "--signal=USR1", warned);
      await until(() => !elements().some(({ id }) => id === warned), "the warned element has left");
      await until(() => elements().some(({ id }) => !array.includes(id)), "another is in its place");

      // A job of a partition that comes before this one takes both nodes.
      cluster?.command(
        "sbatch",
        "--partition=urgent",
        "--array=0-1",
        "--cpus-per-task=64",
        "--output=/dev/null",
        "--wrap=true",
      );
      await until(
        () => livesOf(there).some(({ restart }) => restart > 0),
        "Slurm has begun an element again",
      );
      cluster?.killController();
      await cluster?.startController();
      const node = elements().find(({ state }) => state === "R")?.node ?? "n1";
      assert.ok(node === "n1" || node === "n2");
      const before = livesOf(there).length;
      cluster?.killNode(node);
      await until(() => livesOf(there).length > before, "what ran on the node that failed begins elsewhere");
      cluster?.startNode(node);
      const sums = sumsOf(here);
      await until(() => sumsOf(there) === sums, "the run ends with the bytes of a local one");
      await until(() => elements().length === 0, "no element stays");
    } finally {
      terminal?.end();
      here.remove();
      there.remove();
    }
  });
} else test("engine slurm", () => console.log("skipped: needs slurm"));

test.run();
