// What `lab clean` may free: old runs that nothing rests on, builds that no kept run is of, artifacts that no kept record names, saved
// states and working folders of trials that nobody will take up again, and what killed processes left half-made.
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { runLayoutOf } from "../files/layout.ts";
import { artifactsIn } from "../kept/artifact-list.ts";
import { endedMark } from "../kept/ended-mark.ts";
import type { ProjectStore } from "../project-store.ts";
import { readLabels } from "../runs/labels.ts";
import { runIds } from "../runs/manifest.ts";
import { selectedRun } from "../runs/selected-run.ts";
import type { RunManifest } from "../store.ts";
import { bytesUnder } from "./folder-size.ts";

export interface CleanItem {
  readonly kind: "run" | "build" | "artifact" | "checkpoint" | "work" | "leftover";
  /** Absolute. */
  readonly path: string;
  readonly bytes: number;
  /** In words: why nobody needs it. */
  readonly why: string;
}

/** Runs that stay beside those that always do. */
export interface Keep {
  /** So many of the newest. */
  readonly newest: number;
  /** Runs begun at or after this time, ISO 8601; null for none. */
  readonly since: string | null;
  readonly tags: readonly string[];
}

const nothingMore: Keep = { newest: 0, since: null, tags: [] };

/**
 * Everything that may go, largest first. Kept are: named runs, the selected one, those tagged `keep`, the run going on, the newest run of each selection of experiments,
 * and all runs whose records count in one of these.
 */
export async function cleanableOf(
  store: ProjectStore,
  keep: Keep = nothingMore,
): Promise<readonly CleanItem[]> {
  const runs = await store.runs();
  const kept = await keptRuns(store, runs, keep);
  // A trial that an unended run began will go on from its state.
  const isAwaited = runs.some(({ id, status }) => kept.has(id) && openStatuses.includes(status));
  const items = [
    ...oldRuns(store, runs, kept),
    ...oldBuilds(store, runs, kept),
    ...unnamedArtifacts(store, kept),
    ...staleCheckpoints(store, { isAwaited }),
    ...programFolders(store, { isAwaited }),
    ...leftovers(store, kept),
    ...scratch(store),
  ];
  return items.sort((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1));
}

/** What is younger may be a build's that goes on. */
const scratchMs = 3_600_000;

const openStatuses: readonly RunManifest["status"][] = ["running", "stopped", "budget", "aborted"];

async function keptRuns(
  store: ProjectStore,
  newestFirst: readonly RunManifest[],
  keep: Keep,
): Promise<ReadonlySet<string>> {
  const kept = new Set<string>(newestFirst.slice(0, keep.newest).map(({ id }) => id));
  const selected = selectedRun(store.layout);
  for (const { id, provenance } of newestFirst) {
    const { tags } = readLabels(runLayoutOf(store.layout, id));
    const isTagged = tags.some((tag) => tag === "keep" || keep.tags.includes(tag));
    const isYoung = keep.since !== null && provenance.startedAt >= keep.since;
    if (id === selected || isTagged || isYoung) kept.add(id);
  }
  const selections = new Set<string>();
  for (const run of newestFirst) {
    const selection = JSON.stringify([...run.experiments].sort());
    // Only the newest unended run of a selection can be resumed; it is the newest one of it, or a newer one replaced it.
    if (run.name !== null || !selections.has(selection) || run.status === "running") kept.add(run.id);
    selections.add(selection);
  }
  for (const run of withPaidAnswers(store, newestFirst)) kept.add(run.id);
  for (const run of newestFirst.filter(({ id }) => kept.has(id)))
    for (const source of await sourceRuns(store, run)) kept.add(source);
  return kept;
}

/** Answers to effects were paid for: they stay until a later run of the same experiments has ended and holds what it took over. */
function withPaidAnswers(store: ProjectStore, newestFirst: readonly RunManifest[]): readonly RunManifest[] {
  const ended = new Set<string>();
  return newestFirst.filter((run) => {
    const selection = JSON.stringify([...run.experiments].sort());
    const isReplaced = ended.has(selection);
    if (run.status === "complete") ended.add(selection);
    return !isReplaced && existsSync(runLayoutOf(store.layout, run.id).effects);
  });
}

/** Runs whose records count in `run`. */
export async function sourceRuns(store: ProjectStore, run: RunManifest): Promise<readonly string[]> {
  if (run.sources !== null) return run.sources.map(({ segment }) => segment.split("/")[1] ?? "");
  const plan = await store.planOf(run);
  return plan.jobs.flatMap((job) => store.sourcesOf(plan, job, { run }).map(({ segment }) => segment.run));
}

function oldRuns(store: ProjectStore, runs: readonly RunManifest[], kept: ReadonlySet<string>): CleanItem[] {
  const known = new Map(runs.map((run) => [run.id, run]));
  return runIds(store.layout)
    .filter((id) => !kept.has(id) && known.has(id))
    .map((id) => {
      const path = runLayoutOf(store.layout, id).folder;
      return {
        kind: "run",
        path,
        bytes: bytesUnder(path),
        why: "a later run of the same experiments does not rest on it, and it has no name",
      };
    });
}

function oldBuilds(
  store: ProjectStore,
  runs: readonly RunManifest[],
  kept: ReadonlySet<string>,
): CleanItem[] {
  const { builds } = store.layout;
  const inUse = new Set(runs.filter(({ id }) => kept.has(id)).map(({ build }) => String(build)));
  const folders = namesIn(builds).filter((name) => /^[0-9a-f]{12}$/.test(name));
  const newest = folders
    .map((name) => ({ name, at: statSync(join(builds, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at)[0]?.name;
  return folders
    .filter((name) => !inUse.has(name) && name !== newest)
    .map((name) => {
      const path = join(builds, name);
      return {
        kind: "build",
        path,
        bytes: bytesUnder(path),
        why: "no kept run is of this build, and there is a newer one",
      };
    });
}

function unnamedArtifacts(store: ProjectStore, kept: ReadonlySet<string>): CleanItem[] {
  const { artifacts } = store.layout;
  const paths = namesIn(artifacts).flatMap((folder) =>
    namesIn(join(artifacts, folder)).map((name) => ({ name, path: join(artifacts, folder, name) })),
  );
  if (paths.length === 0) return [];
  const named = new Set(
    artifactsIn(store.segments().filter(({ run }) => kept.has(run))).map(({ hash }) => hash),
  );
  return paths
    .filter(({ name }) => /^[0-9a-f]{64}$/.test(name) && !named.has(name))
    .map(({ path }) => ({
      kind: "artifact",
      path,
      bytes: bytesUnder(path),
      why: "no record of a kept run names it",
    }));
}

function staleCheckpoints(
  { layout: { checkpoints } }: ProjectStore,
  { isAwaited }: { readonly isAwaited: boolean },
): CleanItem[] {
  return namesIn(checkpoints)
    .filter((name) => name.endsWith(".checkpoint") && !isAwaited)
    .map((name) => ({
      kind: "checkpoint",
      ...sized(join(checkpoints, name)),
      why: "every run has ended, so no trial goes on from it",
    }));
}

/** Folders of programs that failed are kept to be looked at, those of interrupted ones to be gone on from. */
function programFolders(
  { layout: { work } }: ProjectStore,
  { isAwaited }: { readonly isAwaited: boolean },
): CleanItem[] {
  return namesIn(work)
    .flatMap((job) => namesIn(join(work, job)).map((name) => join(work, job, name)))
    .filter((folder) => !isAwaited || existsSync(join(folder, endedMark)))
    .map((folder) => ({
      kind: "work",
      ...sized(folder),
      why: existsSync(join(folder, endedMark))
        ? "a program failed here; its record and log are kept"
        : "every run has ended, so no program goes on from it",
    }));
}

/** What builds left of theirs when they were killed, and bundles of earlier states of lab.config.ts. */
function scratch({ layout }: ProjectStore): CleanItem[] {
  const ageOf = (path: string): number => Date.now() - statSync(path).mtimeMs;
  const old = namesIn(layout.scratch)
    .map((name) => join(layout.scratch, name))
    .filter((path) => ageOf(path) > scratchMs)
    .map((path) => ({ ...sized(path), why: "a killed build left it" }));
  const [, ...earlier] = namesIn(layout.configs)
    .map((name) => join(layout.configs, name))
    .sort((a, b) => ageOf(a) - ageOf(b));
  const bundles = earlier.map((path) => ({ ...sized(path), why: "of an earlier lab.config.ts" }));
  return [...old, ...bundles].map((item) => ({ kind: "leftover", ...item }));
}

function sized(path: string): Pick<CleanItem, "path" | "bytes"> {
  return { path, bytes: bytesUnder(path) };
}

/** Drafts and scratch folders of processes that were killed. Nothing is being written: the caller holds the project's lock. */
function leftovers(store: ProjectStore, kept: ReadonlySet<string>): CleanItem[] {
  const { layout } = store;
  const folders = [
    layout.folder,
    layout.checkpoints,
    ...[...kept].map((id) => runLayoutOf(layout, id).folder),
  ];
  const artifactFolders = namesIn(layout.artifacts).map((name) => join(layout.artifacts, name));
  return [...folders, ...artifactFolders].flatMap((folder) =>
    namesIn(folder)
      .filter((name) => name.endsWith(".draft") || /^lock\.(stale-)?[0-9a-f-]{36}$/.test(name))
      .map((name) => ({
        kind: "leftover" as const,
        path: join(folder, name),
        bytes: bytesUnder(join(folder, name)),
        why: "a killed process left it half-made",
      })),
  );
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
}
