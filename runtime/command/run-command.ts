// One trial of a program: its folder made, the program run, its rows recorded while it runs, its metrics and artifacts read at the end.
import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "../../lib/experiment/command.ts";
import type { MetricSpec, StageValues } from "../../lib/experiment/definition.ts";
import type { TrialContext } from "../../lib/experiment/trial-context.ts";
import type { CommandFile } from "../plan/plan.ts";
import { handedValue } from "./handed-value.ts";
import { failureWords, LastLines, refusalWords } from "./last-words.ts";
import { namedFiles } from "./named-files.ts";
import { OutputMatches } from "./output-matches.ts";
import { runGroup } from "./process-group.ts";
import { SeriesTail } from "./series-tail.ts";
import { markEnded, prepareFolder, type TrialFolder } from "./trial-folder.ts";
import { metricsFrom } from "./values.ts";

export interface CommandPlace {
  /** Where trials have their folders. */
  readonly work: string;
  readonly build: string;
  readonly job: string;
  readonly files: readonly CommandFile[];
  /** Whether earlier stages hand anything on. */
  readonly hasInputs: boolean;
  /** Those of the experiment. */
  readonly metrics: Readonly<Record<string, MetricSpec>>;
  /** What a stage hands on; null for the trial. */
  readonly hands: StageValues | null;
  /** Throws, in words, where a metric of the stage is not what was declared; those of the trial are checked where all trials' are. */
  assertMetrics?(metrics: Readonly<Record<string, unknown>>): void;
}

/** How often new rows are looked for, in ms. */
const rowsMs = 200;

/** Makes the function that the worker calls for each trial. */
export function commandRunner(
  command: Command,
  place: CommandPlace,
): (context: TrialContext) => Promise<unknown> {
  return async (context) => {
    const made = await prepareFolder({
      ...place,
      command: command.options,
      values: { parameters: context.parameters, replicate: context.replicate },
      inputs: place.hasInputs ? context.inputs : null,
    });
    try {
      const value = await runTrial(command, context, { ...made, ...place });
      rmSync(made.folder, { recursive: true, force: true });
      return value;
    } catch (error) {
      if (!context.signal.aborted) {
        markEnded(made.folder);
        context.log(`its folder is kept: ${made.folder}`, "error");
      }
      throw error;
    }
  };
}

async function runTrial(
  { options }: Command,
  context: TrialContext,
  place: TrialFolder & CommandPlace,
): Promise<unknown> {
  const { folder, run, hands } = place;
  const { metrics: source } = options;
  const matches = "output" in source ? new OutputMatches(source.output) : null;
  const last = new LastLines();
  const tails = Object.entries(options.series ?? {}).map(
    ([name, source]) => new SeriesTail(folder, source, (row) => context.record(name, row)),
  );
  const read = readAtPace(tails, context);
  const { code } = await runGroup({
    run,
    folder,
    signal: read.signal,
    environment: environmentOf(options.environment, context, place),
    onLine(line, level) {
      last.add(line, level);
      if (level === "info") matches?.look(line);
      context.log(line, level === "info" ? "info" : "warn");
    },
  }).finally(read.stop);
  read.check();
  const meaning = options.exits?.[code];
  if (meaning === "refused") return context.refuse(refusalWords(code, last));
  if (meaning !== undefined) return context.censored({ metric: meaning.censored, bound: meaning.bound });
  if (code !== 0) throw new Error(failureWords(run[0] ?? "", code, last));
  const names = Object.keys((hands ?? place).metrics);
  const metrics =
    "output" in source ? (matches?.values(names) ?? {}) : metricsFrom(source, { folder, metrics: names });
  place.assertMetrics?.(metrics);
  const value = hands === null ? metrics : handedValue(hands, { folder, metrics });
  await keepArtifacts(options.artifacts ?? [], folder, context);
  return value;
}

function environmentOf(
  own: Readonly<Record<string, string>> | undefined,
  { replicate }: TrialContext,
  { config, checkpoint, inputs }: TrialFolder,
): Readonly<Record<string, string | undefined>> {
  return {
    ...process.env,
    PYTHONUNBUFFERED: "1",
    LABWRIGHT_SEED: String(replicate.seed),
    LABWRIGHT_CONFIG: config,
    LABWRIGHT_CHECKPOINT: checkpoint,
    ...(inputs !== null && { LABWRIGHT_INPUTS: inputs }),
    ...own,
  };
}

interface Reading {
  readonly signal: AbortSignal;
  readonly stop: () => void;
  /** Throws what reading a row threw. */
  readonly check: () => void;
}

/** Records new rows at a pace; a row that is none ends the program. */
function readAtPace(tails: readonly SeriesTail[], context: TrialContext): Reading {
  const broken = new AbortController();
  let thrown: { readonly error: unknown } | null = null;
  const look = (isLast: boolean): void => {
    if (thrown !== null || context.signal.aborted) return;
    try {
      for (const tail of tails) tail.read({ isLast });
    } catch (error) {
      thrown = { error };
      broken.abort();
    }
  };
  const timer = setInterval(() => look(false), rowsMs);
  return {
    signal: AbortSignal.any([context.signal, broken.signal]),
    stop() {
      clearInterval(timer);
      look(true);
    },
    check() {
      if (thrown !== null) throw thrown.error;
    },
  };
}

/** Files that the globs name, as artifacts under their paths; links are not followed. */
async function keepArtifacts(globs: readonly string[], folder: string, context: TrialContext): Promise<void> {
  for (const name of namedFiles(folder, globs))
    await context.artifact(name, createReadStream(join(folder, name)));
}
