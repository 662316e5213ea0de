// One folder for a series, that is a run: `experiment_report.json` says where each arm stands, and each arm has a folder with its configuration,
// its trials and its statistics. Every file is replaced as a whole, so that a reader finds valid JSON at any time.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { writeAtomic } from "../../store/files/atomic-file.ts";
import type { ProjectStore } from "../../store/project-store.ts";
import { exportArms } from "../../store/sql/export.ts";
import type { RunManifest } from "../../store/store.ts";
import { configText, statisticsText } from "./arm-files.ts";
import { folderName, type Leased, type SeriesArm, SeriesArms } from "./series-arms.ts";

/** Ends the name of a folder: when it was begun, UTC. */
const stamp = /^\d{8}_\d{6}$/;
const reportName = "experiment_report.json";

/** What is read of an earlier report: where arms have their folders. */
const entrySchema = z.looseObject({ output_dir: z.string().nullable(), start_time: z.string().nullable() });
const reportSchema = z.object({ experiments: z.record(z.string(), entrySchema) });
type Entries = z.output<typeof reportSchema>["experiments"];

export interface SeriesFolderOptions {
  readonly store: ProjectStore;
  /** Where series have their folders, as typed. */
  readonly folder: string;
  /** Go on in the newest folder of the same name, if there is one. */
  readonly resume: boolean;
  /** Its arms alone; null for those of all experiments of the run. */
  readonly experiment: string | null;
}

export class SeriesFolder {
  readonly #options: SeriesFolderOptions;
  readonly #arms: SeriesArms;
  #path: string | null = null;
  #entries: Entries = {};
  #told = "";
  /** By arm: what its files were written from. */
  readonly #written = new Map<string, string>();

  constructor(options: SeriesFolderOptions) {
    this.#options = options;
    this.#arms = new SeriesArms(options.store);
  }

  /** The folder of the series; null before the first `write`. */
  get path(): string | null {
    return this.#path;
  }

  /**
   * Brings the folder to where the run stands. Arms that have ended get their files; with `isLast` also those that have not, as far as
   * they are.
   */
  async write(run: RunManifest, of: { readonly leased: Leased; readonly isLast: boolean }): Promise<void> {
    const path = this.#openedPath(run);
    const { experiment } = this.#options;
    const all = await this.#arms.read(run, of.leased);
    const arms = all.filter((arm) => experiment === null || arm.experiment.planned.name === experiment);
    const entries: Entries = { ...this.#entries };
    const due: { readonly arm: SeriesArm; readonly folder: string; readonly key: string }[] = [];
    for (const arm of arms) {
      const entry = entryOf(arm, { path, before: this.#entries[arm.id] });
      entries[arm.id] = entry;
      if (entry.output_dir === null) continue;
      const folder = entry.output_dir;
      const key = JSON.stringify([run.status, arm.ended.map(({ unit, startedAt }) => [unit, startedAt])]);
      if (!this.#written.has(arm.id)) {
        await writeAtomic(join(folder, "exp_config.yaml"), configText(arm, run));
        this.#written.set(arm.id, "");
      }
      const isDue = arm.ended.length > 0 && (arm.endedAt !== null || of.isLast);
      if (isDue && this.#written.get(arm.id) !== key) due.push({ arm, folder, key });
    }
    await this.#writeArms(run, due);
    this.#entries = entries;
    await this.#tell(path);
  }

  async #writeArms(
    run: RunManifest,
    due: readonly { readonly arm: SeriesArm; readonly folder: string; readonly key: string }[],
  ): Promise<void> {
    if (due.length === 0) return;
    const texts = await exportArms({
      store: this.#options.store,
      run,
      arms: due.map(({ arm }) => ({ experiment: arm.experiment.planned.name, condition: arm.condition })),
    });
    for (const [index, { arm, folder, key }] of due.entries()) {
      const { csv, json } = texts[index]!;
      await writeAtomic(join(folder, "exp_results.csv"), csv);
      await writeAtomic(join(folder, "exp_results.json"), json);
      await writeAtomic(join(folder, "stats_analysis.json"), statisticsText(arm));
      this.#written.set(arm.id, key);
    }
  }

  /** Writes the report where it says something new. */
  async #tell(path: string): Promise<void> {
    const told = JSON.stringify(this.#entries);
    if (told === this.#told) return;
    const report = { last_updated: timeOf(Date.now()), experiments: this.#entries };
    await writeAtomic(join(path, reportName), `${JSON.stringify(report, null, 2)}\n`);
    this.#told = told;
  }

  #openedPath(run: RunManifest): string {
    if (this.#path !== null) return this.#path;
    const { folder, resume } = this.#options;
    const name = folderName(run.name ?? (run.experiments.length === 1 ? run.experiments[0]! : run.id));
    const own = join(folder, `${name}_${stampOf(Date.parse(run.provenance.startedAt))}`);
    const path = resume && !existsSync(own) ? (newestOf(folder, name) ?? own) : own;
    this.#path = path;
    this.#entries = entriesIn(path);
    return path;
  }
}

function entryOf(
  arm: SeriesArm,
  of: { readonly path: string; readonly before: Entries[string] | undefined },
): Entries[string] {
  const { path, before } = of;
  const hasBegun = arm.status === "running" || arm.ended.length > 0;
  const started = arm.startedAt === null ? null : timeOf(arm.startedAt);
  // Of trials under way it is known since when once they have ended.
  const isUnderWay = arm.status === "running";
  const start =
    started ?? (isUnderWay ? (before?.start_time ?? timeOf(Date.now())) : (before?.start_time ?? null));
  const kept = keptFolder(arm.id, before);
  return {
    ...levelsOf(arm),
    status: arm.status,
    start_time: start,
    end_time: arm.endedAt === null ? null : timeOf(arm.endedAt),
    error: arm.error,
    // Of what another tool ran nobody may know since when.
    output_dir:
      hasBegun || start !== null
        ? join(path, kept ?? (start === null ? arm.id : `${arm.id}_${stampOf(Date.parse(start))}`))
        : null,
    exp_id: arm.id,
  };
}

/** The folder that an earlier report names for an arm, where it is one of ours: a report is a file that anybody may have written. */
function keptFolder(id: string, before: Entries[string] | undefined): string | null {
  const kept = basename(before?.output_dir ?? "");
  return kept.startsWith(`${id}_`) && stamp.test(kept.slice(id.length + 1)) ? kept : null;
}

/** "game_name" and "model_name" for the factors `game` and `model`; levels that are no texts under the factor's own name. */
function levelsOf({ experiment, parameters }: SeriesArm): Record<string, unknown> {
  return Object.fromEntries(
    experiment.space.factors
      .filter(({ name }) => name in parameters)
      .map(({ name }) => [typeof parameters[name] === "string" ? `${name}_name` : name, parameters[name]]),
  );
}

/** The entries of the report of a folder; none where there is no report, or one that is none of ours. */
function entriesIn(path: string): Entries {
  try {
    return reportSchema.parse(JSON.parse(readFileSync(join(path, reportName), "utf8"))).experiments;
  } catch {
    return {};
  }
}

function newestOf(folder: string, name: string): string | null {
  if (!existsSync(folder)) return null;
  const own = readdirSync(folder)
    .filter((each) => each.startsWith(`${name}_`) && stamp.test(each.slice(name.length + 1)))
    .sort();
  const newest = own.at(-1);
  return newest === undefined ? null : join(folder, newest);
}

/** ISO 8601 to the second, UTC. */
function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** "20250210_163355", UTC. */
function stampOf(ms: number): string {
  return timeOf(ms).slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "_");
}
