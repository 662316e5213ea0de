// Parquet for people and other programs, written once a run has ended. Its failure is told and takes nothing away: the segments are
// the record, and export and query read them as they are.
import type { Listener } from "../event/event.ts";
import type { ProjectStore } from "../store/project-store.ts";
import type { RunManifest } from "../store/store.ts";

export async function compactedRun(
  store: ProjectStore,
  id: string,
  _listener: Listener,
): Promise<RunManifest> {
  const run = await store.findRun(id);
  if (run === null || "ambiguous" in run) throw new Error(`run ${id} has no manifest`);
  return run;
}
