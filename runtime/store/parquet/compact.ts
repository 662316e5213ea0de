// Compacts a run: `<experiment>/trials.parquet` and `<experiment>/series/<name>/part-00001.parquet`, from the ledger. Each experiment
// appears at once and whole, and doing it again gives the same.
import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type OpenedPlan, trialOf } from "../../plan/opened-plan.ts";
import { setOwn } from "../../record/json-data.ts";
import { experimentFolderName } from "../files/layout.ts";
import { worded } from "../files/store-error.ts";
import type { ProjectStore } from "../project-store.ts";
import { plannedTrialsOf } from "../runs/planned-rows.ts";
import { recordingStagesOf } from "../runs/stage-rows.ts";
import type { CompactedTables, RunManifest } from "../store.ts";
import { withDuck } from "./duck.ts";
import { type SeriesUnits, writeSeries } from "./series-files.ts";
import { tablesIn } from "./table-files.ts";
import { type ExperimentRows, scanSeries } from "./trial-scan.ts";
import { writeTrials } from "./trials-file.ts";

export interface CompactOptions {
  readonly store: ProjectStore;
  readonly run: RunManifest;
  /** Where the experiments' folders go: the run's own, or a temporary one. */
  readonly folder: string;
  /** Series to write; all when left out. */
  readonly series?: (experiment: string, name: string) => boolean;
}

/** The files made, by experiment; their folders are relative to `folder`. Throws StoreError when the disk refuses; what was compacted before stays. */
export async function compact(options: CompactOptions): Promise<RunManifest["compacted"]> {
  const { store, run, folder } = options;
  const opened = store.openPlan(await store.planOf(run));
  const tables: Record<string, CompactedTables> = {};
  mkdirSync(folder, { recursive: true });
  removeDrafts(folder);
  for (const { experiment, planned } of plannedTrialsOf(store, run, opened)) {
    const ledger = store.ledgerOf(opened.plan, trialOf(experiment).job, { run });
    const name = experimentFolderName(experiment.planned.name);
    await worded(join(folder, name), () =>
      compactExperiment(unitsOf(store, run, { opened, experiment, planned, ledger }), { ...options, name }),
    );
    setOwn(tables, experiment.planned.name, tablesIn(join(folder, name), name));
  }
  return tables;
}

/** The trials of an experiment, and the units of its stages that have recorded rows of series. */
interface ExperimentUnits {
  readonly trials: SeriesUnits;
  readonly stages: readonly SeriesUnits[];
}

function unitsOf(
  store: ProjectStore,
  run: RunManifest,
  of: ExperimentRows & { readonly opened: OpenedPlan },
): ExperimentUnits {
  const { experiment, planned, ledger, opened } = of;
  const stages = recordingStagesOf(
    { experiment, planned },
    (job) => store.ledgerOf(opened.plan, job, { run }),
    () => true,
  );
  return {
    trials: { experiment, planned, ledger, job: trialOf(experiment).job },
    stages: stages.map((stage) => ({ experiment, ...stage })),
  };
}

async function compactExperiment(
  part: ExperimentUnits,
  options: CompactOptions & { readonly name: string },
): Promise<void> {
  // Little memory does for nearly all; rows with long texts need more, and are tried again with it.
  try {
    await compactWithin(memoryMb.usual, part, options);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("Out of Memory"))) throw error;
    await compactWithin(memoryMb.most, part, options);
  }
}

const memoryMb = { usual: 128, most: 2048 } as const;

async function compactWithin(
  memory: number,
  { trials, stages }: ExperimentUnits,
  options: CompactOptions & { readonly name: string },
): Promise<void> {
  const { folder, name } = options;
  const draft = join(folder, `${name}.${randomUUID().slice(0, 8)}.draft`);
  const experiment = trials.experiment.planned.name;
  try {
    await withDuck(
      { memoryMb: memory, threads: 2, spillFolder: join(draft, "spill") },
      async (connection) => {
        const scan = await writeTrials(connection, trials, draft);
        for (const { ledger } of stages)
          ledger.visit(({ batch }) => batch.hasExtras && scanSeries(batch, scan.series));
        for (const [serial, [series, { columns }]] of [...scan.series].entries()) {
          if (options.series?.(experiment, series) === false) continue;
          await writeSeries(connection, [trials, ...stages], {
            name: series,
            columns,
            serial,
            folder: join(draft, "series", experimentFolderName(series)),
          });
        }
      },
    );
    rmSync(join(draft, "spill"), { recursive: true, force: true });
    replaceFolder(draft, join(folder, name));
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** A folder cannot be replaced in one step: the old one is moved aside first, so that no reader ever sees a mixture. */
function replaceFolder(from: string, to: string): void {
  const aside = `${to}.${randomUUID().slice(0, 8)}.draft`;
  try {
    renameSync(to, aside);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  renameSync(from, to);
  rmSync(aside, { recursive: true, force: true });
}

/** What a compaction that was killed left behind. */
function removeDrafts(folder: string): void {
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".draft")))
    rmSync(join(folder, name), { recursive: true, force: true });
}
