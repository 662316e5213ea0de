// `npm run faults:slurm [faults] [seed]`: runs in elements of a real Slurm while elements, nodes, slurmctld and `lab run` are killed, elements are
// warned and preempted at random; then one whose elements reach their time limit (of a minute, the least that Slurm has), and one with a trial that
// has no end. Every run must end with one record a trial and the results of a local one. Outside the gate: it takes minutes.
import { spawn, spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectOf } from "../runtime/testing/e2e/project.ts";
import { spin } from "../runtime/testing/e2e/sample-experiments.ts";
import { startSlurm } from "../runtime/testing/services/slurm.ts";

const lab = fileURLToPath(new URL("../dist/runtime/cli/lab.js", import.meta.url));
const [faultsWanted = 60, seed = 1] = process.argv.slice(2).map(Number);
const faultsARound = 12;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
let state = (seed * 2654435761) >>> 0;
/** Uniform from 0 to 1, for which fault comes when. */
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}
const pick = (items) => items[Math.floor(random() * items.length)];

function files({ short, long, steps, milliseconds }) {
  return {
    "spin.ts": spin,
    "faults.experiment.ts": `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";
import { spin } from "./spin.ts";

export const short = defineExperiment({
  name: "short",
  parameters: { steps: sweep([10, 40]) },
  replicates: replicate(${short}, { seed: 7 }),
  metrics: { last: metric.number() },
  series: { path: z.object({ step: z.int(), position: z.number() }) },
  trial({ parameters, random, record }) {
    let position = spin(4, random.float());
    for (let step = 0; step < parameters.steps; step += 10) {
      position += random.normal();
      record("path", { step, position });
    }
    return { last: position };
  },
});

export const long = defineExperiment({
  name: "long",
  parameters: { start: sweep([0.11, 0.12]) },
  replicates: replicate(${long}, { seed: 3 }),
  metrics: { last: metric.number() },
  async trial({ parameters, random, steps, artifact }) {
    const begin = random.float() * parameters.start;
    const last = await steps({ total: ${steps}, checkpoint: 20, initial: () => begin, step: (value) => spin(${milliseconds}, value) });
    artifact("last.txt", String(last));
    return { last };
  },
});
`,
  };
}

const projects = new Set();
function projectWith(sizes) {
  const project = projectOf(files(sizes));
  projects.add(project);
  return project;
}

function ran(project, ...args) {
  const { code, stdout, all } = project.lab(...args);
  if (code !== 0) throw new Error(all);
  return stdout;
}

/** All that was recorded, as text; throws where a trial has two records. */
function resultsOf(project) {
  const counted = "select count(*), count(distinct (experiment, condition, replicate)) from trials";
  const [, rows, trials] = /\n(\d+),(\d+)/.exec(ran(project, "query", "--format", "csv", counted));
  if (rows !== trials) throw new Error(`${rows} records of ${trials} trials`);
  const columns = "experiment, condition, replicate, outcome, last";
  const series = ran(project, "export", "csv", "short", "--series", "path").split("\n").sort().join("\n");
  return ran(project, "query", "--format", "csv", `select ${columns} from trials order by all`) + series;
}

const cluster = await startSlurm();
const environment = { ...process.env, ...cluster.environment, NO_COLOR: "1", CI: "" };
let coordinator = null;
let code = null;
let said = "";
function startCoordinator(project, ...options) {
  code = null;
  const args = [lab, "run", "--engine", "slurm", "--elements", "4", "--array-chunk", "10", ...options];
  const child = spawn(process.execPath, args, { cwd: project.root, env: environment, detached: true });
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes) => {
      said += bytes;
    });
  child.once("exit", (status, signal) => {
    if (coordinator === child) code = signal === null ? status : null;
  });
  coordinator = child;
}

function running() {
  return cluster
    .command("squeue", "-h", "-r", "--partition=main", "--states=R", "-o", "%i|%N")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split("|"));
}

/** A signal for the program of an element that runs, where one does. */
function signal(name) {
  const [id] = pick(running()) ?? [];
  if (id !== undefined) cluster.command("scancel", "--batch", `--signal=${name}`, id);
}

const faults = {
  async element() {
    signal("KILL");
  },
  async warning() {
    signal("USR1");
  },
  async preemption() {
    const nodes = pick([1, 2]);
    const of = ["--partition=urgent", `--array=0-${nodes - 1}`, "--cpus-per-task=64", "--output=/dev/null"];
    cluster.command("sbatch", ...of, "--wrap=sleep 2");
  },
  async node() {
    const name = pick(["n1", "n2"]);
    cluster.killNode(name);
    // Sometimes back before Slurm has missed it.
    await pause(2000 + 14_000 * random());
    cluster.startNode(name);
  },
  async slurmctld() {
    cluster.killController();
    await pause(15_000 * random());
    await cluster.startController();
  },
  async coordinator(project) {
    process.kill(-coordinator.pid, "SIGKILL");
    startCoordinator(project);
  },
};
const counts = Object.fromEntries(Object.keys(faults).map((kind) => [kind, 0]));
const restarts = new Set();
/** Elements that Slurm has begun again, by what their folders are called. */
function countRestarts(project) {
  for (const run of names(project.path(".lab/slurm")))
    for (const life of names(project.path(".lab/slurm", run, "lives")))
      if (!/\.0\.\d+$/.test(life)) restarts.add(join(run, life));
}
function names(folder) {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function endOf(project) {
  while (code === null) {
    countRestarts(project);
    await pause(100);
  }
  if (code !== 0) throw new Error(`lab run ended with ${code}\n${said.slice(-6000)}`);
}

async function randomFaults() {
  if (faultsWanted === 0) return;
  const sizes = { short: 800, long: 4, steps: 600, milliseconds: 10 };
  const local = projectWith(sizes);
  ran(local, "run", "--engine", "threads", "--quiet");
  const expected = resultsOf(local);
  let faultCount = 0;
  for (let round = 1; faultCount < faultsWanted; round += 1) {
    const project = projectWith(sizes);
    startCoordinator(project);
    for (let left = Math.min(faultsARound, faultsWanted - faultCount); left > 0; left -= 1) {
      await pause(500 + 4000 * random());
      countRestarts(project);
      if (code !== null) break;
      const kind = pick(Object.keys(faults));
      await faults[kind](project);
      counts[kind] += 1;
      faultCount += 1;
    }
    await endOf(project);
    if (resultsOf(project) !== expected) {
      projects.delete(project);
      throw new Error(`round ${round} differs from the local run; kept in ${project.root}`);
    }
    const words = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
    console.log(
      `round ${round}: equal to the local run; so far ${faultCount} faults (${words.join(", ")}), ${restarts.size} restarts by Slurm`,
    );
  }
}

/** With a limit of a minute: trials that save states go on in other elements, one that does not and takes longer fails. */
async function timeLimits() {
  const patient = {
    "patient.experiment.ts": `import { defineExperiment, metric, sweep } from "labwright";
import { z } from "zod";

const state = z.object({ lap: z.int(), total: z.number() });

export default defineExperiment({
  name: "patient",
  parameters: { start: sweep([0.11, 0.12]) },
  metrics: { total: metric.number() },
  async trial({ parameters, random, checkpoint, restore }) {
    const saved = await restore(state);
    let total = saved?.total ?? parameters.start;
    for (let lap = saved?.lap ?? 0; lap < 100; lap += 1) {
      total += random.float();
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await checkpoint({ lap: lap + 1, total });
    }
    return { total };
  },
});
`,
  };
  const local = projectOf(patient);
  const there = projectOf(patient);
  for (const project of [local, there]) projects.add(project);
  const begun = Date.now();
  startCoordinator(there, "--time", "1", "--array-chunk", "1");
  const here = local.start(["run", "--engine", "threads", "-j", "2", "--quiet"]);
  await endOf(there);
  const seconds = Math.round((Date.now() - begun) / 1000);
  while (here.exitCode === null) await pause(100);
  const totals = ["query", "--format", "csv", "select start, outcome, total from trials order by all"];
  if (ran(there, ...totals) !== ran(local, ...totals))
    throw new Error("results differ where elements reach their limit");
  console.log(
    `elements of a minute: trials of 100 s that save states went on over them (${seconds} s), equal to the local run`,
  );
  const endless = projectOf({
    "endless.experiment.ts": `import { defineExperiment, metric, sweep } from "labwright";

export default defineExperiment({
  name: "endless",
  parameters: { rounds: sweep([1, 1e15]) },
  metrics: { value: metric.number() },
  trial({ parameters }) {
    let value = 0.3;
    for (let round = 0; round < parameters.rounds; round += 1) value = (value * 3.9 * (1 - value)) % 1;
    return { value };
  },
});
`,
  });
  projects.add(endless);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [lab, "run", "--engine", "slurm", "--time", "1", "--elements", "2", "--array-chunk", "1"],
    { cwd: endless.root, encoding: "utf8", env: environment },
  );
  if (status !== 3 || !/reached its time limit/.test(stdout + stderr))
    throw new Error(`an endless trial: exit code ${status}\n${stdout}${stderr}`);
  const outcomes = ran(
    endless,
    "query",
    "--format",
    "csv",
    "select outcome, count(*) from trials group by all order by all",
  );
  console.log(`a trial without end: ${outcomes.trim().split("\n").slice(1).join(" and ")}`);
}

const begun = Date.now();
try {
  await randomFaults();
  await timeLimits();
  console.log(
    `all in ${Math.round((Date.now() - begun) / 1000)} s: one record a trial, none lost, none twice`,
  );
} finally {
  try {
    if (coordinator !== null && code === null) process.kill(-coordinator.pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
  await cluster.stop();
  for (const { root } of projects) rmSync(root, { recursive: true, force: true, maxRetries: 5 });
}
