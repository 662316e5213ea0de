// `lab export tensorboard|wandb -o FOLDER`: a folder for each of the first trials, in the format of a tool that compares runs.

import { existsSync } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { msOf, ranAt } from "../../record/known-times.ts";
import { writeAtomic } from "../../store/files/atomic-file.ts";
import { openArtifacts } from "../../store/kept/artifacts.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import type { RecordedExperiment } from "../../store/runs/recorded-trials.ts";
import type { RunManifest } from "../../store/store.ts";
import { experimentEvents, trialEvents } from "../../tracking/tensorboard/events.ts";
import {
  demandedTime,
  digestOf,
  type TrackedTrial,
  textsOf,
  trackedTrials,
} from "../../tracking/tracked-trial.ts";
import { wandbRunFile } from "../../tracking/wandb/run-file.ts";
import type { runFormats } from "./export-formats.ts";

export type RunFormat = (typeof runFormats)[number];

export interface RunsExport {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  readonly experiments: readonly RecordedExperiment[];
  readonly format: RunFormat;
  readonly folder: string;
  /** Trials of an experiment, the first planned ones; null for all. */
  readonly trials: number | null;
}

/** Writes them; answers with the number of trials written. Doing it again writes the same files. */
export async function exportRuns(asked: RunsExport): Promise<number> {
  const write = asked.format === "tensorboard" ? writeTensorboard : writeWandb;
  let written = 0;
  for (const experiment of asked.experiments) {
    if (asked.format === "tensorboard") await writeExperiment(asked, experiment);
    const shown = { most: asked.trials, points: Number.POSITIVE_INFINITY };
    for await (const trial of trackedTrials(experiment, shown)) {
      await write(asked, experiment, trial);
      written += 1;
    }
  }
  return written;
}

async function writeExperiment({ folder, run }: RunsExport, { experiment }: RecordedExperiment) {
  const at = demandedTime({ startedAt: msOf(ranAt(run.provenance).startedAt), endedAt: null });
  const path = join(folder, safe(experiment.planned.name), eventsName(at));
  await writeAtomic(path, experimentEvents(experiment, at));
}

/** `FOLDER/brew/minutes=3/r0-1a2b3c4d/events...`: what TensorBoard calls a run is a folder. */
async function writeTensorboard(
  { folder }: RunsExport,
  { experiment }: RecordedExperiment,
  trial: TrackedTrial,
): Promise<void> {
  const label = labelOf(experiment, trial);
  const own = join(safe(experiment.planned.name), safe(label), `r${trial.replicate}-${trial.id.slice(0, 8)}`);
  await writeAtomic(
    join(folder, own, eventsName(trial.startedAt ?? demandedTime(trial))),
    trialEvents(trial, label),
  );
}

function eventsName(at: number): string {
  return `events.out.tfevents.${String(Math.floor(at / 1000)).padStart(10, "0")}.labwright`;
}

/** `FOLDER/offline-run-20261129_101500-ID/run-ID.wandb`, as `wandb` itself keeps runs that are not sent yet. */
async function writeWandb(
  { folder, run, store }: RunsExport,
  { experiment }: RecordedExperiment,
  trial: TrackedTrial,
): Promise<void> {
  const { name, question } = experiment.planned;
  const id = digestOf([run.id, run.provenance.startedAt, trial.id]).slice(0, 16);
  const stamp = new Date(trial.startedAt ?? demandedTime(trial))
    .toISOString()
    .slice(0, 19)
    .replaceAll(/[-:]/g, "")
    .replace("T", "_");
  const own = join(folder, `offline-run-${stamp}-${id}`);
  const artifacts = openArtifacts(store.layout.artifacts);
  const files: string[] = [];
  for (const artifact of trial.artifacts) {
    const path = artifact.name.split("/").map(safe).join("/");
    await mkdir(dirname(join(own, "files", path)), { recursive: true });
    const kept = artifacts.pathOf(artifact.hash);
    // Reading brings back what lies in a bucket alone.
    if (!existsSync(kept)) await artifacts.read(artifact.hash);
    await copyFile(kept, join(own, "files", path));
    files.push(path);
  }
  const log = wandbRunFile({
    trial,
    id,
    project: safe(name),
    group: run.name ?? run.id,
    name: `${labelOf(experiment, trial)} r${trial.replicate}`,
    notes: question ?? "",
    host: hostname(),
    files,
  });
  await writeAtomic(join(own, `run-${id}.wandb`), log);
}

/** "minutes=3,leaf=green": the levels of the factors; "all" where nothing varies. */
function labelOf({ space }: RecordedExperiment["experiment"], { parameters }: TrackedTrial): string {
  const names = new Set(space.factors.map(({ name }) => name));
  const levels = Object.entries(textsOf(parameters)).filter(([name]) => names.has(name));
  return levels.map(([name, level]) => `${name}=${level}`).join(",") || "all";
}

/** A name that every file system and both tools take. */
function safe(name: string): string {
  const plain = name.replaceAll(/[^\w.=,+-]/g, "_").slice(0, 100);
  return /^\.*$/.test(plain) ? `_${plain}` : plain;
}
