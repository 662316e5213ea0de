// One trial of a program: its folder made, the program run, its rows recorded while it runs, its metrics and artifacts read at the end.
import { createReadStream, rmSync } from "node:fs";
import { join } from "node:path";
import { type Command, isToken } from "../../lib/experiment/command.ts";
import type { TrialContext } from "../../lib/experiment/trial-context.ts";
import type { TrialReturn } from "../../lib/experiment/trial-return.ts";
import type { CommandFile } from "../plan/plan.ts";
import { namedFiles } from "./named-files.ts";
import { runGroup } from "./process-group.ts";
import { SeriesTail } from "./series-tail.ts";
import { markEnded, prepareFolder, type TrialFolder, tokenValue } from "./trial-folder.ts";
import { metricsFrom } from "./values.ts";

export interface CommandPlace {
  /** Where trials have their folders. */
  readonly work: string;
  readonly build: string;
  readonly job: string;
  readonly files: readonly CommandFile[];
  /** Names of the declared metrics. */
  readonly metrics: readonly string[];
}

/** How often new rows are looked for, in ms. */
const rowsMs = 200;
/** Lines of output kept for regular expressions and for the message of a failure. */
const linesKept = 10_000;
const tailLines = 5;

/** Makes the function that the worker calls for each trial. */
export function commandRunner(
  command: Command,
  place: CommandPlace,
): (context: TrialContext) => Promise<unknown> {
  return async (context) => {
    const made = prepareFolder({
      ...place,
      config: command.options.config ?? {},
      values: { parameters: context.parameters, replicate: context.replicate },
    });
    try {
      const value = await runTrial(command, context, { ...made, metrics: place.metrics });
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
  place: TrialFolder & Pick<CommandPlace, "metrics">,
): Promise<TrialReturn<Readonly<Record<string, unknown>>>> {
  const { folder, config, checkpoint } = place;
  const output: string[] = [];
  const errors: string[] = [];
  const tails = Object.entries(options.series ?? {}).map(
    ([name, source]) => new SeriesTail(folder, source, (row) => context.record(name, row)),
  );
  const read = readAtPace(tails, context);
  const run = options.run.map((part) => (isToken(part) ? textOf(tokenValue(part, context, place)) : part));
  const { code } = await runGroup({
    run,
    folder,
    signal: read.signal,
    environment: {
      ...process.env,
      PYTHONUNBUFFERED: "1",
      LABWRIGHT_SEED: String(context.replicate.seed),
      LABWRIGHT_CONFIG: config,
      LABWRIGHT_CHECKPOINT: checkpoint,
      ...options.environment,
    },
    onLine(line, level) {
      const kept = level === "info" ? output : errors;
      kept.push(line);
      if (kept.length > linesKept) kept.shift();
      context.log(line, level === "info" ? "info" : "warn");
    },
  }).finally(read.stop);
  read.check();
  const meaning = options.exits?.[code];
  if (meaning === "refused") return context.refuse(lastLines(errors, output) || `exit code ${code}`);
  if (meaning !== undefined) return context.censored({ metric: meaning.censored, bound: meaning.bound });
  if (code !== 0) throw new Error(failure(run[0] ?? "", code, lastLines(errors, output)));
  const metrics = metricsFrom(options.metrics, { folder, output, metrics: place.metrics });
  await keepArtifacts(options.artifacts ?? [], folder, context);
  return metrics;
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

function failure(program: string, code: number, said: string): string {
  if (code === 127)
    return `${program} was not found: is it installed, and on the PATH?${said === "" ? "" : ` ${said}`}`;
  const how = code > 128 ? `was ended by signal ${code - 128}` : `ended with exit code ${code}`;
  return `${program} ${how}${said === "" ? "" : `: ${said}`}`;
}

function lastLines(errors: readonly string[], output: readonly string[]): string {
  return (errors.length > 0 ? errors : output).slice(-tailLines).join("\n");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
