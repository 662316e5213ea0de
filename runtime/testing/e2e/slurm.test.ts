// Promise: a run in elements of a Slurm array ends with the bytes of a local one, whoever is killed in the middle: `lab run` or an element; and
// `lab run` takes over the array that it has left.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasSlurm, type SlurmCluster, startSlurm } from "../services/slurm.ts";
import { ended, type Project, projectOf } from "./project.ts";
import { relay, spin, walk } from "./sample-experiments.ts";

const lab = fileURLToPath(new URL("../../../dist/runtime/cli/lab.js", import.meta.url));
let cluster: SlurmCluster | null = null;
const environment = (): Readonly<Record<string, string>> => ({
  ...cluster?.environment,
  LAB_TEST_KEY: secret,
});
const secret = "correct-horse-battery-staple";

function projectWith(replicates: number): Project {
  return projectOf({
    "walk.experiment.ts": walk,
    "relay.experiment.ts": relay.replace("replicate(6", `replicate(${replicates}`),
    "spin.ts": spin,
  });
}

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
      total: 400,
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

function resultsOf(project: Project): string {
  const trials = project.lab(
    "query",
    "--format",
    "csv",
    "select experiment, condition, replicate, outcome, distance, turned, total, course from trials order by all",
  );
  assert.is(trials.code, 0, trials.all);
  const path = project.lab("export", "csv", "relay", "--series", "laps");
  assert.is(path.code, 0, path.all);
  return trials.stdout + path.stdout.split("\n").sort().join("\n");
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    assert.ok(Date.now() - started < 90_000, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts a run and follows what it says. */
function running(project: Project, ...options: string[]) {
  const child = project.start(["run", "--json", "--engine", "slurm", ...options], environment());
  let said = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  return { child, end: ended(child), seen: (what: string) => said.split(what).length - 1 };
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
    const here = projectWith(20);
    const there = projectWith(20);
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
      assert.is(resultsOf(there), resultsOf(here));
      const twice = there.lab(
        "query",
        "--format",
        "csv",
        "select count(*) as rows, count(distinct (experiment, condition, replicate)) as trials from trials",
      );
      assert.match(twice.stdout, /\n(\d+),\1\r?\n/);
      const verified = there.lab("verify", "--engine", "threads", "--sample", "6");
      assert.is(verified.code, 0, verified.all);
      const nowhere = onSlurm(there, "run", "--engine", "slurm", "--partition", "urgnt");
      assert.is(nowhere.status, 2, nowhere.stderr);
      assert.match(
        nowhere.stderr,
        /nothing was run: slurm: has no partition urgnt\.\n {2}Did you mean "urgent"\?/,
      );
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
  test("Ctrl-C leaves the array running, and an element that is warned hands its trials on", async () => {
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
