// A host in this very thread: the same protocol without threads or processes, for replaying a trial under a debugger and for
// tests. What a trial prints goes to the terminal, and a crash is a crash.

import type { ExperimentDefinition } from "../../../lib/experiment/definition.ts";
import type {
  CallReply,
  EffectQueue,
  Executor,
  FromHost,
  Host,
  HostListener,
  JobOpening,
  LeaseMessage,
  ToHost,
} from "../protocol/protocol.ts";
import { type JobRuntime, jobRuntimeOf, loadJob } from "../worker/job-runtime.ts";
import { chunkOf, failedLease, type PreparedChunk } from "../worker/run-chunk.ts";
import { messageOf } from "../worker/unit-failure.ts";
import { CallDesk } from "../worker/unit-link.ts";
import { HostSession } from "./host-session.ts";
import type { LeaseEnd, LeaseRunner, RunnerOptions, RunningUnit } from "./lease-runner.ts";
import { ThreadMarks } from "./thread-marks.ts";

export interface InlineOptions {
  /** Definitions at hand, by the bundle's path; others are imported from it. */
  readonly definitions?: ReadonlyMap<string, ExperimentDefinition>;
}

/** Runs trials in this thread, one lease at a time. */
export function inlineExecutor(options: InlineOptions = {}): Executor {
  return {
    name: "inline",
    survivesCrash: false,
    start: async (name, listener) => startInlineHost(name, listener, options),
  };
}

function startInlineHost(name: string, listener: HostListener, options: InlineOptions): Host {
  let isOpen = true;
  const deliver = (message: FromHost): void => {
    if (isOpen) listener.onMessage(message);
  };
  const leave = (cause: "exit" | "killed"): void => {
    if (!isOpen) return;
    isOpen = false;
    void session.close();
    listener.onExit({ cause, reason: cause === "exit" ? "ended with exit code 0" : "was killed" });
  };
  const session = new HostSession({
    send: (message) => queueMicrotask(() => deliver(message)),
    runnerOf: (runner) => new InlineRunner(runner, options),
    onDrained: () => queueMicrotask(() => leave("exit")),
  });
  return {
    name,
    send: (message: ToHost) => queueMicrotask(() => session.receive(message)),
    kill: () => queueMicrotask(() => leave("killed")),
  };
}

class InlineRunner implements LeaseRunner {
  readonly #options: RunnerOptions;
  readonly #definitions: ReadonlyMap<string, ExperimentDefinition>;
  readonly #openings = new Map<number, JobOpening>();
  readonly #jobs = new Map<number, Promise<JobRuntime>>();
  readonly #marks = new ThreadMarks();
  readonly #desk: CallDesk;
  readonly #running = new Map<number, PreparedChunk>();
  #previous: Promise<unknown> = Promise.resolve();
  #calls = 0;
  #isClosed = false;

  constructor(options: RunnerOptions, { definitions }: InlineOptions) {
    this.#options = options;
    this.#definitions = definitions ?? new Map();
    const nextCall = (): number => {
      this.#calls += 1;
      return this.#calls;
    };
    this.#desk = new CallDesk({ post: options.say, nextCall });
  }

  open(opening: JobOpening): void {
    this.#openings.set(opening.job, opening);
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

  queue({ call, isWaiting }: EffectQueue): void {
    this.#desk.queue(call, isWaiting);
  }

  cancel(lease: number): void {
    this.#marks.cancel(lease);
    this.#running.get(lease)?.cancel();
  }

  running(): readonly RunningUnit[] {
    const { lease, unit, running, sinceMs } = this.#marks;
    return lease === 0 || running === 0 ? [] : [{ lease, unit, sinceMs: Date.now() - sinceMs }];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const chunk of this.#running.values()) chunk.cancel();
  }

  /** `onIdle` is called once another lease may start. */
  async #runLease(lease: LeaseMessage, onIdle: () => void): Promise<LeaseEnd> {
    // The controller's turn: this thread has only one event loop for all.
    await new Promise(setImmediate);
    if (this.#isClosed) return { busyMs: 0, guilty: null, broken: null };
    const worker = `${this.#options.host}/1`;
    try {
      const runtime = await this.#job(lease.job);
      const chunk = chunkOf({ lease, runtime, link: this.#desk, marks: this.#marks, worker });
      this.#running.set(lease.lease, chunk);
      void chunk.idle.then(onIdle);
      const { busyMs, batch } = await chunk.run();
      this.#running.delete(lease.lease);
      if (batch !== null) this.#options.say({ type: "records", lease: lease.lease, batch });
      return { busyMs, guilty: null, broken: null };
    } catch (error) {
      const batch = failedLease(lease, worker, `its code could not be loaded: ${messageOf(error)}`);
      this.#options.say({ type: "records", lease: lease.lease, batch });
      return { busyMs: 0, guilty: null, broken: null };
    }
  }

  #job(job: number): Promise<JobRuntime> {
    const opening = this.#openings.get(job);
    if (opening === undefined) throw new Error(`job ${job} was leased before it was opened`);
    const known = this.#jobs.get(job);
    if (known !== undefined) return known;
    const definition = this.#definitions.get(opening.bundle);
    const loading =
      definition === undefined ? loadJob(opening) : Promise.resolve(jobRuntimeOf(opening, definition));
    this.#jobs.set(job, loading);
    return loading;
  }
}
