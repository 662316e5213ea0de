// Whether Slurm would take the array of a run: the commands are here, the controller answers, the partition has nodes that are large enough, and what
// is asked for is allowed. Nothing is submitted.
import { userInfo } from "node:os";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { type Checked, failed, ok, warning } from "../../doctor/check.ts";
import { elementOptions, refusalWords } from "./batch-script.ts";
import { slurm } from "./slurm-commands.ts";
import type { SlurmSetting } from "./slurm-options.ts";
import { limitSeconds } from "./time-limit.ts";

/** A kind of node in a partition. */
interface NodeKind {
  readonly partition: string;
  readonly isUsual: boolean;
  readonly isUp: boolean;
  readonly nodes: number;
  /** As Slurm writes it. */
  readonly timeLimit: string;
  readonly cores: number;
  readonly memoryMb: number;
}

export async function checkedCluster(setting: SlurmSetting): Promise<readonly Checked[]> {
  const version = await slurm("sbatch", ["--version"]);
  if (version.code !== 0)
    return [
      failed(
        "slurm",
        `no sbatch here: ${version.words}`,
        "Start lab run on a login node of the cluster, where sbatch, squeue, scontrol and scancel are on the PATH.",
      ),
    ];
  const { code, stdout, words } = await slurm("sinfo", ["-h", "-e", "-o", "%R|%P|%a|%D|%l|%c|%m"]);
  if (code !== 0)
    return [
      failed(
        "slurm",
        `does not answer: ${words}`,
        "See what scontrol ping says; SLURM_CONF names the cluster's slurm.conf where it is not in its usual place.",
      ),
    ];
  const kinds = stdout.trim().split("\n").map(kindOf);
  const lacking = lackingPartition(setting, kinds) ?? tooLarge(setting, kinds);
  if (lacking !== null) return [lacking];
  return [isUp(setting, kinds, version.stdout.trim()), ...(await refused(setting))];
}

function kindOf(line: string): NodeKind {
  const [partition = "", marked = "", state = "", nodes, timeLimit = "", cores, memoryMb] = line.split("|");
  return {
    partition,
    isUsual: marked.endsWith("*"),
    isUp: state === "up",
    nodes: Number(nodes),
    timeLimit,
    cores: Number(cores),
    memoryMb: Number(memoryMb),
  };
}

function lackingPartition({ partition }: SlurmSetting, kinds: readonly NodeKind[]): Checked | null {
  const names = [...new Set(kinds.map((kind) => kind.partition))];
  if (partition === null)
    return kinds.some(({ isUsual }) => isUsual)
      ? null
      : failed("slurm", "has no partition for jobs that name none", `Name one: ${names.join(", ")}.`);
  const unknown = partition.split(",").find((each) => !names.includes(each));
  if (unknown === undefined) return null;
  const near = nearestOrAll(unknown, names, "partition") ?? "It has none.";
  return failed("slurm", `has no partition ${unknown}`, near);
}

/** Those that elements may run on. */
function meant({ partition }: SlurmSetting, kinds: readonly NodeKind[]): readonly NodeKind[] {
  const wanted = partition?.split(",");
  return kinds.filter((kind) => (wanted === undefined ? kind.isUsual : wanted.includes(kind.partition)));
}

/** What no node has, or no partition allows: such an array would wait for ever. */
function tooLarge(setting: SlurmSetting, kinds: readonly NodeKind[]): Checked | null {
  const { threads, mem, time } = setting;
  const fitting = meant(setting, kinds);
  const where = wordsOf(setting, fitting);
  const cores = Math.max(...fitting.map((kind) => kind.cores));
  if (threads > cores)
    return failed("slurm", `no node of ${where} has ${threads} cores`, `Ask for ${cores} at most: -j.`);
  const memoryMb = Math.max(...fitting.map((kind) => kind.memoryMb));
  if (mem !== null && megabytesOf(mem) > memoryMb)
    return failed(
      "slurm",
      `no node of ${where} has ${mem} of memory`,
      `Ask for ${memoryMb}M at most: --mem.`,
    );
  const longest = Math.max(
    ...fitting.map((kind) => limitSeconds(kind.timeLimit) ?? Number.POSITIVE_INFINITY),
  );
  if (time === null || (limitSeconds(time) ?? 0) <= longest) return null;
  const most = fitting.find((kind) => limitSeconds(kind.timeLimit) === longest)?.timeLimit;
  return failed("slurm", `${where} allows ${most}, not ${time}`, `Ask for ${most} at most: --time.`);
}

function isUp(setting: SlurmSetting, kinds: readonly NodeKind[], version: string): Checked {
  const fitting = meant(setting, kinds);
  const where = wordsOf(setting, fitting);
  const up = fitting.filter((kind) => kind.isUp);
  if (up.length === 0)
    return warning("slurm", `${where} is not up`, "The array waits until an administrator opens it.");
  const nodes = up.reduce((sum, kind) => sum + kind.nodes, 0);
  return ok("slurm", `${version}, ${where} with ${nodes} ${nodes === 1 ? "node" : "nodes"}`);
}

function wordsOf({ partition }: SlurmSetting, fitting: readonly NodeKind[]): string {
  const names = partition?.split(",") ?? [...new Set(fitting.map((kind) => kind.partition))];
  return `${names.length === 1 ? "partition" : "partitions"} ${names.join(", ")}`;
}

/** As sbatch takes it: megabytes unless told. */
function megabytesOf(mem: string): number {
  const unit = { k: 1 / 1024, m: 1, g: 1024, t: 1024 ** 2 }[mem.slice(-1).toLowerCase()] ?? 1;
  return Number.parseInt(mem, 10) * unit;
}

/** Why Slurm would not take an element; nothing where it would. */
async function refused(setting: SlurmSetting): Promise<readonly Checked[]> {
  const { code, words } = await slurm("sbatch", ["--test-only", ...elementOptions(setting)], "#!/bin/sh\n");
  if (code === 0) return [];
  const why = refusalWords(words);
  // Slurm says the same of nodes that are too small and of nodes that are down; the former were looked at.
  if (/not available|busy/i.test(why))
    return [
      warning(
        "slurm",
        `could begin nothing now: ${why}`,
        "The array waits; sinfo -R says why nodes are down.",
      ),
    ];
  return [failed("slurm", `would refuse the array: ${why}`, await remedyOf(setting, why))];
}

async function remedyOf({ account }: SlurmSetting, why: string): Promise<string> {
  if (!/account/i.test(why))
    return "sbatch says so: correct what is asked for, in lab.config.ts or on the command line.";
  const { stdout } = await slurm("sacctmgr", [
    "-nP",
    "show",
    "assoc",
    `user=${userInfo().username}`,
    "format=account",
  ]);
  const accounts = [...new Set(stdout.trim().split("\n"))].filter((name) => name !== "");
  return (
    nearestOrAll(account ?? "", accounts, "account") ??
    "Name one that you may use: --account; sacctmgr knows them."
  );
}
