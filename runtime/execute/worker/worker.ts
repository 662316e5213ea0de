// A worker thread: loads each job once, runs leases one after the other, and answers with one transferred buffer of records.
// Output of trials and errors out of nowhere end here, in the log or as a failure, and never take the host down.
import { MessageChannel, parentPort, receiveMessageOnPort, threadId, workerData } from "node:worker_threads";
import { Piscina } from "piscina";
import { AwakeClock } from "../host/awake-clock.ts";
import type { OpenedJob } from "../host/lease-runner.ts";
import { ThreadMarks } from "../host/thread-marks.ts";
import type {
  FromThread,
  ThreadAnswer,
  ThreadData,
  ThreadHello,
  ThreadTask,
  ToThread,
} from "../host/thread-messages.ts";
import { WatchedUnits } from "../protocol/watched-units.ts";
import { captureOutput } from "./console-capture.ts";
import { HeldMemory } from "./held-memory.ts";
import { type JobRuntime, loadJob } from "./job-runtime.ts";
import { LeakWatch } from "./leak-watch.ts";
import { noteUnseen, PendingWatch } from "./pending-watch.ts";
import { chunkOf, failRunning, type PreparedChunk, transferOf, unitContext } from "./run-chunk.ts";
import { systemThreadId } from "./system-thread.ts";
import { LogBudget } from "./unit/log-budget.ts";
import type { TrialScope } from "./unit/trial-scope.ts";
import { messageOf } from "./unit/unit-failure.ts";
import { CallDesk } from "./unit/unit-link.ts";

process.setSourceMapsEnabled(true);

// thread-pool.ts makes the threads, and gives them nothing else.
const { host, counters, watched, memoryMb } = workerData as ThreadData;
const shared = new Int32Array(counters, 0, 2);
const awake = new AwakeClock(counters, 8);
const worker = `${host}/${Atomics.add(shared, 0, 1) + 1}`;
const marks = new ThreadMarks();
const memory = memoryMb === null ? null : new HeldMemory(memoryMb);
const { port1: port, port2 } = new MessageChannel();
const jobs = new Map<number, Promise<JobRuntime>>();
const openings = new Map<number, (opened: OpenedJob) => void>();
/** For lines of which the thread cannot tell whose they are. */
const nobodys = new LogBudget();
const running = new Map<number, PreparedChunk>();
/** Leases that must start no further unit; some have yet to come, some went to another thread. */
const cancelled = new Set<number>();
const leaks = new LeakWatch({ limitMb: memoryMb });
let isRetiring = false;
const untouched: ThreadAnswer = {
  end: { busyMs: 0, guilty: null, broken: null, unloadable: null },
  batch: null,
};
let current: TrialScope | null = null;
let previous: Promise<unknown> = Promise.resolve();

const post = (message: FromThread, transfer: readonly ArrayBuffer[] = []): void =>
  port.postMessage(message, [...transfer]);
const desk = new CallDesk({
  post,
  nextCall: () => Atomics.add(shared, 1, 1) + 1,
  watched: new WatchedUnits(watched),
});

const flushOutput = captureOutput(({ level, text }) => log(unitContext.getStore() ?? current, level, text));

process.on("unhandledRejection", (reason) => {
  blame(reason, "a promise that nobody awaited was rejected");
});
process.on("uncaughtException", (error) => {
  blame(error, "an error was thrown outside the trial's own course");
});

function hear(message: ToThread): void {
  switch (message.type) {
    case "opening":
      openings.get(message.job)?.(message.opened);
      openings.delete(message.job);
      return;
    case "cancel":
      cancelled.add(message.lease);
      running.get(message.lease)?.cancel();
      return;
    case "effect-queue":
    case "effect-rows":
      desk.hear(message);
      return;
    default:
      desk.answer(message);
  }
}

/** Hears what was posted while trials that never wait kept the event loop from turning. */
function hearPosted(): void {
  for (;;) {
    // The port's other end is thread-pool.ts, which sends nothing else.
    const received = receiveMessageOnPort(port) as { readonly message: ToThread } | undefined;
    if (received === undefined) return;
    hear(received.message);
  }
}

port.on("message", hear);
port.unref();
parentPort?.postMessage(
  {
    type: "thread",
    threadId,
    port: port2,
    marks: marks.memory,
    worker,
    systemId: systemThreadId(),
  } satisfies ThreadHello,
  [port2],
);

noteUnseen();
const pending = (): PendingWatch => new PendingWatch();

/** Piscina hands over the next task while one runs: it starts when the first has ended, or only waits for the controller. */
export default function run(task: ThreadTask): Promise<unknown> {
  return new Promise((resolve) => {
    previous = previous.then(
      () =>
        new Promise<void>((next) => {
          runLease(task, next)
            .catch((error: unknown) => notBegun(error))
            .then(resolve)
            .finally(next);
        }),
    );
  });
}

/** Of a lease that could not be begun no unit can be named: the controller halves it until one is alone. */
function notBegun(error: unknown): ThreadAnswer {
  return {
    end: { busyMs: 0, guilty: null, broken: `could not begin: ${messageOf(error)}`, unloadable: null },
    batch: null,
  };
}

/** Replaces this thread once what its trials leave behind is too much: what it was handed meanwhile goes back untouched. */
function retireIfFull(): void {
  if (isRetiring || running.size > 0) return;
  const growth = leaks.look(performance.now());
  marks.take(leaks.heldMb);
  if (growth === null) return;
  isRetiring = true;
  const { fromMb, toMb } = growth;
  post({
    type: "notice",
    text: `worker ${worker} is replaced: what its trials leave behind has grown from ${fromMb} MB to ${toMb} MB (a leak across trials)`,
  });
  // The answer to the last lease goes first.
  setImmediate(() => setImmediate(() => process.exit(0)));
}

/** `onIdle` is called once another lease may start. */
async function runLease(task: ThreadTask, onIdle: () => void): Promise<unknown> {
  if (isRetiring) return untouched;
  const runtime = await jobOf(task.job).catch((error: unknown) => messageOf(error));
  if (typeof runtime === "string")
    return { end: { busyMs: 0, guilty: null, broken: null, unloadable: runtime }, batch: null };
  const onUnit = (scope: TrialScope | null): void => {
    if (scope === null) flushOutput();
    current = scope;
  };
  const isCancelled = (): boolean => {
    if (marks.wasCalled()) hearPosted();
    return cancelled.has(task.lease);
  };
  const chunk = chunkOf({
    lease: task,
    runtime,
    link: desk,
    marks,
    memory,
    awake: () => awake.ms,
    worker,
    isCancelled,
    onUnit,
    pending,
  });
  running.set(task.lease, chunk);
  void chunk.idle.then(onIdle);
  const { busyMs, batch } = await chunk.run();
  running.delete(task.lease);
  cancelled.delete(task.lease);
  retireIfFull();
  const answer: ThreadAnswer = { end: { busyMs, guilty: null, broken: null, unloadable: null }, batch };
  if (batch === null) return answer;
  return Piscina.move({
    get [Piscina.transferableSymbol](): ArrayBuffer[] {
      return transferOf(batch);
    },
    get [Piscina.valueSymbol](): ThreadAnswer {
      return answer;
    },
  } as never);
}

function jobOf(job: number): Promise<JobRuntime> {
  const known = jobs.get(job);
  if (known !== undefined) return known;
  const loading = new Promise<OpenedJob>((resolve) => {
    openings.set(job, resolve);
    post({ type: "need-opening", job });
  })
    .then(loadJob)
    .finally(() => post({ type: "loaded", job }));
  jobs.set(job, loading);
  return loading;
}

function log(scope: TrialScope | null, level: "info" | "warn" | "error", text: string): void {
  if (scope !== null) {
    scope.say(level, text);
    return;
  }
  const admitted = nobodys.admit(text);
  if (admitted !== null) post({ type: "log", lease: marks.lease, unit: -1, level, text: admitted });
}

function blame(error: unknown, words: string): void {
  const scope = unitContext.getStore();
  if (!failRunning(scope, error, words))
    log(scope ?? null, "error", `after the trial: ${words}: ${messageOf(error)}`);
}
