// Runs under way for the end-to-end tests: an experiment whose trials end when the test says so, and a started `lab run` with its events.
import type { ChildProcess } from "node:child_process";
import { ended, type Project } from "./project.ts";

/** Trials that end once the file `open`, `open-<name>` or `open-<arm>` is in the project. */
export function gatedExperiment(name: string): string {
  return `import { existsSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { defineExperiment, metric, replicate, sweep } from "labwright";

export default defineExperiment({
  name: "${name}",
  parameters: { arm: sweep(["a", "b"]) },
  replicates: replicate(20, { seed: 1 }),
  metrics: { value: metric.number() },
  primary: "value",
  async trial({ parameters, random }) {
    const value = random.float();
    // lab-allow file-in-trial: the test's gate
    while (!["open", "open-${name}", "open-" + parameters.arm].some((file) => existsSync(file))) await pause(10);
    return { value };
  },
});
`;
}

export type Line = { readonly type: string; readonly [key: string]: unknown };

export interface BegunRun {
  readonly child: ChildProcess;
  readonly end: ReturnType<typeof ended>;
  /** Events so far. */
  readonly lines: readonly Line[];
  /** Resolves with the first event of which `is` says true; rejects when the run ends without. */
  until(is: (line: Line) => boolean): Promise<Line>;
}

const started = new Set<ChildProcess>();

/** Ends what was started and goes on after a failed assertion, and removes the project. */
export function removeLive(project: Project): void {
  for (const child of started) if (child.exitCode === null && child.signalCode === null) killGroup(child);
  started.clear();
  project.remove();
}

/** As `kill -9` of a run with everything that it has started. */
export function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, "SIGKILL");
}

/** A started run, with its events as they come. */
export function begun(project: Project, args: readonly string[] = ["run", "-j", "2", "--json"]): BegunRun {
  const child = project.start(args);
  started.add(child);
  const end = ended(child);
  const lines: Line[] = [];
  const waiting = new Set<() => void>();
  let text = "";
  child.stdout?.on("data", (bytes) => {
    const pieces = (text + bytes).split("\n");
    text = pieces.pop() ?? "";
    for (const piece of pieces) if (piece !== "") lines.push(JSON.parse(piece));
    for (const look of waiting) look();
  });
  const until = (is: (line: Line) => boolean): Promise<Line> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find(is);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
      void end.then(({ all }) => reject(new Error(`the run ended before: ${all}`)));
    });
  return { child, end, lines, until };
}

export const isReady = ({ type }: Line): boolean => type === "job-started";
