// `labwright/run`: builds and runs experiments from a program, as `lab run` does from the command line. Same store, same results.
// docs/programs.md shows it.
import { resolve } from "node:path";
import type { Diagnostic } from "./diagnostic/diagnostic.ts";
import { UserError } from "./diagnostic/user-error.ts";
import type { DeclaredPerformers } from "./effects/performer.ts";
import type { Listener } from "./event/event.ts";
import type { Executor } from "./execute/protocol/executor.ts";
import type { Selection, Shard } from "./plan/selection.ts";
import type { RunBudget } from "./run/budget.ts";
import { perform } from "./run/perform.ts";
import { runPortsOf } from "./run/ports.ts";
import { prepare } from "./run/prepare.ts";
import { checkedPriorities } from "./run/priorities.ts";
import { type OpenBatch, openBatchOf } from "./run/proposals/open-batch.ts";
import { type RunOptions, runOptionsOf } from "./run/run-options.ts";
import { type RunUnderWay, runUnderWay } from "./run/run-under-way.ts";
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
export type { Act, DoneAct } from "./event/act.ts";
export type { ArmCount, Listener, RunEvent } from "./event/event.ts";
export type { RunState } from "./live/run-state.ts";
export type { RunBudget } from "./run/budget.ts";
export type { HeardEvent, MissedEvents } from "./run/heard-events.ts";
export type { OpenBatch } from "./run/proposals/open-batch.ts";
export type { Tried, TriedTrial } from "./run/proposals/proposed-trials.ts";
export { type Proposer, proposing } from "./run/proposals/proposing.ts";
export type { MeantFailures, MeantTrials, RunUnderWay } from "./run/run-under-way.ts";
export type { Steering, SteeringOf, SteeringOptions } from "./run/steering.ts";

export interface RunRequest {
  /** Folder of the project; the current folder unless told. */
  readonly root?: string;
  /** Names of experiments; all unless told. What they need is added. */
  readonly experiments?: readonly string[];
  /** Levels in place of the declared ones, by parameter. */
  readonly set?: Readonly<Record<string, readonly unknown[]>>;
  /** Only conditions with these levels. */
  readonly filter?: Readonly<Record<string, readonly unknown[]>>;
  /** Only these replicates, counted from 0. */
  readonly replicates?: readonly number[];
  /** At most so many trials of each experiment, first replicates first. */
  readonly limit?: number;
  /** Of the trials that are left only those of one part: `{ index: 2, of: 5 }`, counted from 1. `lab merge` joins the parts. */
  readonly shard?: Shard;
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
  /** Trials of experiments with a higher number start first, -1000 to 1000; 0 unless told. */
  readonly priorities?: Readonly<Record<string, number>>;
  /** After so many hours what runs is let end, and the run stops with status "budget"; the same call goes on. */
  readonly maxHours?: number;
  /** Milliseconds that one custom analysis may take; 60,000 unless told. */
  readonly analysisTimeoutMs?: number;
  /** Hears everything that happens, at once; a loop over the run hears the same. */
  readonly listener?: Listener;
  /** Also tells rows of series as trials record them, a few times a second (event "rows"). */
  readonly rows?: boolean;
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
 * Builds what is stale and runs what is not recorded. Awaited, it is the outcome; looped over, the events as they come; and it can be
 * paused, stopped and steered meanwhile.
 *
 * @throws (rejects with) InvalidDesign with every diagnostic when an experiment is wrong; UserError for a selection that names what is
 * not there, a full disk, or another run under way that records the same.
 * @example
 * import { run } from "labwright/run";
 * const walk = run({ experiments: ["walk"], threads: 4, rows: true });
 * for await (const event of walk) if (event.type === "progress") console.log(event.done, "of", event.total);
 * const { run: id, unmeasured } = await walk;
 */
export function run(request: RunRequest = {}): RunUnderWay<RunOutcome> {
  return runUnderWay((to) =>
    outcomeOf(request, {
      ...to,
      listener(event) {
        request.listener?.(event);
        to.listener(event);
      },
    }),
  );
}

/** What `openBatch` takes: an experiment whose space has room for proposals, and what `run` takes besides. */
export interface BatchRequest extends Omit<RunRequest, "experiments" | "steering" | "shard" | "limit"> {
  readonly experiment: string;
  /** Who proposes, written beside each condition; "batch" unless told. */
  readonly by?: string;
  /** What goes on with it, as told to who stops the run: "openBatch()" unless told. */
  readonly command?: string;
}

/**
 * Opens a run that takes batches of conditions from another program, such as an evolutionary search: each is tried as any condition is, with the
 * seeds that follow from what it is, and what is recorded already is not computed again. The run begins with the first batch and ends with `close`.
 *
 * @example
 * const tune = openBatch({ experiment: "tune", threads: 4 });
 * const [first, second] = await tune.evaluate([{ alpha: 0.1 }, { alpha: 0.7 }]);
 * console.log(first.trials[0].metrics.loss);
 * await tune.close();
 */
export function openBatch({
  experiment,
  by = "batch",
  command = "openBatch()",
  ...request
}: BatchRequest): OpenBatch<RunOutcome> {
  const isStopped = ({ status }: RunOutcome): boolean => status === "stopped";
  return openBatchOf<RunOutcome>({ experiment, by, isStopped }, ({ steering, attach }) =>
    runUnderWay<RunOutcome>((to) =>
      outcomeOf(
        { ...request, experiments: [experiment], steering },
        {
          command,
          listener(event) {
            request.listener?.(event);
            to.listener(event);
          },
          attach(running, control) {
            attach(running);
            return to.attach(running, control);
          },
        },
      ),
    ),
  );
}

async function outcomeOf(
  request: RunRequest,
  to: Pick<RunOptions, "listener" | "attach"> & Partial<Pick<RunOptions, "command">>,
): Promise<RunOutcome> {
  const root = resolve(request.root ?? ".");
  const { performers, executor, steering, force, retryErrors } = request;
  const ports = runPortsOf(defined({ performers, executor, steering }));
  const prepared = await prepare({
    root,
    selection: selectionOf(request),
    overrides: request.set ?? {},
    effectKinds: Object.keys(ports.performers),
    steering: ports.steering,
    ...defined({ force, retryErrors, retryMax: request.retryMax }),
  });
  const { threads, name, failFast, timeoutMs, memoryMb, budget, analysisTimeoutMs } = request;
  const given = { threads, name, failFast, timeoutMs, memoryMb, budget, analysisTimeoutMs };
  const maxMs = hoursMs(request.maxHours);
  const priorities = checkedPriorities(prepared.opened, request.priorities ?? {});
  const told = { tellsRows: request.rows, drain: request.signal, maxMs };
  const report = await perform(
    prepared,
    runOptionsOf({
      ports,
      command: "run()",
      prices: readPrices(root),
      priorities,
      ...to,
      ...defined(given),
      ...defined(told),
    }),
  );
  const { run: manifest, ...counts } = report;
  return { run: manifest.id, ...counts, warnings: prepared.warnings };
}

function selectionOf({ experiments = [], filter = {}, replicates, limit, shard }: RunRequest): Selection {
  if (replicates !== undefined && "replicate" in filter)
    throw new UserError("replicates and filter.replicate both choose replicates; give one of them");
  const { index, of } = shard ?? { index: 1, of: 1 };
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(of) || index < 1 || index > of)
    throw new UserError(`shard takes a part such as { index: 1, of: 5 }, not { index: ${index}, of: ${of} }`);
  return {
    experiments,
    filter: { ...filter, ...(replicates !== undefined && { replicate: replicates }) },
    limit: limit ?? null,
    ...(shard !== undefined && { shard }),
  };
}

function hoursMs(hours: number | undefined): number | undefined {
  if (hours === undefined) return undefined;
  if (Number.isFinite(hours) && hours > 0) return hours * 3_600_000;
  throw new UserError(`maxHours takes a number of hours above 0, not ${hours}`);
}

/** The entries that are not undefined. */
function defined<T extends object>(given: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  // Filtering by value is what the type says.
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as never;
}
