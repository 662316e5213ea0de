// What is handed to sbatch: the options of an array and the script that each of its elements runs.
import { fileURLToPath } from "node:url";
import type { ArrayFolder } from "./array-folder.ts";
import { slurm } from "./slurm-commands.ts";
import type { SlurmSetting } from "./slurm-options.ts";

/** Variables that elements are started with; no others of this machine, which may hold keys. */
const exported = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG"];

export interface ArrayRequest {
  readonly setting: SlurmSetting;
  readonly folder: ArrayFolder;
  readonly jobName: string;
  readonly elements: number;
}

/** The number that Slurm has given the array; null where it did not take it, and why. */
export async function submitArray(
  request: ArrayRequest,
): Promise<{ readonly array: string | null; readonly words: string }> {
  const { code, stdout, words } = await slurm("sbatch", sbatchOptions(request), batchScript(request));
  const [, array = null] = /^(\d+)/.exec(stdout.trim()) ?? [];
  return { array: code === 0 ? array : null, words };
}

function sbatchOptions({ setting, folder, jobName, elements }: ArrayRequest): readonly string[] {
  const { account, partition, time, mem, threads, warnSeconds } = setting;
  const said = Object.entries({ account, partition, time, mem }).flatMap(([name, value]) =>
    value === null ? [] : [`--${name}=${value}`],
  );
  return [
    "--parsable",
    `--job-name=${jobName}`,
    `--array=0-${elements - 1}`,
    "--nodes=1",
    "--ntasks=1",
    `--cpus-per-task=${threads}`,
    "--requeue",
    ...(warnSeconds === 0 ? [] : [`--signal=B:USR1@${Math.min(warnSeconds, quarterOf(time))}`]),
    "--open-mode=append",
    `--output=${folder.log}`,
    `--export=${exported.join(",")}`,
    ...said,
    ...setting.sbatch,
  ];
}

/** The element's program takes the place of the shell, so that Slurm's signals reach it. */
function batchScript({ setting, folder }: ArrayRequest): string {
  const program =
    setting.lab === null
      ? [setting.setup.length > 0 ? "node" : process.execPath, labProgram()]
      : [setting.lab];
  return [
    // Only a login shell knows `module`.
    setting.setup.length > 0 ? "#!/bin/bash -l" : "#!/bin/sh",
    ...setting.setup,
    `exec ${[...program, "host", "--element", folder.root].map(quoted).join(" ")}`,
    "",
  ].join("\n");
}

/** A quarter of a time limit in seconds, 1 at least: an element that was warned at once would never do anything. */
function quarterOf(time: string | null): number {
  if (time === null) return Number.POSITIVE_INFINITY;
  const [, days = "0", rest = ""] = /^(?:(\d+)-)?(.*)$/.exec(time) ?? [];
  const parts = rest.split(":").map(Number);
  // Without days the first of one or two parts is minutes; with days it is hours.
  const [hours = 0, minutes = 0, seconds = 0] =
    time.includes("-") || parts.length === 3 ? parts : [0, ...parts];
  return Math.max(1, Math.floor((((Number(days) * 24 + hours) * 60 + minutes) * 60 + seconds) / 4));
}

function labProgram(): string {
  return fileURLToPath(new URL("../../cli/lab.js", import.meta.url));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
