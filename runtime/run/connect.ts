// Joins a prepared plan, a run's writer and its ports: the one place where the controller meets the store.
import type { RunControl } from "../control/run-control.ts";
import { runPlan } from "../execute/controller/controller.ts";
import type { PlanRun, RunSummary } from "../execute/controller/controller-options.ts";
import { runPerformers } from "../services/port-performers.ts";
import { sharedEndpoints } from "../services/shared-endpoints.ts";
import { openSpending } from "../services/spending.ts";
import { runLayoutOf } from "../store/files/layout.ts";
import { runIds } from "../store/runs/manifest.ts";
import type { RunWriter } from "../store/runs/start-run.ts";
import { watchTime } from "./budget.ts";
import type { Prepared } from "./prepare.ts";
import type { RunOptions } from "./run-options.ts";
import { tellServices } from "./service-notes.ts";

/** Runs the wanted units to the end, or until the run is drained or stopped. */
export async function execute(of: {
  readonly prepared: Prepared;
  readonly options: RunOptions;
  readonly writer: RunWriter;
  readonly control: Pick<RunControl, "attach" | "ask">;
}): Promise<RunSummary> {
  const { options, writer, control } = of;
  const { store, opened, wanted, surveys, steering, proposals, again } = of.prepared;
  proposals.open(writer.proposals);
  const total = surveys.reduce((sum, { wantedCount }) => sum + wantedCount, 0);
  const { failOnError } = options;
  // A forced run counts what it records itself and nothing else.
  const counting = again.force
    ? { run: { ...writer.manifest, sources: null } }
    : { stopping: steering.outcomes() };
  const spendingOf = (run: string): string => runLayoutOf(store.layout, run).spending;
  const { id } = writer.manifest;
  const spending = openSpending({
    file: spendingOf(id),
    earlier: runIds(store.layout)
      .filter((run) => run !== id)
      .map(spendingOf),
    budget: options.budget,
    session: writer.session,
  });
  const performers = runPerformers({
    experiments: opened.plan.experiments,
    declared: options.ports.performers,
    spending,
    priceOf: options.prices.of,
    endpoints: sharedEndpoints(store.layout.endpoints),
    simulations: writer.manifest.simulations ?? null,
  });
  const running = await runPlan({
    session: writer.session,
    opened,
    wanted,
    // What the survey read; a forced run counts its own records, which it did not look at.
    surveyed: new Map(
      again.force ? [] : surveys.map(({ index, records }) => [index, steering.counting(index, records)]),
    ),
    countedOf: (index) => steering.countedOf(index),
    recordsOf: async (index) =>
      steering.counting(index, await store.recordsOf(opened.plan, opened.plan.jobs[index]!, counting)),
    onKept: (batch, run) => steering.heed(batch, run, options.threads),
    ledger: writer.ledger,
    journal: writer.effects,
    checkpoints: writer.checkpoints,
    artifacts: writer.artifacts,
    logs: writer.logs,
    executor: options.ports.executor,
    ...performers,
    demand: { hosts: 1, threads: options.threads },
    listener: options.listener,
    tellsRows: options.tellsRows,
    limits: {
      timeoutMs: options.timeoutMs,
      memoryMb: options.memoryMb,
      retryMax: again.retryMax,
      failFast: options.failFast,
      failOnError: failOnError === null || failOnError < 1 ? failOnError : failOnError / Math.max(1, total),
      retryErrors: again.retryErrors,
    },
    replayOf: (trial) => `lab run --trial ${trial} --inline`,
  });
  const endSignals = heedSignals(options, running);
  const detach = [control.attach(running), options.attach(running, control)];
  const timer = timerOf(options, running);
  const endWatch = watchTime(options.budget, spending, running);
  const { budget, listener } = options;
  const endNotes = tellServices({ performers, spending, budget, listener });
  try {
    return await running.finished;
  } finally {
    for (const end of detach) end();
    endWatch();
    endNotes();
    performers.close();
    spending.close();
    clearTimeout(timer);
    endSignals();
  }
}

/** Drains and stops the run as its signals say; returns what ends that. */
function heedSignals({ drain, stop }: Pick<RunOptions, "drain" | "stop">, running: PlanRun): () => void {
  const onDrain = (): void => running.drain(reasonWords(drain.reason));
  const onStop = (): void => running.stop(reasonWords(stop.reason));
  drain.addEventListener("abort", onDrain);
  stop.addEventListener("abort", onStop);
  if (drain.aborted) onDrain();
  if (stop.aborted) onStop();
  return () => {
    drain.removeEventListener("abort", onDrain);
    stop.removeEventListener("abort", onStop);
  };
}

/** Drains the run once its time is over. */
function timerOf({ maxMs, startedAtMs }: RunOptions, run: PlanRun): NodeJS.Timeout | undefined {
  if (maxMs === null) return undefined;
  const reason = `after ${maxMs / 3_600_000} hours (--max-hours)`;
  return setTimeout(() => run.drain(reason, "budget"), Math.max(0, startedAtMs + maxMs - Date.now()));
}

function reasonWords(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
