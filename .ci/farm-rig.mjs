// A farm that faults are done to: Redis with an append-only file, workers and a coordinator, each a process group in a network namespace of its own
// where the kernel and the user allow that. For farm-faults.mjs and, in part, ssh-faults.mjs; needs a built dist/.
import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("..", import.meta.url));
export const lab = join(checkout, "dist/runtime/cli/lab.js");
const port = 6379;

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A folder for all that there is: projects, Redis' file, the code of builds. */
export function folderOfFarm() {
  return mkdtempSync(join(tmpdir(), "labwright-faults-"));
}

export function projectIn(folder, name, experiment) {
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

export function ran(root, ...args) {
  const options = { cwd: root, encoding: "utf8", env: environment(join(root, "cache")), maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(process.execPath, [lab, ...args], options);
  if (status !== 0) throw new Error(`lab ${args.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}

export function environment(cache) {
  return { ...process.env, NO_COLOR: "1", XDG_CACHE_HOME: cache };
}

/** Switches of a network: each name has a namespace with a cable to one bridge, which can be pulled so that nothing is heard of it. */
export function networkOf(names) {
  const hub = `lw${process.pid}-hub`;
  const spaceOf = (name) => `lw${process.pid}-${name}`;
  const ip = (...args) => spawnSync("ip", args, { encoding: "utf8" });
  const made = () =>
    [
      ["netns", "add", hub],
      ["-n", hub, "link", "add", "br0", "type", "bridge"],
      ["-n", hub, "addr", "add", "10.77.0.1/24", "dev", "br0"],
      ["-n", hub, "link", "set", "br0", "up"],
      ["-n", hub, "link", "set", "lo", "up"],
      ...names.flatMap((name, index) => [
        ["netns", "add", spaceOf(name)],
        [
          "link",
          "add",
          `p-${name}`,
          "netns",
          hub,
          "type",
          "veth",
          "peer",
          "name",
          "eth0",
          "netns",
          spaceOf(name),
        ],
        ["-n", hub, "link", "set", `p-${name}`, "master", "br0", "up"],
        ["-n", spaceOf(name), "addr", "add", `10.77.0.${index + 2}/24`, "dev", "eth0"],
        ["-n", spaceOf(name), "link", "set", "eth0", "up"],
        ["-n", spaceOf(name), "link", "set", "lo", "up"],
      ]),
    ].every((args) => ip(...args).status === 0);
  const remove = () => {
    for (const space of [...names.map(spaceOf), hub]) ip("netns", "delete", space);
  };
  if (!made()) {
    remove();
    return null;
  }
  return {
    /** What is put before a command that is to run there. */
    within: (name) => ["ip", "netns", "exec", name === "redis" ? hub : spaceOf(name)],
    /** Packets are dropped both ways and nobody is told: no reset, no loss of a carrier. */
    cut: (name) => ip("-n", hub, "link", "set", `p-${name}`, "nomaster"),
    heal: (name) => ip("-n", hub, "link", "set", `p-${name}`, "master", "br0"),
    remove,
  };
}

/** An environment in which the clock of the day is a day ahead and the steady clock is right. */
function aDayAhead(folder) {
  const found = existsSync("/usr/lib")
    ? readdirSync("/usr/lib")
        .map((each) => `/usr/lib/${each}/faketime/libfaketime.so.1`)
        .find((path) => existsSync(path))
    : undefined;
  if (found !== undefined)
    return {
      how: "libfaketime",
      variables: { LD_PRELOAD: found, FAKETIME: "+1d", FAKETIME_DONT_FAKE_MONOTONIC: "1" },
    };
  const shift = join(folder, "ahead.cjs");
  writeFileSync(shift, "const now = Date.now; Date.now = () => now() + 86_400_000;\n");
  return { how: "Date.now", variables: { NODE_OPTIONS: `--require ${shift}` } };
}

/** SIGUSR2 blocks the event loop of a process that has loaded this for a minute. */
function blockerIn(folder) {
  const path = join(folder, "blocked.cjs");
  const words = [
    'const { isMainThread } = require("node:worker_threads");',
    "const nothing = new Int32Array(new SharedArrayBuffer(4));",
    'if (isMainThread) process.on("SIGUSR2", () => Atomics.wait(nothing, 0, 0, 60_000));',
  ];
  writeFileSync(path, `${words.join("\n")}\n`);
  return path;
}

export function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended by itself.
  }
}

/** A farm with these workers, the last of them with a wrong clock; nothing is started yet. */
export function farmIn(folder, names) {
  const network = networkOf(["run", ...names]);
  const blocker = blockerIn(folder);
  const ahead = aDayAhead(folder);
  const url = network === null ? `redis://127.0.0.1:${port}` : `redis://10.77.0.1:${port}`;
  const workers = new Map();
  let redis = null;
  const start = (name, args, options) => {
    const [command, ...rest] = [...(network === null ? [] : network.within(name)), ...args];
    // A group of its own: a worker and its host are stopped and killed together.
    return spawn(command, rest, { detached: true, stdio: "ignore", ...options });
  };
  const startRedis = () => {
    const listens = ["--port", `${port}`, "--bind", network === null ? "127.0.0.1" : "10.77.0.1"];
    const keeps = ["--dir", folder, "--save", "", "--appendonly", "yes", "--maxmemory-policy", "noeviction"];
    redis = start("redis", ["redis-server", ...listens, "--protected-mode", "no", ...keeps]);
  };
  const startWorker = (name) => {
    const args = [
      process.execPath,
      "--require",
      blocker,
      lab,
      "worker",
      "--redis",
      url,
      "--name",
      name,
      "-j",
      "1",
    ];
    const clock = name === names.at(-1) ? ahead.variables : {};
    workers.set(name, start(name, args, { env: { ...environment(join(folder, "cache")), ...clock } }));
  };
  const farm = {
    network,
    clock: ahead.how,
    workers,
    startWorker,
    startRedis,
    async restartRedis(afterMs) {
      signal(redis, "SIGKILL");
      await pause(afterMs);
      startRedis();
    },
    /** Starts `lab run`; `onLine` hears each line of its JSON events, `onExit` its exit status. */
    startRun(root, { onLine, onExit }) {
      const args = [process.execPath, "--require", blocker, lab, "run", "--redis", url, "--json"];
      const env = environment(join(root, "cache"));
      const child = start("run", args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
      for (const stream of [child.stdout, child.stderr]) {
        let rest = "";
        stream.setEncoding("utf8").on("data", (text) => {
          const lines = (rest + text).split("\n");
          rest = lines.pop();
          lines.forEach(onLine);
        });
      }
      child.once("close", (status, by) => onExit(by === null ? status : null));
      return child;
    },
    start() {
      startRedis();
      names.forEach(startWorker);
    },
    end() {
      for (const child of [...workers.values(), redis]) if (child !== null) signal(child, "SIGKILL");
      network?.remove();
    },
  };
  return farm;
}
