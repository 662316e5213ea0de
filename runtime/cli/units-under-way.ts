// Which units of a run are with a worker now, asked of the process that runs it: what the record alone cannot say.
import { ControlError, connectTo } from "../control/control-client.ts";
import type { JobUnderWay } from "../control/run-control.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { UnitsUnderWay } from "../store/runs/recorded-trials.ts";
import { isRunning } from "../store/runs/start-run.ts";
import type { RunManifest } from "../store/store.ts";

/** By job and unit; empty for a run that no process works on, or whose process does not answer. */
export async function unitsUnderWay(store: ProjectStore, run: RunManifest): Promise<UnitsUnderWay> {
  const client = isRunning(store, run)
    ? await connectTo(runLayoutOf(store.layout, run.id), "terminal")
    : null;
  if (client === null) return new Map();
  try {
    // As run-control.ts answers.
    const { jobs } = (await client.ask({ do: "under-way" })) as { readonly jobs: readonly JobUnderWay[] };
    return new Map(
      jobs.map(({ job, running, prepared }) => [
        job,
        new Map([
          ...running.map((unit) => [unit, "running"] as const),
          ...prepared.map((unit) => [unit, "prepared"] as const),
        ]),
      ]),
    );
  } catch (error) {
    if (error instanceof ControlError) return new Map();
    throw error;
  } finally {
    client.close();
  }
}
