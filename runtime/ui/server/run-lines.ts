// The list of runs with their counts. A run that has ended is counted once; one under way as often as the list is asked for.
import { ranAt } from "../../record/known-times.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { isRunning } from "../../store/runs/start-run.ts";
import type { RunManifest } from "../../store/store.ts";
import type { RunLine } from "../view-data.ts";
import { readRunTables, signatureOf } from "./run-tables.ts";

export class RunLines {
  readonly #store: ProjectStore;
  readonly #known = new Map<string, { readonly signature: string; readonly line: RunLine }>();

  constructor(store: ProjectStore) {
    this.#store = store;
  }

  /** Newest first. */
  async all(): Promise<readonly RunLine[]> {
    const lines: RunLine[] = [];
    for (const run of await this.#store.runs()) lines.push(await this.#lineOf(run));
    return lines;
  }

  async #lineOf(run: RunManifest): Promise<RunLine> {
    const isLive = run.status === "running" && isRunning(this.#store, run);
    const status = run.status === "running" && !isLive ? "killed" : run.status;
    const signature = `${status} ${signatureOf(this.#store, run)} ${run.provenance.finishedAt}`;
    const known = this.#known.get(run.id);
    if (known?.signature === signature) return known.line;
    const { jobs, experiments } = await readRunTables(this.#store, run, 0);
    const trials = jobs.filter(({ stage }) => stage === "trial");
    const sum = (pick: (job: (typeof trials)[number]) => number): number =>
      trials.reduce((total, job) => total + pick(job), 0);
    const used: Record<string, number> = {};
    for (const { table, reused } of experiments)
      for (const [name, values] of Object.entries(table.telemetry))
        for (let row = 0; row < table.rows; row += 1)
          if (reused[row] === 0 && !Number.isNaN(values[row]!)) used[name] = (used[name] ?? 0) + values[row]!;
    const line: RunLine = {
      id: run.id,
      name: run.name,
      status,
      experiments: run.experiments,
      ...ranAt(run.provenance),
      total: sum(({ total }) => total),
      done: sum(({ done }) => done),
      unmeasured: sum(({ failed, otherwise }) => failed + otherwise),
      failed: sum(({ failed }) => failed),
      used,
    };
    this.#known.set(run.id, { signature, line });
    return line;
  }
}
