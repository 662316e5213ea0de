// `lab import <kind> <path>`: results of another tool become a run of the store, which every command that looks at runs treats as any other. The
// same content imported again is the run that it already is.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { nearest } from "../diagnostic/nearest.ts";
import { UserError } from "../diagnostic/user-error.ts";
import { isoTime } from "../record/known-times.ts";
import { outcomeCodes } from "../record/outcome.ts";
import { createBatchBuilder } from "../record/record-batch.ts";
import type { RanAt } from "../record/trial-table.ts";
import type { ProjectStore } from "../store/project-store.ts";
import { startRun } from "../store/runs/start-run.ts";
import type { RunManifest } from "../store/store.ts";
import { readFolders } from "./folders.ts";
import type { ImportChoices, ImportedSource, ImportedValue, ImportKind } from "./imported.ts";
import { type ImportedPlan, importedPlan, type PlacedTrial } from "./imported-plan.ts";
import { readInspect } from "./inspect.ts";
import { likelyKind } from "./likely-kind.ts";
import { readOptuna } from "./optuna.ts";
import { readWandb } from "./wandb.ts";

export interface ImportOptions {
  readonly store: ProjectStore;
  readonly kind: ImportKind;
  /** Absolute, and as it is said. */
  readonly path: string;
  readonly shown: string;
  readonly choices: ImportChoices;
  readonly seed: string | null;
  /** Of the experiment; null for what the source calls itself. */
  readonly name: string | null;
  readonly command: string;
}

export interface ImportedRun {
  readonly run: RunManifest;
  readonly isNew: boolean;
  readonly trials: number;
  readonly conditions: number;
  readonly factors: readonly string[];
  readonly metrics: readonly string[];
  readonly unknown: readonly string[];
  readonly notes: readonly string[];
}

/** Throws UserError, with file and line where there is one, for what cannot be read. */
export async function importResults(options: ImportOptions): Promise<ImportedRun> {
  const { store, path, shown } = options;
  if (!existsSync(path))
    throw new UserError(`there is no file or folder ${shown}`, { hint: nearbyHint(path, shown) });
  const source = named(choose(await readHinted(options), options.choices), options.name);
  const imported = importedPlan(source, { seed: options.seed, path: shown });
  const { plan } = imported;
  const before = (await store.runs()).find(
    ({ build, status }) => build === plan.build && status === "complete",
  );
  const run = before ?? (await written(options, imported));
  const { space } = store.openPlan(plan).experiments[0]!;
  return {
    run,
    isNew: before === undefined,
    trials: imported.trials.length,
    conditions: plan.experiments[0]!.conditions,
    factors: space.factors.map(({ name }) => name),
    metrics: Object.keys(imported.metrics),
    unknown: imported.unknown,
    notes: source.notes,
  };
}

/** What is called nearly so beside it. */
function nearbyHint(path: string, shown: string): string | undefined {
  const folder = dirname(path);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return undefined;
  const near = nearest(basename(path), readdirSync(folder));
  return near === null ? undefined : `Did you mean ${join(dirname(shown), near)}?`;
}

/** What cannot be read and looks like results of another kind is told with the command for that one. */
async function readHinted(options: ImportOptions): Promise<ImportedSource> {
  try {
    return await read(options);
  } catch (error) {
    const likely = error instanceof UserError ? likelyKind(options.path, options.kind) : null;
    if (!(error instanceof UserError) || likely === null || likely === options.kind) throw error;
    throw new UserError(error.message, {
      hint: `That looks like results of another kind: lab import ${likely} ${options.shown}`,
    });
  }
}

async function read({ kind, path, choices, shown }: ImportOptions): Promise<ImportedSource> {
  const isFolder = statSync(path).isDirectory();
  if (isFolder !== (kind === "hydra" || kind === "folder") && kind !== "inspect")
    throw new UserError(`lab import ${kind} takes a ${isFolder ? "file" : "folder"}, and ${shown} is none`);
  switch (kind) {
    case "hydra":
    case "folder":
      return readFolders(kind, path, choices);
    case "optuna":
      return readOptuna(path, choices);
    case "inspect":
      return readInspect(path);
    case "wandb-csv":
      return readWandb(path, choices);
  }
}

/** Only the parameters and metrics that were asked for. */
function choose(source: ImportedSource, { metrics, parameters }: ImportChoices): ImportedSource {
  const known = {
    metric: new Set(source.trials.flatMap((trial) => Object.keys(trial.metrics))),
    parameter: new Set(source.trials.flatMap((trial) => Object.keys(trial.parameters))),
  };
  const check = (what: keyof typeof known, asked: readonly string[] | null): void => {
    const wrong = asked?.find((name) => !known[what].has(name));
    if (wrong !== undefined)
      throw new UserError(`no trial has a ${what} "${wrong}"`, {
        hint: `There are ${[...known[what]].join(", ")}.`,
      });
  };
  check("metric", metrics);
  check("parameter", parameters);
  const only = <T>(of: Readonly<Record<string, T>>, names: readonly string[] | null) =>
    names === null ? of : Object.fromEntries(Object.entries(of).filter(([name]) => names.includes(name)));
  return {
    ...source,
    trials: source.trials.map((trial) => ({
      ...trial,
      metrics: only(trial.metrics, metrics),
      parameters: only(trial.parameters, parameters),
    })),
  };
}

function named(source: ImportedSource, name: string | null): ImportedSource {
  return name === null ? source : { ...source, name };
}

const batchTrials = 2_000;

async function written(
  options: ImportOptions,
  { plan, metrics, trials, unknown }: ImportedPlan,
): Promise<RunManifest> {
  const { store, kind, shown, command } = options;
  const names = Object.keys(metrics);
  const writer = await startRun({
    store,
    plan,
    name: null,
    experiments: plan.experiments.map(({ name }) => name),
    selection: { filter: {}, limit: null },
    forced: false,
    command,
    resume: null,
    imported: { from: { kind, path: shown, unknown }, ran: ranOf(trials) },
  });
  try {
    for (const together of batchesOf(trials)) {
      const builder = createBatchBuilder({ job: 0, metrics: names, worker: kind });
      for (const trial of together) push(builder, trial, metrics);
      writer.ledger.append(builder.seal());
    }
  } catch (error) {
    await writer.finish("aborted");
    throw error;
  }
  return writer.finish("complete");
}

/** From the first start to the last end; null where they are not known of all trials. */
function ranOf(trials: readonly PlacedTrial[]): RanAt {
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let [hasStarts, hasEnds] = [trials.length > 0, trials.length > 0];
  for (const { startedAt, durationMs } of trials) {
    if (startedAt === null) hasStarts = false;
    else first = Math.min(first, startedAt);
    if (startedAt === null || durationMs === null) hasEnds = false;
    else last = Math.max(last, startedAt + durationMs);
  }
  return { startedAt: isoTime(hasStarts ? first : null), finishedAt: isoTime(hasEnds ? last : null) };
}

/** A batch keeps starts as 32-bit distances from its first one: those that would lose a millisecond by it, and those that nobody knows, lie apart. */
function* batchesOf(trials: readonly PlacedTrial[]): Iterable<readonly PlacedTrial[]> {
  const inOrder = trials.toSorted((a, b) => (a.startedAt ?? -1) - (b.startedAt ?? -1));
  let batch: PlacedTrial[] = [];
  for (const trial of inOrder) {
    const first = batch[0];
    if (first !== undefined && (batch.length >= batchTrials || !isExact(first, trial))) {
      yield batch;
      batch = [];
    }
    batch.push(trial);
  }
  if (batch.length > 0) yield batch;
}

function isExact(first: PlacedTrial, { startedAt }: PlacedTrial): boolean {
  if (first.startedAt === null || startedAt === null) return first.startedAt === startedAt;
  const distance = startedAt - first.startedAt;
  return Math.abs(Math.fround(distance) - distance) < 1;
}

function push(
  builder: ReturnType<typeof createBatchBuilder>,
  trial: PlacedTrial,
  metrics: ImportedPlan["metrics"],
): void {
  const { outcome } = trial;
  const specs = Object.entries(metrics);
  const lacks =
    outcome.kind === "measured" &&
    specs.find(([name, spec]) => !spec.optional && (trial.metrics[name] ?? null) === null);
  const code =
    outcome.kind === "refused"
      ? outcomeCodes.refused
      : outcome.kind === "failed" || lacks
        ? outcomeCodes.failed
        : outcomeCodes.measured;
  const isMeasured = code === outcomeCodes.measured;
  const row = builder.push(
    trial.unit,
    code,
    1,
    trial.startedAt ?? Number.NaN,
    trial.durationMs ?? Number.NaN,
    specs.map(([name, { categories }]) =>
      isMeasured ? codedValue(trial.metrics[name] ?? null, categories) : Number.NaN,
    ),
  );
  if (lacks) builder.fail(row, "invalid-metric", `${trial.place} has no ${lacks[0]}`, null);
  if (outcome.kind === "failed") builder.fail(row, "thrown", outcome.message, null);
  if (outcome.kind === "refused") builder.explain(row, outcome.message);
  for (const [name, rows] of Object.entries(trial.series)) builder.series(row, name, rows);
}

function codedValue(value: ImportedValue, categories: readonly string[] | null): number {
  if (value === null) return Number.NaN;
  return categories === null ? Number(value) : categories.indexOf(String(value));
}
