// `lab export manifest-csv|manifest-jsonl|result-json`: what is written trial by trial from the records themselves.
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { parse } from "node:path";
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { nearestOrAll } from "../../diagnostic/nearest.ts";
import { UserError } from "../../diagnostic/user-error.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { type RecordedExperiment, recordedExperiments } from "../../store/runs/recorded-trials.ts";
import type { RunManifest } from "../../store/store.ts";
import { unitsUnderWay } from "../units-under-way.ts";
import { manifestLines } from "./manifest-lines.ts";
import { resultRecordOf } from "./result-records.ts";

export const trialFormats = ["manifest-csv", "manifest-jsonl", "result-json"] as const;

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
  if (path === null) {
    for await (const line of lines) await write(process.stdout, line);
    return [];
  }
  const file = createWriteStream(path);
  for await (const line of lines) await write(file, line);
  await close(file);
  return [path];
}

async function writeResults(
  { run, path }: TrialExport,
  experiments: readonly RecordedExperiment[],
): Promise<readonly string[]> {
  const detailed = path === null ? null : detailedPathOf(path);
  const file = detailed === null ? null : createWriteStream(detailed);
  const records = [];
  for (const experiment of experiments)
    records.push(
      await resultRecordOf(run, experiment, async (line) => {
        if (file !== null) await write(file, line);
      }),
    );
  if (file !== null) await close(file);
  const text = `${JSON.stringify(records, null, 2)}\n`;
  if (path === null || detailed === null) {
    await write(process.stdout, text);
    return [];
  }
  const result = createWriteStream(path);
  await write(result, text);
  await close(result);
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

/** Waits when the reader is slower than we are. */
async function write(output: Writable, text: string): Promise<void> {
  if (!output.write(text)) await once(output, "drain");
}

async function close(output: Writable): Promise<void> {
  output.end();
  await finished(output);
}
