// `npm run faults:farm [faults] [seed]`: runs on a farm while workers, coordinators and Redis are killed and stopped at random, one worker with a
// clock that is a day ahead. Every round must end with one record a trial and the bytes of a local run. Outside the gate: it takes minutes.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const lab = join(checkout, "dist/runtime/cli/lab.js");
const [faultsWanted = 200, seed = 1] = process.argv.slice(2).map(Number);
const faultsARound = 20;
const folder = mkdtempSync(join(tmpdir(), "labwright-faults-"));
const environment = { ...process.env, NO_COLOR: "1", XDG_CACHE_HOME: join(folder, "cache") };
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const experiment = `import { defineExperiment, metric, replicate, sweep } from "labwright";
import { z } from "zod";

function spin(milliseconds: number, start: number): number {
  let value = start;
  for (let round = 0; round < milliseconds * 25_000; round += 1) value = (value * 3.9 * (1 - value)) % 1;
  return value;
}
const state = z.object({ lap: z.int(), total: z.number() });

export const short = defineExperiment({
  name: "short",
  parameters: { steps: sweep([10, 40]) },
  replicates: replicate(3000, { seed: 7 }),
  metrics: { distance: metric.number() },
  series: { path: z.object({ step: z.int(), position: z.number() }) },
  trial({ parameters, random, record }) {
    let position = spin(2, random.float());
    for (let step = 0; step < parameters.steps; step += 10) {
      position += random.normal();
      record("path", { step, position });
    }
    return { distance: position };
  },
});

export const long = defineExperiment({
  name: "long",
  parameters: { pace: sweep([1, 2]) },
  replicates: replicate(60, { seed: 3 }),
  metrics: { total: metric.number() },
  async trial({ parameters, random, checkpoint, restore, artifact }) {
    const saved = await restore(state);
    let total = saved?.total ?? 0;
    for (let lap = saved?.lap ?? 0; lap < 5; lap += 1) {
      total += spin(parameters.pace * 40, random.float());
      await checkpoint({ lap: lap + 1, total });
    }
    await artifact("result.txt", String(total));
    return { total };
  },
});
`;

let state = (seed * 2654435761) >>> 0;
/** Uniform from 0 to 1, for which fault comes when. */
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}

function projectIn(name) {
  const root = join(folder, name);
  mkdirSync(join(root, "node_modules"), { recursive: true });
  symlinkSync(checkout, join(root, "node_modules/labwright"));
  for (const each of ["zod", "@types"])
    symlinkSync(join(checkout, "node_modules", each), join(root, "node_modules", each));
  writeFileSync(join(root, "package.json"), '{ "name": "faults", "private": true, "type": "module" }\n');
  cpSync(join(checkout, "runtime/testing/e2e/tsconfig.template.json"), join(root, "tsconfig.json"));
  writeFileSync(join(root, "faults.experiment.ts"), experiment);
  return root;
}

function ran(root, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [lab, ...args], {
    cwd: root,
    encoding: "utf8",
    env: environment,
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`lab ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

/** All that was recorded, as text; throws where a trial has two records. */
function resultsOf(root) {
  const [, rows, trials] = /\n(\d+),(\d+)/.exec(
    ran(
      root,
      "query",
      "--format",
      "csv",
      "select count(*), count(distinct (experiment, condition, replicate)) from trials",
    ),
  );
  if (rows !== trials || rows !== "6120") throw new Error(`${rows} records of ${trials} trials, not 6120`);
  const columns = "experiment, condition, replicate, outcome, distance, total";
  const series = ran(root, "export", "csv", "short", "--series", "path").split("\n").sort().join("\n");
  return ran(root, "query", "--format", "csv", `select ${columns} from trials order by all`) + series;
}

const port = await new Promise((resolve) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const { port: free } = server.address();
    server.close(() => resolve(free));
  });
});
const url = `redis://127.0.0.1:${port}`;
const shift = join(folder, "ahead.cjs");
writeFileSync(shift, "const now = Date.now; Date.now = () => now() + 86_400_000;\n");
let redis = null;
function startRedis() {
  const options = [
    "--port",
    port,
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
    "--appendonly",
    "yes",
  ];
  redis = spawn("redis-server", [...options.map(String), "--maxmemory-policy", "noeviction"], {
    stdio: "ignore",
  });
}
const workers = new Map();
function startWorker(name) {
  const ahead = name === "c" ? { NODE_OPTIONS: `--require ${shift}` } : {};
  const args = [lab, "worker", "--redis", url, "--name", name, "-j", "1"];
  // A group of its own: worker and host are stopped and killed together.
  const options = { stdio: "ignore", detached: true, env: { ...environment, ...ahead } };
  workers.set(name, spawn(process.execPath, args, options));
}
let coordinator = null;
let code = null;
let said = "";
function startCoordinator(root) {
  code = null;
  const args = [lab, "run", "--redis", url, "--quiet"];
  const child = spawn(process.execPath, args, { cwd: root, env: environment, detached: true });
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  child.once("exit", (status, signal) => {
    if (coordinator === child) code = signal === null ? status : null;
  });
  coordinator = child;
}
function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended by itself.
  }
}

const faults = {
  async worker() {
    const name = pick([...workers.keys()]);
    signal(workers.get(name), "SIGKILL");
    startWorker(name);
  },
  async coordinator(root) {
    signal(coordinator, "SIGKILL");
    startCoordinator(root);
  },
  async redis() {
    redis.kill("SIGKILL");
    await pause(500 + 1500 * random());
    startRedis();
  },
  /** As one that is cut off, or whose event loop is blocked: longer than it may be silent. */
  async stop() {
    const stopped = workers.get(pick([...workers.keys()]));
    signal(stopped, "SIGSTOP");
    await pause(2000 + 10_000 * random());
    signal(stopped, "SIGCONT");
  },
};
const counts = { worker: 0, coordinator: 0, redis: 0, stop: 0 };
function pick(items) {
  return items[Math.floor(random() * items.length)];
}

function endAll() {
  for (const child of [...workers.values(), coordinator]) if (child !== null) signal(child, "SIGKILL");
  redis?.kill("SIGKILL");
}
process.once("exit", endAll);
const local = projectIn("local");
ran(local, "run", "--quiet");
const expected = resultsOf(local);
startRedis();
for (const name of ["a", "b", "c"]) startWorker(name);
let faultCount = 0;
const begun = Date.now();
for (let round = 1; faultCount < faultsWanted; round += 1) {
  const root = projectIn(`round-${round}`);
  startCoordinator(root);
  for (let left = Math.min(faultsARound, faultsWanted - faultCount); left > 0 && code === null; left -= 1) {
    await pause(300 + 2500 * random());
    if (code !== null) break;
    const kind = pick(["worker", "worker", "coordinator", "redis", "stop"]);
    await faults[kind](root);
    counts[kind] += 1;
    faultCount += 1;
  }
  while (code === null) await pause(100);
  if (code !== 0) throw new Error(`lab run ended with ${code}\n${said.slice(-4000)}`);
  if (resultsOf(root) !== expected)
    throw new Error(`round ${round} differs from the local run; kept in ${root}`);
  rmSync(root, { recursive: true });
  const words = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  console.log(`round ${round}: equal to the local run; so far ${faultCount} faults (${words.join(", ")})`);
}
console.log(
  `${faultCount} faults in ${Math.round((Date.now() - begun) / 1000)} s: one record a trial, none lost, none twice`,
);
endAll();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
