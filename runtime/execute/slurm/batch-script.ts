// What is handed to sbatch: the options of an array and the script that each of its elements runs.
import { fileURLToPath } from "node:url";
import { shellQuoted } from "../../diagnostic/shell-line.ts";
import type { ArrayFolder } from "./array-folder.ts";
import { slurm } from "./slurm-commands.ts";
import type { SlurmSetting } from "./slurm-options.ts";
import { limitSeconds } from "./time-limit.ts";

/** Variables that elements are started with; no others of this machine, which may hold keys. */
const exported = ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG"];

export interface ArrayRequest {
  readonly setting: SlurmSetting;
  readonly folder: ArrayFolder;
  readonly jobName: string;
  readonly elements: number;
  /** Of an element whose limit the setting leaves to the partition, in seconds; null where it has none. */
  readonly usualSeconds: number | null;
}

/** What sbatch said: the number of the job; null where it did not take it, and why. */
export interface Submitted {
  readonly job: string | null;
  readonly words: string;
}

export function submitArray(request: ArrayRequest): Promise<Submitted> {
  const { setting, folder } = request;
  return submit(arrayOptions(request), batchScript(setting, ["host", "--element", folder.root]));
}

/** One job of the size of an element that says of its node what `lab host --check` does, into the file. */
export function submitProbe(setting: SlurmSetting, file: string): Promise<Submitted> {
  const options = [
    ...["--parsable", "--job-name=labwright-check", "--no-requeue", `--output=${file}`],
    ...elementOptions({ ...setting, time: "1" }),
  ];
  return submit(options, batchScript(setting, ["host", "--check"]));
}

async function submit(options: readonly string[], script: string): Promise<Submitted> {
  const { code, stdout, words } = await slurm("sbatch", options, script);
  const [, job = null] = /^(\d+)/.exec(stdout.trim()) ?? [];
  return { job: code === 0 ? job : null, words: refusalWords(words) };
}

/** Slurm's reason without the words that sbatch says before each. */
export function refusalWords(words: string): string {
  return words.replace(/^(?:sbatch: error: |allocation failure: |Batch job submission failed: )+/, "");
}

function arrayOptions({ setting, folder, jobName, elements, usualSeconds }: ArrayRequest): readonly string[] {
  const { time, warnSeconds } = setting;
  const seconds = time === null ? usualSeconds : limitSeconds(time);
  // An element that was warned at once would never do anything.
  const warned = Math.min(warnSeconds, Math.max(1, Math.floor((seconds ?? Number.POSITIVE_INFINITY) / 4)));
  return [
    "--parsable",
    `--job-name=${jobName}`,
    `--array=0-${elements - 1}`,
    "--requeue",
    ...(warnSeconds === 0 ? [] : [`--signal=B:USR1@${warned}`]),
    "--open-mode=append",
    `--output=${folder.log}`,
    ...elementOptions(setting),
  ];
}

/** What a single element asks for. */
export function elementOptions(setting: SlurmSetting): readonly string[] {
  const { account, partition, time, mem, threads } = setting;
  const said = Object.entries({ account, partition, time, mem }).flatMap(([name, value]) =>
    value === null ? [] : [`--${name}=${value}`],
  );
  return [
    "--nodes=1",
    "--ntasks=1",
    `--cpus-per-task=${threads}`,
    `--export=${exported.join(",")}`,
    ...said,
    ...setting.sbatch,
  ];
}

/** The program takes the place of the shell, so that Slurm's signals reach it. */
function batchScript(setting: SlurmSetting, args: readonly string[]): string {
  const program =
    setting.lab === null
      ? [setting.setup.length > 0 ? "node" : process.execPath, labProgram()]
      : [setting.lab];
  return [
    // Only a login shell knows `module`.
    setting.setup.length > 0 ? "#!/bin/bash -l" : "#!/bin/sh",
    ...setting.setup,
    `exec ${[...program, ...args].map(shellQuoted).join(" ")}`,
    "",
  ].join("\n");
}

function labProgram(): string {
  return fileURLToPath(new URL("../../cli/lab.js", import.meta.url));
}
