// `lab export manifest-csv|manifest-jsonl|result-json`: what is written trial by trial from the records themselves.

import { parse } from "node:path";
import type { Writable } from "node:stream";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { type RecordedExperiment, recordedExperiments } from "../../store/runs/recorded-trials.ts";
import { writeTo } from "../../store/sql/write-to.ts";
import type { RunManifest } from "../../store/store.ts";
import { unitsUnderWay } from "../units-under-way.ts";
import type { trialFormats } from "./export-formats.ts";
import { manifestLines } from "./manifest-lines.ts";
import { resultRecordOf } from "./result-records.ts";
import { writeWhole } from "./whole-file.ts";

export interface TrialExport {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  /** Null for all experiments of the run. */
  readonly experiment: string | null;
  readonly format: (typeof trialFormats)[number];
  /** Null for standard output. */
  readonly path: string | null;
}

/** Writes it; answers with the files written. */
export async function exportTrials(asked: TrialExport): Promise<readonly string[]> {
  const { format, path } = asked;
  const experiments = await experimentsOf(asked);
  if (format === "result-json") return writeResults(asked, experiments);
  const lines = manifestLines(experiments, format === "manifest-csv" ? "csv" : "jsonl");
  const write = async (output: Writable): Promise<void> => {
    for await (const line of lines) await writeTo(output, line);
  };
  if (path === null) {
    await write(process.stdout);
    return [];
  }
  await writeWhole(path, write);
  return [path];
}

async function writeResults(
  { run, path }: TrialExport,
  experiments: readonly RecordedExperiment[],
): Promise<readonly string[]> {
  const recordsOf = async (detail: (line: string) => Promise<void>): Promise<string> => {
    const records = [];
    for (const experiment of experiments) records.push(await resultRecordOf(run, experiment, detail));
    return `${JSON.stringify(records, null, 2)}\n`;
  };
  if (path === null) {
    await writeTo(process.stdout, await recordsOf(async () => {}));
    return [];
  }
  const detailed = detailedPathOf(path);
  const text = await writeWhole(detailed, (file) => recordsOf((line) => writeTo(file, line)));
  await writeWhole(path, (file) => writeTo(file, text));
  return [path, detailed];
}

/** `out/walk.json` has its step-by-step data in `out/walk_detailed.jsonl`. */
function detailedPathOf(path: string): string {
  const { dir, name } = parse(path);
  return `${dir === "" ? "" : `${dir}/`}${name}_detailed.jsonl`;
}

/** The experiments that are asked for. @throws UserError where there is none of that name. */
export async function experimentsOf({
  store,
  run,
  experiment,
}: Pick<TrialExport, "store" | "run" | "experiment">): Promise<readonly RecordedExperiment[]> {
  const all = await recordedExperiments(store, run, await unitsUnderWay(store, run));
  if (experiment === null) return all;
  const chosen = all.filter((each) => each.experiment.planned.name === experiment);
  if (chosen.length > 0) return chosen;
  const names = all.map((each) => each.experiment.planned.name);
  throw new UserError(`${run.id} has no experiment "${experiment}"`, {
    hint: nearestOrAll(experiment, names, "experiment") ?? "It planned no trials.",
  });
}
