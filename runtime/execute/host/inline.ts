// A host in this very thread: the same protocol without threads or processes, for replaying a trial under a debugger and for
// tests. What a trial prints goes to the terminal, and a crash is a crash.

import type { Executor, Host, HostDemand, HostDoor, HostListener } from "../protocol/executor.ts";
import type {
  CallReply,
  EffectNews,
  FromHost,
  LeaseEnd,
  LeaseMessage,
  ToHost,
  WatchedUnit,
} from "../protocol/protocol.ts";
import { WatchedUnits } from "../protocol/watched-units.ts";
import { type JobRuntime, loadJob } from "../worker/job-runtime.ts";
import { chunkOf, type PreparedChunk } from "../worker/run-chunk.ts";
import { messageOf } from "../worker/unit/unit-failure.ts";
import { CallDesk } from "../worker/unit/unit-link.ts";
import { HostSession } from "./host-session.ts";
import type { LeaseRunner, OpenedJob, RunnerOptions } from "./lease-runner.ts";
import { localPatience } from "./local-host.ts";
import { ThreadMarks } from "./thread-marks.ts";

/** Runs trials in this thread, one lease at a time. */
export function inlineExecutor(): Executor {
  // Over all that it opens: no two hosts of a run have one name.
  let started = 0;
  return {
    name: "inline",
    patience: localPatience,
    open(demand, door) {
      let isOpen = true;
      const start = (): void => {
        if (!isOpen) return;
        started += 1;
        startInlineHost(`inline-${started}`, { demand, door, onGone: () => queueMicrotask(start) });
      };
      for (let i = 0; i < demand.hosts; i++) queueMicrotask(start);
      return {
        close() {
          isOpen = false;
        },
      };
    },
  };
}

function startInlineHost(
  name: string,
  of: {
    readonly demand: HostDemand;
    readonly door: HostDoor;
    readonly onGone: () => void;
  },
): void {
  let isOpen = true;
  let listener: HostListener | null = null;
  const deliver = (message: FromHost): void => {
    if (isOpen) listener?.onMessage(message);
  };
  const leave = (reason: string): void => {
    if (!isOpen) return;
    isOpen = false;
    void session.close();
    listener?.onExit({ reason });
    of.onGone();
  };
  const { threads, memoryMb, code } = of.demand;
  const session = new HostSession({
    host: { threads, memoryMb, labels: {}, code },
    send: (message) => queueMicrotask(() => deliver(message)),
    runnerOf: (runner) => new InlineRunner(runner),
    onDrained: () => queueMicrotask(() => leave("ended with exit code 0")),
  });
  const host: Host = {
    name,
    send: (message: ToHost) => queueMicrotask(() => session.receive(message)),
    kill: () => queueMicrotask(() => leave("was killed")),
  };
  listener = of.door.onHost(host);
}

class InlineRunner implements LeaseRunner {
  readonly #options: RunnerOptions;
  readonly #opened = new Map<number, OpenedJob>();
  readonly #jobs = new Map<number, Promise<JobRuntime>>();
  readonly #marks = new ThreadMarks();
  readonly #watched = new WatchedUnits();
  readonly #desk: CallDesk;
  readonly #running = new Map<number, PreparedChunk>();
  readonly #cancelled = new Set<number>();
  #previous: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #isClosed = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
    const nextCall = (): number => {
      this.#calls += 1;
      return this.#calls;
    };
    this.#desk = new CallDesk({ post: options.say, nextCall, watched: this.#watched });
  }

  open(job: OpenedJob): void {
    this.#opened.set(job.opening.index, job);
  }

  run(lease: LeaseMessage): Promise<LeaseEnd> {
    return new Promise((resolve, reject) => {
      this.#previous = this.#previous.then(
        () =>
          new Promise<void>((next) => {
            this.#runLease(lease, next).then(resolve, reject).finally(next);
          }),
      );
    });
  }

  reply(reply: CallReply): void {
    this.#desk.answer(reply);
  }

  hear(news: EffectNews): void {
    this.#desk.hear(news);
  }

  cancel(lease: number): void {
    this.#cancelled.add(lease);
    this.#running.get(lease)?.cancel();
  }

  watch(units: readonly WatchedUnit[]): void {
    this.#watched.set(units);
  }

  readings(): readonly [] {
    return [];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const chunk of this.#running.values()) chunk.cancel();
  }

  /** `onIdle` is called once another lease may start. */
  async #runLease(lease: LeaseMessage, onIdle: () => void): Promise<LeaseEnd> {
    // The controller's turn: this thread has only one event loop for all.
    await new Promise(setImmediate);
    const nothing: LeaseEnd = { busyMs: 0, guilty: null, broken: null, unloadable: null };
    if (this.#isClosed) return nothing;
    const runtime = await this.#job(lease.job).catch((error: unknown) => messageOf(error));
    if (typeof runtime === "string") return { ...nothing, unloadable: runtime };
    const worker = `${this.#options.host}/1`;
    const isCancelled = (): boolean => this.#cancelled.has(lease.lease);
    const chunk = chunkOf({
      lease,
      runtime,
      link: this.#desk,
      marks: this.#marks,
      worker,
      isCancelled,
      awake: () => performance.now(),
    });
    this.#running.set(lease.lease, chunk);
    void chunk.idle.then(onIdle);
    try {
      const { busyMs, batch } = await chunk.run();
      if (batch !== null) this.#options.say({ type: "records", lease: lease.lease, batch });
      return { ...nothing, busyMs };
    } finally {
      this.#running.delete(lease.lease);
      this.#cancelled.delete(lease.lease);
    }
  }

  #job(index: number): Promise<JobRuntime> {
    const opened = this.#opened.get(index);
    if (opened === undefined) throw new Error(`job ${index} was leased before it was opened`);
    const loading = this.#jobs.get(index) ?? loadJob(opened);
    this.#jobs.set(index, loading);
    return loading;
  }
}
