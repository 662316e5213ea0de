// Runs as `lab list` shows them: looked up, filtered and sorted. What costs reading (counts, size) is looked up last, and only of runs
// that everything else lets through.

import { msOf, ranAt } from "../record/known-times.ts";
import { bytesUnder } from "../store/clean/folder-size.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import type { ProjectStore } from "../store/project-store.ts";
import { readLabels } from "../store/runs/labels.ts";
import { type RunCounts, runCounts, statusOf } from "../store/runs/run-counts.ts";
import { selectedRun } from "../store/runs/selected-run.ts";
import type { RunManifest } from "../store/store.ts";

export interface ListedRun extends RunCounts {
  readonly id: string;
  readonly name: string | null;
  readonly isSelected: boolean;
  readonly status: ReturnType<typeof statusOf>;
  readonly experiments: readonly string[];
  readonly tags: readonly string[];
  /** Null where another tool ran it and nobody knows. */
  readonly startedAt: string | null;
  /** From its start to its end; to now while it runs; null when nobody saw its end. */
  readonly durationMs: number | null;
  /** Of the run's folder; artifacts lie apart. */
  readonly bytes: number;
  /** Files that it was archived into. */
  readonly archives: readonly string[];
}

export interface RunFilter {
  readonly status: string | null;
  readonly experiment: string | null;
  readonly tag: string | null;
  /** ISO 8601. */
  readonly since: string | null;
  readonly isArchived: boolean;
}

/** Of a run whose files are damaged the counts are 0; the store tells what is wrong. */
export async function listedRuns(store: ProjectStore, filter: RunFilter): Promise<readonly ListedRun[]> {
  const selected = selectedRun(store.layout);
  const listed: ListedRun[] = [];
  for (const run of await store.runs()) {
    const layout = runLayoutOf(store.layout, run.id);
    const { tags, archives } = readLabels(layout);
    const status = statusOf(store, run);
    const { startedAt } = run.provenance;
    const isAsked =
      (filter.experiment === null || run.experiments.includes(filter.experiment)) &&
      (filter.since === null || startedAt >= filter.since) &&
      (!filter.isArchived || archives.length > 0) &&
      (filter.status === null || filter.status === "failed" || filter.status === status);
    if (!isAsked) continue;
    if (filter.tag !== null && !(await isTagged(store, run, filter.tag))) continue;
    const counts = await countsOf(store, run);
    if (filter.status === "failed" && counts.failed === 0) continue;
    const ran = ranAt(run.provenance);
    const end = status === "running" ? Date.now() : msOf(ran.finishedAt);
    listed.push({
      id: run.id,
      name: run.name,
      isSelected: run.id === selected,
      status,
      experiments: run.experiments,
      tags,
      ...counts,
      startedAt: ran.startedAt,
      durationMs: end === null || ran.startedAt === null ? null : end - Date.parse(ran.startedAt),
      bytes: bytesUnder(layout.folder),
      archives,
    });
  }
  return listed;
}

/** Whether the run has the tag (`lab tag`), or an experiment of it has it in its definition. */
export async function isTagged(store: ProjectStore, run: RunManifest, tag: string): Promise<boolean> {
  if (readLabels(runLayoutOf(store.layout, run.id)).tags.includes(tag)) return true;
  try {
    const { experiments } = await store.planOf(run);
    return experiments.some(({ name, tags = [] }) => tags.includes(tag) && run.experiments.includes(name));
  } catch (error) {
    store.addProblem(error instanceof Error ? error.message : String(error));
    return false;
  }
}

async function countsOf(store: ProjectStore, run: RunManifest): Promise<RunCounts> {
  try {
    return await runCounts(store, run);
  } catch (error) {
    store.addProblem(error instanceof Error ? error.message : String(error));
    return { trials: 0, done: 0, failed: 0 };
  }
}

/** Numbers largest first, words in alphabetical order; equal ones newest first. */
export function sortedRuns(newestFirst: readonly ListedRun[], by: string | null): readonly ListedRun[] {
  const keyOf = (run: ListedRun): number | string => {
    switch (by) {
      case "name":
        return run.name ?? run.id;
      case "status":
        return run.status;
      case "duration":
        return -(run.durationMs ?? 0);
      case "size":
        return -run.bytes;
      case "trials":
        return -run.trials;
      case "failed":
        return -run.failed;
      default:
        return 0;
    }
  };
  return [...newestFirst].sort((a, b) => {
    const [left, right] = [keyOf(a), keyOf(b)];
    return left < right ? -1 : left > right ? 1 : 0;
  });
}
