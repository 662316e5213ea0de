// Runs on other machines than this one, as the end-to-end tests of engines hold them against a local one: long enough to be killed in, followed by what
// they say, and compared by all that they recorded.
import type { ChildProcess } from "node:child_process";
import * as assert from "uvu/assert";
import { ended, type Project, projectOf } from "./project.ts";
import { relay, spin, walk } from "./sample-experiments.ts";

export function farProject(replicates: number): Project {
  return projectOf({
    "walk.experiment.ts": walk,
    "relay.experiment.ts": relay.replace("replicate(6", `replicate(${replicates}`),
    "spin.ts": spin,
  });
}

/** All that both experiments have recorded, as text. */
export function farResults(project: Project): string {
  const trials = project.lab(
    "query",
    "--format",
    "csv",
    "select experiment, condition, replicate, outcome, distance, turned, total, course from trials order by all",
  );
  assert.is(trials.code, 0, trials.all);
  const path = project.lab("export", "csv", "relay", "--series", "laps");
  assert.is(path.code, 0, path.all);
  return trials.stdout + path.stdout.split("\n").sort().join("\n");
}

/** Fails where a trial has two records. */
export function assertOnce(project: Project): void {
  const twice = project.lab(
    "query",
    "--format",
    "csv",
    "select count(*) as rows, count(distinct (experiment, condition, replicate)) as trials from trials",
  );
  assert.match(twice.stdout, /\n(\d+),\1\r?\n/);
}

export interface FollowedRun {
  readonly child: ChildProcess;
  readonly end: ReturnType<typeof ended>;
  /** How often it has said this. */
  readonly seen: (what: string) => number;
}

/** Starts `lab run --json` and follows what it says. */
export function followedRun(
  project: Project,
  options: readonly string[],
  environment: Readonly<Record<string, string>>,
): FollowedRun {
  const child = project.start(["run", "--json", ...options], environment);
  let said = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    said += bytes.toString();
  });
  return { child, end: ended(child), seen: (what) => said.split(what).length - 1 };
}

/** Polls: what is waited for happens in other processes. A busy machine takes its time. */
export async function until(holds: () => boolean, what: string): Promise<void> {
  const started = Date.now();
  while (!holds()) {
    assert.ok(Date.now() - started < 240_000, what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
