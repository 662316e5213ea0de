// `labwright/run`: builds and runs experiments from a program, as `lab run` does from the command line. Same store, same results.
import { resolve } from "node:path";
import type { Diagnostic } from "./diagnostic/diagnostic.ts";
import type { DeclaredPerformers } from "./effects/performer.ts";
import type { Listener } from "./event/event.ts";
import type { Executor } from "./execute/protocol/executor.ts";
import type { RunBudget } from "./run/budget.ts";
import { perform } from "./run/perform.ts";
import { runPortsOf } from "./run/ports.ts";
import { prepare } from "./run/prepare.ts";
import { runOptionsOf } from "./run/run-options.ts";
import type { SteeringOf } from "./run/steering.ts";
import { readPrices } from "./services/prices.ts";

export type { Diagnostic } from "./diagnostic/diagnostic.ts";
export { InvalidDesign } from "./diagnostic/invalid-design.ts";
export { UserError } from "./diagnostic/user-error.ts";
export type {
  DeclaredPerformers,
  PerformContext,
  Performed,
  Performer,
  Performers,
  Usage,
} from "./effects/performer.ts";
export type { Listener, RunEvent } from "./event/event.ts";
export type { RunBudget } from "./run/budget.ts";

export { type Proposer, proposing, type Tried, type TriedTrial } from "./run/proposing.ts";
export type { Steering, SteeringOf, SteeringOptions } from "./run/steering.ts";

export interface RunExperimentsOptions {
  /** Folder of the project; the current folder unless told. */
  readonly root?: string;
  /** Names of experiments; all unless told. What they need is added. */
  readonly experiments?: readonly string[];
  /** Levels in place of the declared ones, by parameter. */
  readonly set?: Readonly<Record<string, readonly unknown[]>>;
  /** Only conditions with these levels. */
  readonly filter?: Readonly<Record<string, readonly unknown[]>>;
  /** At most so many trials of each experiment, first replicates first. */
  readonly limit?: number;
  /** Worker threads; the number of cores unless told. */
  readonly threads?: number;
  readonly name?: string;
  readonly force?: boolean;
  readonly retryErrors?: boolean;
  readonly failFast?: boolean;
  /** Who performs effects, by kind; `lab.config.ts` is not read. */
  readonly performers?: DeclaredPerformers;
  /** Where trials run; worker threads of this machine unless told. */
  readonly executor?: Executor;
  /** What decides, while the run goes on, how much of it is run; the experiments' own stopping rules unless told. */
  readonly steering?: SteeringOf;
  /** Milliseconds that a trial may take. */
  readonly timeoutMs?: number;
  /** Megabytes of heap of each worker thread. */
  readonly memoryMb?: number;
  /** Tries failed trials again so many times; as the experiments declare unless told. */
  readonly retryMax?: number;
  /** What the run may take of services over all its sessions: `{ usd: 5, tokens: 2e6, calls: 1e4, timeMs: 7.2e6 }`; no limit unless told. */
  readonly budget?: RunBudget;
  /** Milliseconds that one custom analysis may take; 60,000 unless told. */
  readonly analysisTimeoutMs?: number;
  /** Hears everything that happens. */
  readonly listener?: Listener;
  /** Lets running trials end and saves, once aborted; the same call goes on later. */
  readonly signal?: AbortSignal;
}

export interface RunOutcome {
  /** Id of the run, for `openResults` of `labwright/results`. */
  readonly run: string;
  /** "complete": every wanted trial has ended, with a measurement or without (see `unmeasured`). */
  readonly status: "complete" | "stopped" | "budget" | "aborted";
  /** Units run now, units found recorded, of both those without a measurement, of these the failures, and units left. */
  readonly done: number;
  readonly reused: number;
  readonly unmeasured: number;
  readonly failed: number;
  readonly remaining: number;
  readonly durationMs: number;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Builds what is stale and runs what is not recorded.
 *
 * @throws InvalidDesign with every diagnostic when an experiment is wrong; UserError for a selection that names what is not there,
 * a full disk, or a second run on the same project.
 * @example
 * import { runExperiments } from "labwright/run";
 * const { run, unmeasured } = await runExperiments({ experiments: ["bandit"], threads: 4 });
 */
export async function runExperiments(options: RunExperimentsOptions = {}): Promise<RunOutcome> {
  const root = resolve(options.root ?? ".");
  const selection = {
    experiments: options.experiments ?? [],
    filter: options.filter ?? {},
    limit: options.limit ?? null,
  };
  const overrides = options.set ?? {};
  const ports = runPortsOf(
    defined({ performers: options.performers, executor: options.executor, steering: options.steering }),
  );
  const effectKinds = Object.keys(ports.performers);
  const again = defined({ force: options.force, retryErrors: options.retryErrors });
  const prepared = await prepare({
    root,
    selection,
    overrides,
    effectKinds,
    steering: ports.steering,
    ...again,
  });
  const { threads, name, failFast, timeoutMs, memoryMb, retryMax, analysisTimeoutMs, listener } = options;
  const given = {
    threads,
    name,
    failFast,
    timeoutMs,
    memoryMb,
    retryMax,
    analysisTimeoutMs,
    listener,
    budget: options.budget,
    prices: readPrices(root),
    drain: options.signal,
  };
  const report = await perform(
    prepared,
    runOptionsOf({ ports, command: "runExperiments()", ...defined(given) }),
  );
  const { run, ...counts } = report;
  return { run: run.id, ...counts, warnings: prepared.warnings };
}

/** The entries that are not undefined. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Filtering by value is what the type says.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
