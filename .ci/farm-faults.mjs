// `npm run faults:farm [shows|random] [faults] [seed]`: runs on a farm of three workers, one of them with a clock that is a day ahead, to which one fault
// after the other is done: those that docs/engines.md names, then so many at random. Every run must end with one record a trial and the bytes of a
// local one. Outside the gate: it takes half an hour. Needs a built dist/, redis-server, and for network cuts root and `ip`.
import { rmSync } from "node:fs";
import { farmIn, folderOfFarm, pause, projectIn, ran, signal } from "./farm-rig.mjs";
import { experiment, resultsOf } from "./faults-experiment.mjs";

const wanted = process.argv.slice(2);
const part = ["shows", "random"].includes(wanted[0]) ? wanted.shift() : "all";
const [faultsWanted = 200, seed = 1] = wanted.map(Number);
const faultsARun = 20;
const names = ["a", "b", "c"];

let state = (seed * 2654435761) >>> 0;
/** Uniform from 0 to 1, for which fault comes when. */
function random() {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
}
const pick = (items) => items[Math.floor(random() * items.length)];

const folder = folderOfFarm();
const farm = farmIn(folder, names);
process.once("exit", () => farm.end());
for (const each of ["SIGINT", "SIGTERM"]) process.once(each, () => process.exit(1));

/** The run under way: its coordinator, what it has said lately, its exit status once it has one. */
const run = {
  root: "",
  child: null,
  said: [],
  hosts: 0,
  isBegun: false,
  onLine: () => undefined,
  code: null,
};

function startCoordinator() {
  run.isBegun = false;
  const child = farm.startRun(run.root, {
    onLine(line) {
      run.said = [...run.said.slice(-30), line];
      run.isBegun ||= line.includes('"run-started"');
      if (line.includes('"host-ready"')) run.hosts += 1;
      run.onLine(line);
    },
    onExit: (code) => {
      if (run.child === child) run.code = code;
    },
  });
  run.child = child;
}

function begin(name) {
  Object.assign(run, { root: projectIn(folder, name, experiment), code: null, said: [], hosts: 0 });
  startCoordinator();
}

/** Waits for the end of the run and holds it against the local one. */
async function settle(name) {
  while (run.code === null) await pause(100);
  if (run.code !== 0) throw new Error(`lab run ended with ${run.code}\n${run.said.join("\n")}`);
  if (resultsOf(run.root) !== expected)
    throw new Error(`${name} differs from the local run; kept in ${run.root}`);
  rmSync(run.root, { recursive: true });
}

async function until(holds) {
  while (!holds() && run.code === null) await pause(20);
  if (run.code !== null) throw new Error(`the run ended before its time\n${run.said.join("\n")}`);
}

/** Seconds until the run says such a line. */
function secondsUntil(pattern) {
  const begun = performance.now();
  return new Promise((resolve) => {
    run.onLine = (line) => {
      if (!pattern.test(line)) return;
      run.onLine = () => undefined;
      resolve(((performance.now() - begun) / 1000).toFixed(1));
    };
  });
}

const elsewhere = (name) => new RegExp(`"host ${name}-\\d+ .*is run again`);
const progress = /"type":"progress"/;

/** The faults that the page of engines names, each with what is to be seen of it. */
const shows = {
  async "kill -9 of a worker"() {
    const lost = secondsUntil(elsewhere("a"));
    signal(farm.workers.get("a"), "SIGKILL");
    const seconds = await lost;
    farm.startWorker("a");
    return `its leases ran elsewhere after ${seconds} s`;
  },
  async "kill -9 of the coordinator"() {
    const gone = new Promise((resolve) => run.child.once("close", resolve));
    signal(run.child, "SIGKILL");
    await gone;
    const again = secondsUntil(progress);
    startCoordinator();
    return `started again, it recorded after ${await again} s`;
  },
  async "kill -9 of Redis"() {
    const begun = performance.now();
    await farm.restartRedis(1000);
    await secondsUntil(progress);
    return `down for 1.0 s, records came again ${((performance.now() - begun) / 1000).toFixed(1)} s after the kill`;
  },
  async "a worker cut off for 12 s"() {
    const lost = secondsUntil(elsewhere("b"));
    farm.network.cut("b");
    const seconds = await lost;
    await pause(12_000 - 1000 * seconds);
    const back = secondsUntil(/"host-ready","host":"b-/);
    farm.network.heal("b");
    return `its leases ran elsewhere after ${seconds} s; ${await back} s after the cut was healed it worked again`;
  },
  async "the coordinator cut off for 12 s"() {
    farm.network.cut("run");
    await pause(12_000);
    const back = secondsUntil(progress);
    farm.network.heal("run");
    return `records came again ${await back} s after the cut was healed`;
  },
  async "a worker's event loop blocked for a minute"() {
    const lost = secondsUntil(elsewhere("a"));
    process.kill(farm.workers.get("a").pid, "SIGUSR2");
    return `its leases ran elsewhere after ${await lost} s`;
  },
  async "the coordinator's event loop blocked for a minute"() {
    process.kill(run.child.pid, "SIGUSR2");
    const begun = performance.now();
    await secondsUntil(progress);
    return `records came again ${((performance.now() - begun) / 1000).toFixed(1)} s after it was blocked`;
  },
};

/** Each in a run of its own, once every worker has begun. */
async function showAll() {
  for (const [name, show] of Object.entries(shows)) {
    if (farm.network === null && name.includes("cut off")) {
      console.log(`${name}: not shown, since this needs root and network namespaces`);
      continue;
    }
    begin("show");
    await until(() => run.hosts >= names.length);
    await secondsUntil(progress);
    const seen = await show();
    await settle(name);
    console.log(`${name}: ${seen}; one record a trial, equal to the local run`);
  }
}

const faults = {
  async worker() {
    const name = pick(names);
    signal(farm.workers.get(name), "SIGKILL");
    farm.startWorker(name);
  },
  async coordinator() {
    signal(run.child, "SIGKILL");
    startCoordinator();
  },
  redis: () => farm.restartRedis(500 + 1500 * random()),
  /** Longer than it may be silent, as one whose machine sleeps. */
  async stop() {
    const stopped = farm.workers.get(pick(names));
    signal(stopped, "SIGSTOP");
    await pause(2000 + 10_000 * random());
    signal(stopped, "SIGCONT");
  },
  async cut() {
    const name = pick([...names, "run"]);
    // Where the server cannot be reached nothing is begun: that is told, and is no fault of a run.
    while (name === "run" && !run.isBegun && run.code === null) await pause(20);
    farm.network.cut(name);
    await pause(2000 + 10_000 * random());
    farm.network.heal(name);
  },
};

async function drawAll() {
  const kinds = [
    "worker",
    "worker",
    "coordinator",
    "redis",
    "stop",
    ...(farm.network === null ? [] : ["cut"]),
  ];
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0]));
  let count = 0;
  for (let round = 1; count < faultsWanted; round += 1) {
    begin(`round-${round}`);
    for (let left = Math.min(faultsARun, faultsWanted - count); left > 0 && run.code === null; left -= 1) {
      await pause(300 + 2500 * random());
      if (run.code !== null) break;
      const kind = pick(kinds);
      await faults[kind]();
      counts[kind] += 1;
      count += 1;
    }
    await settle(`round ${round}`);
    const words = Object.entries(counts).map(([kind, times]) => `${times} ${kind}`);
    console.log(`round ${round}: equal to the local run; so far ${count} faults (${words.join(", ")})`);
  }
  return count;
}

const begun = Date.now();
const local = projectIn(folder, "local", experiment);
ran(local, "run", "--quiet");
const expected = resultsOf(local);
farm.start();
console.log(
  `three workers, ${farm.network === null ? "one network" : "a network namespace each"}, c a day ahead by ${farm.clock}`,
);
if (part !== "random") await showAll();
const count = part === "shows" ? 0 : await drawAll();
const seconds = Math.round((Date.now() - begun) / 1000);
console.log(`${count} faults at random, ${seconds} s in all: one record a trial, none lost, none twice`);
farm.end();
rmSync(folder, { recursive: true, force: true });
process.exit(0);
