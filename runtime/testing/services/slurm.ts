// A real Slurm on loopback for tests: munged, slurmctld and two slurmd that know nothing but each other, with two partitions of which one
// preempts the other, and no accounting. slurm.conf is that of Slurm 22.05 for many slurmd on one machine.
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { answers, freePort } from "./ports.ts";

const programs = { munged: "/usr/sbin/munged", slurmctld: "/usr/sbin/slurmctld", slurmd: "/usr/sbin/slurmd" };

/** Whether this machine can start one; where it cannot, CI fails. Its programs change users, so only root can. */
export function hasSlurm(): boolean {
  const has =
    process.getuid?.() === 0 &&
    spawnSync("sbatch", ["--version"]).error === undefined &&
    Object.values(programs).every((program) => spawnSync(program, ["-V"]).error === undefined);
  if (!has && process.env.CI === "true")
    throw new Error("needs root and Slurm (Debian: slurmctld slurmd slurm-client munge)");
  return has;
}

export interface SlurmCluster {
  /** What commands of Slurm need to find it: SLURM_CONF. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs a command of Slurm; its standard output. Throws where it fails. */
  command(name: string, ...args: readonly string[]): string;
  /** Ends the daemon of a node and everything that it runs, as when the machine loses its power. Slurm knows after 5 s or more. */
  killNode(node: "n1" | "n2"): void;
  startNode(node: "n1" | "n2"): void;
  /** Ends slurmctld: no command of Slurm is answered until it is started again, from the state that it has saved. */
  killController(): void;
  startController(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves once both nodes are idle. */
export async function startSlurm(): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), "labwright-slurm-"));
  for (const each of ["state", "spool/n1", "spool/n2", "run", "munge"])
    mkdirSync(join(folder, each), { recursive: true });
  const ports = { controller: await freePort(), n1: await freePort(), n2: await freePort() };
  const conf = join(folder, "slurm.conf");
  writeFileSync(conf, configuration(folder, ports));
  const key = join(folder, "munge", "munge.key");
  writeFileSync(key, randomBytes(1024), { mode: 0o400 });
  const environment = { SLURM_CONF: conf };
  const daemons = new Map<string, ChildProcess>();
  const start = (name: string, program: string, ...args: string[]): void => {
    const options = { stdio: "ignore", detached: true, env: { ...process.env, ...environment } } as const;
    daemons.set(name, spawn(program, args, options));
  };
  const command = (name: string, ...args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(name, args, {
      encoding: "utf8",
      env: { ...process.env, ...environment },
    });
    if (status !== 0) throw new Error(`${name} ${args.join(" ")}: ${stderr}`);
    return stdout;
  };
  const startNode = (node: "n1" | "n2"): void => start(node, programs.slurmd, "-f", conf, "-N", node, "-D");
  const killNode = (node: "n1" | "n2"): void => {
    killTree(daemons.get(node)?.pid);
    killSteps(node, conf);
  };
  const killController = (): void => killTree(daemons.get("slurmctld")?.pid);
  const startController = async (): Promise<void> => {
    start("slurmctld", programs.slurmctld, "-f", conf, "-D");
    await until(() => answers(ports.controller), "slurmctld");
  };
  const stop = async (): Promise<void> => {
    for (const name of ["slurmctld", "n1", "n2", "munged"]) killTree(daemons.get(name)?.pid);
    for (const node of ["n1", "n2"]) killSteps(node, conf);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  };
  start(
    "munged",
    programs.munged,
    ...["--foreground", "--force", `--key-file=${key}`, `--socket=${join(folder, "munge", "socket")}`],
    ...["pid", "log", "seed"].map((each) => `--${each}-file=${join(folder, "munge", each)}`),
  );
  try {
    await until(() => existsSync(join(folder, "munge", "socket")), "munged");
    await startController();
    startNode("n1");
    startNode("n2");
    const idle = (): boolean =>
      command("sinfo", "-h", "-N", "-p", "main", "-o", "%t")
        .split("\n")
        .filter((state) => state === "idle").length === 2;
    await until(idle, "two nodes");
  } catch (error) {
    await stop();
    throw error;
  }
  return { environment, command, killNode, startNode, killController, startController, stop };
}

function configuration(folder: string, ports: { controller: number; n1: number; n2: number }): string {
  const name = hostname().split(".")[0] ?? "localhost";
  const node = (each: "n1" | "n2"): string =>
    `NodeName=${each} NodeHostname=${name} NodeAddr=127.0.0.1 Port=${ports[each]} CPUs=64 RealMemory=8000 State=UNKNOWN`;
  return [
    "ClusterName=lab",
    `SlurmctldHost=${name}(127.0.0.1)`,
    `SlurmctldPort=${ports.controller}`,
    "SlurmUser=root",
    "SlurmdUser=root",
    "AuthType=auth/munge",
    // What Slurm queues again may begin once its last credential has expired: after two minutes where nothing is said.
    `AuthInfo=socket=${folder}/munge/socket,cred_expire=6`,
    "CryptoType=crypto/munge",
    `StateSaveLocation=${folder}/state`,
    `SlurmdSpoolDir=${folder}/spool/%n`,
    `SlurmctldPidFile=${folder}/run/slurmctld.pid`,
    `SlurmdPidFile=${folder}/run/slurmd.%n.pid`,
    `SlurmctldLogFile=${folder}/run/slurmctld.log`,
    `SlurmdLogFile=${folder}/run/slurmd.%n.log`,
    "ProctrackType=proctrack/pgid",
    "TaskPlugin=task/none",
    "MpiDefault=none",
    "SwitchType=switch/none",
    "ReturnToService=2",
    "SchedulerType=sched/backfill",
    "SelectType=select/cons_tres",
    "SelectTypeParameters=CR_Core",
    "SchedulerParameters=bf_interval=1,sched_interval=1,sched_min_interval=100000,batch_sched_delay=0",
    "PreemptType=preempt/partition_prio",
    "PreemptMode=REQUEUE",
    "KillWait=2",
    "SlurmctldTimeout=10",
    "SlurmdTimeout=5",
    "MinJobAge=300",
    "MaxArraySize=3",
    "JobCompType=jobcomp/filetxt",
    `JobCompLoc=${folder}/run/jobcomp.log`,
    "AccountingStorageType=accounting_storage/none",
    "SlurmdParameters=config_overrides",
    node("n1"),
    node("n2"),
    "PartitionName=main Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE",
    "PartitionName=urgent Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=off",
    "",
  ].join("\n");
}

/** The steps of a node are no children of its daemon; what they run knows the node's name. */
function killSteps(node: string, conf: string): void {
  const listed = spawnSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).stdout;
  for (const line of listed.trim().split("\n")) {
    const [pid = "", parent = ""] = line.trim().split(/\s+/);
    const variables = environmentOf(pid);
    if (!variables.includes(`SLURM_CONF=${conf}`) || !variables.includes(`SLURMD_NODENAME=${node}`)) continue;
    if (programOf(parent).startsWith("slurmstepd")) killTree(Number(parent));
    killTree(Number(pid));
  }
}

function environmentOf(pid: string): readonly string[] {
  return textOf(`/proc/${pid}/environ`).split("\0");
}

function programOf(pid: string): string {
  return textOf(`/proc/${pid}/cmdline`);
}

/** Empty where the process is gone. */
function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Ends a process and all that came from it. */
function killTree(pid: number | undefined): void {
  if (pid === undefined) return;
  const children = spawnSync("ps", ["--ppid", `${pid}`, "-o", "pid="], { encoding: "utf8" }).stdout;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It is gone.
  }
  for (const child of children.split("\n").flatMap((text) => (text.trim() === "" ? [] : [Number(text)])))
    killTree(child);
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; !(await holds()); tries++) {
    if (tries > 300) throw new Error(`${what} did not come up`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
