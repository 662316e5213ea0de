// `npm run faults:ssh`: runs on two machines of ssh, an sshd in a network namespace each, to which one fault after the other is done. Every run must end
// with one record a trial and the bytes of a local one. Outside the gate: it takes some minutes. Needs a built dist/, sshd, root and `ip`.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { environment, folderOfFarm, lab, networkOf, pause, projectIn, ran, signal } from "./farm-rig.mjs";
import { experiment, resultsOf } from "./faults-experiment.mjs";

const names = ["a", "b"];
const folder = folderOfFarm();
const network = networkOf(["run", ...names]);
if (network === null) throw new Error("needs root and network namespaces");
const daemons = new Map();
process.once("exit", () => {
  for (const daemon of daemons.values()) signal(daemon, "SIGKILL");
  network.remove();
});
for (const each of ["SIGINT", "SIGTERM"]) process.once(each, () => process.exit(1));

function startIn(name, args, options) {
  const [command, ...rest] = [...network.within(name), ...args];
  return spawn(command, rest, { detached: true, stdio: "ignore", ...options });
}

/** Keys, and configurations of servers and of the client; addresses are the network's. */
function configure() {
  mkdirSync("/run/sshd", { recursive: true });
  for (const key of ["host", "user"])
    spawnSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, key)]);
  chmodSync(join(folder, "user"), 0o600);
  const known = ["StrictHostKeyChecking no", "UserKnownHostsFile /dev/null", "LogLevel ERROR"];
  const client = names.flatMap((name, index) => [
    `Host ${name}`,
    `  HostName 10.77.0.${index + 3}`,
    `  IdentityFile ${join(folder, "user")}`,
    ...known.map((line) => `  ${line}`),
  ]);
  writeFileSync(join(folder, "client.conf"), client.join("\n"));
  names.forEach((name, index) => {
    const lines = [
      `ListenAddress 10.77.0.${index + 3}:22`,
      `HostKey ${join(folder, "host")}`,
      `AuthorizedKeysFile ${join(folder, "user.pub")}`,
      "PermitRootLogin prohibit-password",
      "UsePAM no",
      "StrictModes no",
      `PidFile ${join(folder, `${name}.pid`)}`,
      `SetEnv PATH=${process.env.PATH} XDG_CACHE_HOME=${join(folder, `cache-${name}`)}`,
    ];
    writeFileSync(join(folder, `${name}.conf`), lines.join("\n"));
  });
}

function startSshd(name) {
  daemons.set(name, startIn(name, ["/usr/sbin/sshd", "-D", "-f", join(folder, `${name}.conf`)]));
}

/** The run under way: what it has said lately, its exit status once it has one. */
const run = { root: "", child: null, said: [], hosts: 0, onLine: () => undefined, code: null };

function startRun() {
  const args = [process.execPath, lab, "run", "--json"];
  const options = { cwd: run.root, env: environment(join(run.root, "cache")) };
  const child = startIn("run", args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  for (const stream of [child.stdout, child.stderr]) {
    let rest = "";
    stream.setEncoding("utf8").on("data", (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      for (const line of lines) {
        run.said = [...run.said.slice(-30), line];
        if (line.includes('"host-ready"')) run.hosts += 1;
        run.onLine(line);
      }
    });
  }
  child.once("close", (status, by) => {
    if (run.child === child) run.code = by === null ? status : null;
  });
  run.child = child;
}

/** Seconds until the run says such a line. */
function secondsUntil(pattern) {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const look = setInterval(() => run.code !== null && end(reject, new Error(run.said.join("\n"))), 200);
    const end = (settle, value) => {
      clearInterval(look);
      run.onLine = () => undefined;
      settle(value);
    };
    run.onLine = (line) => {
      if (pattern.test(line)) end(resolve, ((performance.now() - begun) / 1000).toFixed(1));
    };
  });
}

const again = /"host a-\d+ .*is run again/;
const back = /"host-ready","host":"a-/;
const progress = /"type":"progress"/;

async function cutFor(seconds) {
  network.cut("a");
  const begun = performance.now();
  const lost = secondsUntil(again).catch(() => null);
  await pause(1000 * seconds);
  network.heal("a");
  return { lost, begun };
}

const shows = {
  async "a machine cut off for 12 s"() {
    await cutFor(12);
    return `records came again ${await secondsUntil(progress)} s after the cut was healed`;
  },
  async "a machine cut off for 40 s"() {
    const { lost } = await cutFor(40);
    const seconds = await lost;
    return `its leases ran elsewhere after ${seconds} s; ${await secondsUntil(back)} s after the cut was healed it worked again`;
  },
  async "the coordinator cut off for 12 s"() {
    network.cut("run");
    await pause(12_000);
    network.heal("run");
    return `records came again ${await secondsUntil(progress)} s after the cut was healed`;
  },
  async "kill -9 of an sshd and all that it serves"() {
    const lost = secondsUntil(again);
    spawnSync("pkill", ["-KILL", "-P", `${daemons.get("a").pid}`]);
    signal(daemons.get("a"), "SIGKILL");
    const seconds = await lost;
    startSshd("a");
    return `its leases ran elsewhere after ${seconds} s; ${await secondsUntil(back)} s later it worked again`;
  },
  async "kill -9 of the coordinator"() {
    const gone = new Promise((resolve) => run.child.once("close", resolve));
    signal(run.child, "SIGKILL");
    await gone;
    startRun();
    return `started again, it recorded after ${await secondsUntil(progress)} s`;
  },
};

configure();
const local = projectIn(folder, "local", experiment);
ran(local, "run", "--quiet");
const expected = resultsOf(local);
names.forEach(startSshd);
const wanted = process.argv[2] ?? "";
for (const [name, show] of Object.entries(shows)) {
  if (!name.includes(wanted)) continue;
  Object.assign(run, { root: projectIn(folder, "show", experiment), code: null, said: [], hosts: 0 });
  const hosts = names.map((host) => ({ host, threads: 1, lab }));
  const options = ["-F", join(folder, "client.conf")];
  writeFileSync(
    join(run.root, "lab.config.ts"),
    `import { defineConfig, ssh } from "labwright/config";\n\nexport default defineConfig({ engine: ssh(${JSON.stringify({ hosts, options })}) });\n`,
  );
  startRun();
  while (run.hosts < names.length && run.code === null) await pause(50);
  await secondsUntil(progress);
  const seen = await show();
  while (run.code === null) await pause(100);
  if (run.code !== 0) throw new Error(`lab run ended with ${run.code}\n${run.said.join("\n")}`);
  if (resultsOf(run.root) !== expected)
    throw new Error(`${name}: differs from the local run; kept in ${run.root}`);
  rmSync(run.root, { recursive: true });
  console.log(`${name}: ${seen}; one record a trial, equal to the local run`);
}
rmSync(folder, { recursive: true, force: true });
process.exit(0);
