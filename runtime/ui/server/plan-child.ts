// The plan of a build and its start, by the command line in a process of its own: what the page shows is what `lab plan` says, and a run
// that the page has started is a run like any other.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { shellLine } from "../../diagnostic/shell-line.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import { makeScratch } from "../../scratch-folder.ts";
import type { PlanJob, PlanView } from "../detail-data.ts";

export interface PlanAsked {
  /** Empty for every experiment of the project. */
  readonly experiment: string;
  /** Levels by parameter: `discount` to `0.9,0.95`. */
  readonly filter: Readonly<Record<string, string>>;
  readonly limit: number | null;
  readonly jobs: number | null;
  /** Dollars that services may take; null for no limit of the run. */
  readonly budgetUsd: number | null;
  /** Failed trials again. */
  readonly retryErrors: boolean;
}

export interface LabCommand {
  readonly root: string;
  /** Absolute path of the command's program. */
  readonly program: string;
}

const planTimeoutMs = 120_000;
const lookEveryMs = 200;
/** What `lab` ends with when what it was asked for is wrong: nothing was run. */
const exitCodeInvalid = 2;

const nothing = { build: "", designs: [], jobs: [], estimate: null, workers: null, usage: [] };

/** What would run; with what is wrong in words where the build does not stand. */
export async function planViewOf(lab: LabCommand, asked: PlanAsked): Promise<PlanView> {
  const run = ["run", ...workersOf(asked), ...selectionOf(asked)];
  const command = shellLine(["lab", ...run]);
  const { code, stdout, stderr } = await ended(lab, ["run", "--dry-run", "--json", ...run.slice(1)]);
  if (code !== 0) return { ...nothing, command, problem: stderr.trim() };
  // Printed by our own `lab run --dry-run`.
  const told = JSON.parse(stdout) as {
    readonly build: string;
    readonly jobs: readonly (PlanJob & { readonly wantedMost: number | null })[];
  } & Pick<PlanView, "designs" | "estimate" | "workers" | "usage">;
  const jobs = told.jobs.map(({ experiment, stage, wanted, fresh, reused, stale, orphaned, changes }) => ({
    experiment,
    stage,
    wanted,
    fresh,
    reused,
    stale,
    orphaned,
    changes,
  }));
  const { build, designs, estimate, workers, usage } = told;
  return { command, build, designs, jobs, estimate, workers, usage, problem: null };
}

/**
 * Starts a run that lives on when the page's server ends. Resolves once it is under way or has ended, and throws UserError in the run's own
 * words where it does not begin.
 */
export async function startRunApart(
  lab: LabCommand,
  asked: PlanAsked,
  isUnderWay: () => Promise<boolean>,
): Promise<void> {
  const folder = makeScratch("lab-ui");
  const said = join(folder, "stderr");
  const args = [lab.program, "run", "--quiet", ...workersOf(asked), ...selectionOf(asked)];
  const file = openSync(said, "wx", 0o600);
  const child = spawn(process.execPath, args, {
    cwd: lab.root,
    detached: true,
    stdio: ["ignore", "ignore", file],
  });
  closeSync(file);
  const over = new Promise<number | null>((resolve, reject) => {
    child.once("exit", resolve);
    child.once("error", (error) => reject(new UserError(`the run cannot be started: ${error.message}`)));
  });
  try {
    let code: number | null | undefined;
    const ending = over.then((ended) => {
      code = ended;
    });
    while (code === undefined && !(await isUnderWay()))
      await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, lookEveryMs))]);
    await Promise.race([ending, Promise.resolve()]);
    if (code === exitCodeInvalid) throw new UserError(readFileSync(said, "utf8").trim() || "nothing was run");
  } finally {
    child.unref();
    rmSync(folder, { recursive: true, force: true });
  }
}

function selectionOf({ experiment, filter, limit }: PlanAsked): readonly string[] {
  const filters = Object.entries(filter).flatMap(([name, levels]) => ["--filter", `${name}=${levels}`]);
  const limits = limit === null ? [] : ["--limit", String(limit)];
  // "--" ends the options: a name that begins with a dash stays a name.
  return [
    ...filters,
    ...limits,
    ...(experiment === "" ? [] : experiment.startsWith("-") ? ["--", experiment] : [experiment]),
  ];
}

function workersOf({ jobs, budgetUsd, retryErrors }: PlanAsked): readonly string[] {
  return [
    ...(jobs === null ? [] : ["--jobs", String(jobs)]),
    ...(budgetUsd === null ? [] : ["--budget", `usd=${budgetUsd}`]),
    ...(retryErrors ? ["--retry-errors"] : []),
  ];
}

function ended(
  { root, program }: LabCommand,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1" },
    timeout: planTimeoutMs,
  });
  const told = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    told.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    told.stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, ...told }));
  });
}
