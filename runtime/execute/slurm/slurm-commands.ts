// The commands of Slurm: submit, list, look into, cancel. States come from squeue; of what squeue has forgotten, scontrol and, where it can be
// read, the job completion log know more. Accounting is not needed.
import { execFile } from "node:child_process";
import { open } from "node:fs/promises";
import { limitSeconds } from "./time-limit.ts";

const commandMs = 30_000;
const logBytes = 256 * 1024;

/** An element as squeue lists it. */
export interface ListedElement {
  readonly array: string;
  readonly task: number;
  /** Whether it runs, or is on its way out. */
  readonly isOnNode: boolean;
  /** Why it waits, in Slurm's word. */
  readonly reason: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  /** The last line that it said. */
  readonly words: string;
}

/** Never rejects: a command that is not there ends with code 127. */
export function slurm(name: string, args: readonly string[], input: string | null = null): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      name,
      args,
      { timeout: commandMs, maxBuffer: 2 ** 26 },
      (error, stdout, stderr) => {
        const words = stderr.trim().split("\n").at(-1) ?? "";
        if (error === null) resolve({ code: 0, stdout, words });
        else if (error.code === "ENOENT") resolve({ code: 127, stdout, words: `${name}: command not found` });
        else if (error.killed === true)
          resolve({ code: 1, stdout, words: `${name}: no answer within ${commandMs / 1000} s` });
        else
          resolve({
            code: typeof error.code === "number" ? error.code : 1,
            stdout,
            words: words || error.message,
          });
      },
    );
    child.stdin?.on("error", () => undefined).end(input ?? "");
  });
}

/** Elements of the arrays of this name that wait or run; in words why Slurm does not answer. */
export async function listed(jobName: string): Promise<readonly ListedElement[] | string> {
  const { code, stdout, words } = await slurm("squeue", [
    "-h",
    "-r",
    "--me",
    `--name=${jobName}`,
    "-o",
    "%F|%K|%t|%r",
  ]);
  if (code !== 0) return words;
  return stdout.split("\n").flatMap((line) => {
    const [array = "", task = "", state = "", reason = ""] = line.trim().split("|");
    if (!/^\d+$/.test(task)) return [];
    // One that was preempted is completing (CG) before it waits again.
    return [{ array, task: Number(task), isOnNode: state !== "PD", reason }];
  });
}

/** What a cluster allows an array of these partitions (null: of the usual one); null where Slurm does not say. */
export interface ArrayLimits {
  /** Elements of one array at most. */
  readonly elements: number | null;
  /** The time limit in seconds of an element that says none; null where it has none. */
  readonly seconds: number | null;
}

export async function arrayLimits(partition: string | null): Promise<ArrayLimits> {
  const [config, partitions] = await Promise.all([
    slurm("scontrol", ["show", "config"]),
    slurm("sinfo", ["-h", "-o", "%P|%L|%l"]),
  ]);
  const wanted = partition?.split(",");
  const seconds = partitions.stdout.split("\n").flatMap((line) => {
    const [name = "", usual = "", most = ""] = line.trim().split("|");
    // The usual one is marked.
    const isMeant = wanted === undefined ? name.endsWith("*") : wanted.includes(name.replace(/\*$/, ""));
    return isMeant ? (limitSeconds(usual) ?? limitSeconds(most) ?? []) : [];
  });
  const elements = Number(configured(config.stdout, "MaxArraySize"));
  return {
    elements: elements > 0 ? elements : null,
    seconds: seconds.length === 0 ? null : Math.min(...seconds),
  };
}

/** How an element ended. */
export interface ElementEnd {
  /** That follow "it". */
  readonly words: string;
  readonly isCancelled?: true;
  readonly isTimeLimit?: true;
}

export const requeued: ElementEnd = { words: "was taken off its node by Slurm, which has queued it again" };

/** Null where nobody knows. */
export async function endOf({
  array,
  task,
}: {
  readonly array: string;
  readonly task: number;
}): Promise<ElementEnd | null> {
  const { code, stdout } = await slurm("scontrol", ["-o", "show", "job", `${array}_${task}`]);
  const state = code === 0 ? valueIn(stdout, "JobState") : null;
  if (state !== null && state !== "RUNNING") return elementEnd(state, valueIn(stdout, "ExitCode"));
  const line = await completionOf(array, task);
  return line === null ? null : elementEnd(valueIn(line, "JobState") ?? "", valueIn(line, "ExitCode"));
}

/** The line of the job completion log (JobCompType=jobcomp/filetxt); null where there is none that can be read. */
async function completionOf(array: string, task: number): Promise<string | null> {
  const { stdout } = await slurm("scontrol", ["show", "config"]);
  if (configured(stdout, "JobCompType") !== "jobcomp/filetxt") return null;
  const file = await open(configured(stdout, "JobCompLoc"), "r").catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const piece = Buffer.alloc(Math.min(size, logBytes));
    await file.read(piece, 0, piece.length, size - piece.length);
    const lines = piece.toString().split("\n");
    return (
      lines.findLast(
        (line) => valueIn(line, "ArrayJobId") === array && valueIn(line, "ArrayTaskId") === `${task}`,
      ) ?? null
    );
  } finally {
    await file.close();
  }
}

/** A value of `scontrol show config`. */
function configured(printed: string, name: string): string {
  return new RegExp(`^${name}\\s*=\\s*(.*)$`, "m").exec(printed)?.[1]?.trim() ?? "";
}

function valueIn(line: string, name: string): string | null {
  return new RegExp(`(?:^|\\s)${name}=(\\S*)`).exec(line)?.[1] ?? null;
}

function elementEnd(state: string, exitCode: string | null): ElementEnd {
  switch (state) {
    case "PENDING":
    case "REQUEUED":
      return requeued;
    case "PREEMPTED":
      return { words: "was taken off its node by Slurm (PREEMPTED)" };
    case "NODE_FAIL":
      return { words: "lost its node (NODE_FAIL)" };
    case "TIMEOUT":
      return { words: "reached its time limit (TIMEOUT)", isTimeLimit: true };
    case "OUT_OF_MEMORY":
      return { words: "took more memory than it asked Slurm for (OUT_OF_MEMORY)" };
    case "CANCELLED":
      return { words: "was cancelled (scancel)", isCancelled: true };
    default:
      return {
        words: `ended as ${state}${exitCode === null || exitCode === "0:0" ? "" : `, exit code ${exitCode}`}`,
      };
  }
}
