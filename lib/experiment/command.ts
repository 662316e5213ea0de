// command: any program as a trial. It stands where the trial function stands, and is data: the worker starts the program in a folder of
// its own, writes its configuration there, and reads its metrics from what it leaves behind.
import { type CallSite, callSiteOf } from "./call-site.ts";
import type { Json } from "./json.ts";

declare const names: unique symbol;

/** A place in `run` or in the configuration that each trial fills with a value of its own. */
export type CommandToken<P extends string = string> =
  | {
      readonly kind: "labwright/token";
      readonly token: "config-file" | "config-flags" | "inputs-file" | "seed" | "checkpoint";
    }
  | { readonly kind: "labwright/token"; readonly token: "parameter"; readonly name: P };

/** The path of the trial's configuration file. */
export const configFile: CommandToken<never> = { kind: "labwright/token", token: "config-file" };

/**
 * The configuration as words of the command line, in place of a file: `--rate=0.1 --fast --layers 64 32`. True is the flag alone, false
 * and null leave it out, a list is several words, an object is JSON.
 */
export const configFlags: CommandToken<never> = { kind: "labwright/token", token: "config-flags" };

/** The path of a JSON file with what the stages that the trial needs have returned, by name. */
export const inputsFile: CommandToken<never> = { kind: "labwright/token", token: "inputs-file" };

/** The trial's seed, a uint32: another one in every trial of a run. */
export const trialSeed: CommandToken<never> = { kind: "labwright/token", token: "seed" };

/** The path of a folder that is kept when the trial is interrupted: a program that finds its own state there goes on. */
export const checkpointFolder: CommandToken<never> = { kind: "labwright/token", token: "checkpoint" };

/** The value of a parameter: `run: ["python3", "train.py", "--rate", parameter("rate")]`. */
export function parameter<const P extends string>(name: P): CommandToken<P> {
  return { kind: "labwright/token", token: "parameter", name };
}

/** The configuration that each trial finds in its folder. */
export interface CommandConfig<P extends string = string> {
  /** Its name in the trial's folder: YAML where it ends with `.yaml` or `.yml`, else JSON. That of `base`, or `config.json`, unless told. */
  readonly file?: string;
  /** A JSON or YAML file beside the experiment that the trial's values are merged into; comments of YAML stay. */
  readonly base?: string;
  /** Values by key; a dot goes deeper, and a number into a list: `{ "training.rounds": 20, "layers.0.size": 64 }`. All parameters and `seed` unless told. */
  readonly set?: Readonly<Record<string, CommandToken<P> | Json>>;
}

/** Where metrics are read from once the program has ended. */
export type MetricSource<M extends string = string> =
  /** A JSON file; `names` gives the key of a metric where it is not its name, and a dot goes deeper. */
  | { readonly json: string; readonly names?: Readonly<Partial<Record<M, string>>> }
  /** The last line of a file of JSON lines. */
  | { readonly jsonLines: string; readonly names?: Readonly<Partial<Record<M, string>>> }
  /** The last row of a CSV file with a heading. */
  | { readonly csv: string; readonly names?: Readonly<Partial<Record<M, string>>> }
  /** Regular expressions over the standard output, one a metric; the first group of the last match is the value. */
  | { readonly output: Readonly<Record<M, string>> };

/** A file of rows, read while the program writes it. */
export type SeriesSource = { readonly jsonLines: string } | { readonly csv: string };

/** What `command` takes: P the parameters that it names, M the metrics, S the series. */
export interface CommandOptions<P extends string, M extends string, S extends string> {
  /** The program and its arguments. A script that lies beside the experiment is found by itself. */
  readonly run: readonly [string, ...(string | CommandToken<P>)[]];
  /** Files and folders beside the experiment that the program reads. They are copied into each trial's folder, and a change of one is a change of the trial. */
  readonly files?: readonly string[];
  readonly config?: CommandConfig<P>;
  /** Variables added to the environment. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly metrics: MetricSource<M>;
  readonly series?: Readonly<Record<S, SeriesSource>>;
  /** Globs of files in the trial's folder that are kept as artifacts, such as `models/*`. */
  readonly artifacts?: readonly string[];
  /** What exit codes besides 0 mean; any other is a failure. */
  readonly exits?: Readonly<Record<number, "refused" | { readonly censored: M; readonly bound: number }>>;
}

/** Names that a command uses, for the checker alone: P the parameters, M the metrics, S the series. */
export interface Naming<P, M, S> {
  readonly [names]?: { readonly parameters: P; readonly metrics: M; readonly series: S };
}

/** A program that stands where a function of the trial or of a stage may stand. Only to the checker it can be called. */
export interface Command<P extends string = string, M extends string = string, S extends string = string>
  extends Naming<P, M, S> {
  (context: unknown): never;
  readonly kind: "labwright/command";
  readonly options: CommandOptions<string, string, string>;
  readonly site: CallSite | null;
}

/**
 * A program as the trial, or as a stage (`commandStage`), in any language.
 *
 * Each trial runs in an empty folder with copies of the script and of `files`, and the configuration. Its standard output and error go to
 * `lab logs`. All its processes are killed at a time-out, when the run stops, and when labwright itself is killed.
 * The environment says `LABWRIGHT_SEED` (uint32), `LABWRIGHT_CONFIG` and `LABWRIGHT_CHECKPOINT` (paths), and `LABWRIGHT_INPUTS` (a path)
 * where earlier stages hand something on. What cannot be run as it is written is an error of `lab build`, at this line.
 *
 * @example
 * trial: command({
 *   run: ["python3", "train.py", "--config", configFile],
 *   config: { base: "base.json", set: { "training.rate": parameter("rate"), random_seed: trialSeed } },
 *   metrics: { json: "metrics.json", names: { winRate: "final.win_rate" } },
 *   series: { rounds: { jsonLines: "rounds.jsonl" } },
 *   artifacts: ["models/*"],
 * }),
 */
export function command<
  const P extends string = never,
  const M extends string = never,
  const S extends string = never,
>(options: CommandOptions<P, M, S>): Command<NoInfer<P>, NoInfer<M>, NoInfer<S>> {
  // The names are those written here; what stands around the command says only which there may be.
  const made: unknown = { kind: "labwright/command", options, site: callSiteOf(command) };
  return made as Command<P, M, S>;
}

export function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "labwright/command";
}

export function isToken(value: unknown): value is CommandToken {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "labwright/token";
}
