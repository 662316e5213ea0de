// What an author says of a Slurm cluster, and what of it cannot be so.
import { resolve } from "node:path";
import type { EngineProblem } from "../engine/engine.ts";
import { unknownOptions } from "../engine/unknown-options.ts";
import { type Labels, labelsIn } from "../protocol/labels.ts";

export interface SlurmOptions {
  /** As `sbatch` takes them: `--account`, `--partition`. */
  readonly account?: string;
  readonly partition?: string;
  /** The time limit of an element: `"90"` (minutes), `"1:30:00"`, `"2-00:00:00"`. */
  readonly time?: string;
  /** Memory of an element, such as `"4G"`. */
  readonly mem?: string;
  /** Trials for each element of the array: with 1000 trials and 100 of them for each, the array has ten. 100 unless told. */
  readonly arrayChunk?: number;
  /** Elements at most: 16 unless told. */
  readonly elements?: number;
  /** Worker threads of each element, and its `--cpus-per-task`; as many as `-j` says, else 1. */
  readonly threads?: number;
  /** Seconds before its time limit at which an element is warned and lets its trials save their state: 120 unless told. */
  readonly warnSeconds?: number;
  /** What the nodes have that experiments may need (`needs: { labels: ["gpu"] }`): `"gpu"`, `"site=north"`. */
  readonly labels?: readonly string[];
  /** Further options of `sbatch`, such as `["--qos=long", "--constraint=avx2"]`. */
  readonly sbatch?: readonly string[];
  /** Lines of shell before Node is started, such as `["module load nodejs/20"]`: then `node` is that of the PATH. */
  readonly setup?: readonly string[];
  /** A folder that all nodes share, absolute; `.lab/slurm` of the project unless told. */
  readonly folder?: string;
  /** Absolute path of the command `lab` on the nodes; this one unless told. */
  readonly lab?: string;
}

/** With every gap filled in. */
export interface SlurmSetting {
  readonly account: string | null;
  readonly partition: string | null;
  readonly time: string | null;
  readonly mem: string | null;
  readonly arrayChunk: number;
  readonly elements: number;
  readonly threads: number;
  readonly warnSeconds: number;
  readonly labels: Labels;
  readonly sbatch: readonly string[];
  readonly setup: readonly string[];
  readonly folder: string | null;
  readonly lab: string | null;
}

const timePattern = /^(?:\d+|\d+:[0-5]?\d|\d+:[0-5]?\d:[0-5]?\d|\d+-\d+(?::[0-5]?\d){0,2})$/;
const memPattern = /^\d+[KMGT]?$/i;
/** No name that begins with a dash would be taken for an option. */
const namePattern = /^[\w][\w.,@+-]*$/;
/** Set from here, or of no use to an array of hosts. */
const ownOptions =
  /^(?:--(?:array|job-name|requeue|no-requeue|signal|output|error|wrap|export|parsable|test-only|ntasks|nodes|dependency)\b|-[aJoenNd])/;

export function readSlurm(
  given: SlurmOptions,
  threads: number | null,
): { readonly setting: SlurmSetting; readonly problems: readonly EngineProblem[] } {
  const { account = null, partition = null, time = null, mem = null, folder = null, lab = null } = given;
  const labels = labelsIn((given.labels ?? []).map(String));
  const setting: SlurmSetting = {
    account,
    partition,
    time,
    mem,
    arrayChunk: given.arrayChunk ?? 100,
    elements: given.elements ?? 16,
    threads: given.threads ?? threads ?? 1,
    warnSeconds: given.warnSeconds ?? 120,
    labels: labels ?? {},
    sbatch: given.sbatch ?? [],
    setup: given.setup ?? [],
    folder,
    lab,
  };
  const wrong = {
    found: `labels ${JSON.stringify(given.labels)}`,
    expected: 'labels such as ["gpu", "site=north"]',
  };
  const unknown = unknownOptions(given, Object.keys(setting));
  return { setting, problems: [...unknown, ...problemsOf(setting), ...(labels === null ? [wrong] : [])] };
}

function problemsOf(setting: SlurmSetting): readonly EngineProblem[] {
  const problems: EngineProblem[] = [];
  const check = (isRight: boolean, found: string, expected: string): void => {
    if (!isRight) problems.push({ found, expected });
  };
  const matches = (value: unknown, pattern: RegExp): boolean =>
    value === null || (typeof value === "string" && pattern.test(value));
  for (const name of ["account", "partition"] as const)
    check(
      matches(setting[name], namePattern),
      `${name} ${JSON.stringify(setting[name])}`,
      `the name of ${name === "account" ? "an account" : "a partition"}`,
    );
  check(
    matches(setting.time, timePattern),
    `time ${JSON.stringify(setting.time)}`,
    "a limit as sbatch takes it, such as 90 (minutes), 1:30:00 or 2-00:00:00",
  );
  check(
    matches(setting.mem, memPattern),
    `mem ${JSON.stringify(setting.mem)}`,
    "memory as sbatch takes it, such as 4000M or 4G",
  );
  for (const [name, most] of [
    ["arrayChunk", 1e9],
    ["elements", 4000],
    ["threads", 4096],
  ] as const) {
    const value = setting[name];
    check(
      Number.isSafeInteger(value) && value >= 1 && value <= most,
      `${name} ${value}`,
      `a whole number from 1 to ${most}`,
    );
  }
  const { warnSeconds } = setting;
  check(
    Number.isInteger(warnSeconds) && warnSeconds >= 0 && warnSeconds <= 65_535,
    `warnSeconds ${warnSeconds}`,
    "whole seconds from 0 to 65535",
  );
  for (const name of ["folder", "lab"] as const) {
    const path = setting[name];
    check(
      path === null || (typeof path === "string" && path === resolve(path)),
      `${name} ${JSON.stringify(path)}`,
      "an absolute path that all nodes share",
    );
  }
  for (const option of setting.sbatch) {
    check(
      option.startsWith("-"),
      `sbatch option ${JSON.stringify(option)}`,
      "options with their values, such as --qos=long",
    );
    check(
      !ownOptions.test(option),
      `sbatch option ${JSON.stringify(option)}`,
      "others than the array, its name, output, signal, tasks and environment, which are set from here",
    );
  }
  return problems;
}

/** Elements for so many trials; as many as there may be where nobody knows how many trials there are. */
export function elementsFor(
  { elements, arrayChunk }: Pick<SlurmSetting, "elements" | "arrayChunk">,
  units: number | undefined,
): number {
  return units === undefined ? elements : Math.min(elements, Math.max(1, Math.ceil(units / arrayChunk)));
}
