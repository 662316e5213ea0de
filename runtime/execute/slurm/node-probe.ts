// Whether a node can do what an element does: a job of a minute at most writes into the folder that all machines are to share, and says there which
// labwright and Node it has.
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Checked, failed, ok, warning } from "../../doctor/check.ts";
import { readHostCheck, unlikeHere } from "../engine/host-check.ts";
import { submitProbe } from "./batch-script.ts";
import { slurm } from "./slurm-commands.ts";
import type { SlurmSetting } from "./slurm-options.ts";

const lookMs = 500;
const queuedLooks = 60;
/** A network file system may show later what was written elsewhere. */
const shownLooks = 20;
const check = "slurm node";

export async function probedNode(setting: SlurmSetting, folder: string): Promise<Checked> {
  const file = join(folder, `check-${randomBytes(6).toString("hex")}.txt`);
  try {
    mkdirSync(folder, { recursive: true });
    const { job, words } = await submitProbe(setting, file);
    if (job === null)
      return failed(check, `sbatch refuses a job of a minute: ${words}`, "Correct what is asked for.");
    return await probed(job, { setting, file, folder });
  } finally {
    rmSync(file, { force: true });
  }
}

interface Probe {
  readonly setting: SlurmSetting;
  readonly file: string;
  readonly folder: string;
}

async function probed(job: string, { setting, file, folder }: Probe): Promise<Checked> {
  const reason = await queuedFor(job);
  if (reason !== null) {
    await slurm("scancel", [job]);
    return warning(
      check,
      `no node was free within ${(queuedLooks * lookMs) / 1000} s (${reason})`,
      "A run waits until one is; lab doctor sees more once the queue is shorter.",
    );
  }
  const node = await nodeOf(job);
  const printed = await shown(file);
  if (printed === null)
    return failed(
      check,
      `what ${node} writes to ${folder} is not seen here`,
      "Keep the project on a file system that this machine and all nodes have under the same path, or name such a folder: slurm({ folder }).",
    );
  const there = readHostCheck(printed);
  if (there === null)
    return failed(
      check,
      `${node} cannot start lab: ${printed.trim().split("\n").at(-1) || "it said nothing"}`,
      setting.lab === null && setting.setup.length === 0
        ? "Install Node and labwright where all nodes have them under the same path, or say what comes first: slurm({ setup: [...], lab })."
        : "Correct what lab.config.ts says of it: slurm({ setup, lab }).",
    );
  const unlike = unlikeHere(there);
  return unlike === null
    ? ok(check, `${node} sees ${folder}; labwright ${there.labwright}, Node ${there.node}`)
    : failed(
        check,
        `${node} has ${unlike.has}, here it is ${unlike.here}`,
        `Let nodes start ${unlike.needed}: slurm({ setup: [...], lab }).`,
      );
}

/** Null once the job is over; why it waits or runs, in Slurm's word, where it is not over in time. */
async function queuedFor(job: string): Promise<string | null> {
  let reason = "";
  for (let looks = 0; looks < queuedLooks; looks += 1) {
    await pause();
    const { code, stdout, words } = await slurm("squeue", ["-h", "-j", job, "-o", "%t|%r"]);
    const [state = "", why = ""] = stdout.trim().split("|");
    // One that ended some time ago has no number any more.
    if (code === 0 ? state === "" : words.includes("Invalid job id")) return null;
    reason = state === "PD" ? why : "it runs";
  }
  return reason;
}

async function nodeOf(job: string): Promise<string> {
  const { stdout } = await slurm("scontrol", ["-o", "show", "job", job]);
  return /\bBatchHost=(\S+)/.exec(stdout)?.[1] ?? "a node";
}

/** What the file holds; null where it does not come. */
async function shown(file: string): Promise<string | null> {
  for (let looks = 0; looks < shownLooks; looks += 1) {
    try {
      return readFileSync(file, "utf8");
    } catch {
      await pause();
    }
  }
  return null;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, lookMs));
}
