// Leases on worker threads: piscina pools whose tasks are whole leases, one for units that keep a thread busy and, once there are any,
// one for units that wait. Watches the threads' marks, ends a thread that overstays its unit's time-out, and names the unit that took a thread down.
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { Piscina } from "piscina";
import type {
  CallReply,
  EffectNews,
  LeaseEnd,
  LeaseMessage,
  WatchedUnit,
  WorkerReading,
} from "../protocol/protocol.ts";
import { timedOutWords } from "../protocol/time-out-words.ts";
import { WatchedUnits } from "../protocol/watched-units.ts";
import { AwakeClock } from "./awake-clock.ts";
import { CpuShares } from "./cpu-share.ts";
import type { LeaseRunner, OpenedJob, RunnerOptions } from "./lease-runner.ts";
import { FreedMemory, memoryVerdict } from "./memory-watch.ts";
import { ThreadMarks } from "./thread-marks.ts";
import type { FromThread, ThreadAnswer, ThreadData, ThreadHello, ToThread } from "./thread-messages.ts";

const compiled = fileURLToPath(new URL("../worker/worker.js", import.meta.url));
const workerFile = existsSync(compiled)
  ? compiled
  : fileURLToPath(new URL("../worker/worker.ts", import.meta.url));
/** A thread that gives no sign of life for a time-out and this long besides is ended. */
const graceMs = 250;
const watchMs = 50;
/** Looks at the threads' time between two at the memory of all. */
const looksAMemory = 4;
/** What a thread held comes back to the system within this time after its end, in ms. */
const freedMs = 2000;
/** New objects of a thread, in MB: trials leave little behind, and Node's own 48 would be touched by each thread for nothing. */
const youngMb = 32;

interface Thread {
  readonly id: number;
  readonly port: MessagePort;
  readonly marks: ThreadMarks;
  readonly worker: string;
  readonly systemId: number | null;
  /** The job whose code it loads; null for none. */
  loading: number | null;
  /** The last sign of life that was seen of it, and how long the process has been awake since, in ms. */
  sign: number;
  silentMs: number;
  /** Whether it was ended for what it held, and may still be seen for a while. */
  isEnding: boolean;
}

/** Why a lease ended with its thread. */
type ThreadEnding = Pick<LeaseEnd, "guilty" | "broken" | "unloadable">;

const blameless: ThreadEnding = { guilty: null, broken: null, unloadable: null };

export class ThreadPool implements LeaseRunner {
  readonly #options: RunnerOptions;
  readonly #data: ThreadData;
  readonly #busy: Piscina;
  /** For leases that wait for answers: a trial that computes for minutes holds up none of theirs, nor do they keep it from its thread. */
  #waiting: Piscina | null = null;
  readonly #threads = new Map<number, Thread>();
  readonly #jobs = new Map<number, OpenedJob>();
  readonly #leases = new Map<number, { readonly job: number; isCancelled: boolean }>();
  /** Which thread waits for the answer to a call. */
  readonly #calls = new Map<number, Thread>();
  readonly #endings = new Map<number, ThreadEnding>();
  readonly #watched = new WatchedUnits();
  readonly #shares = new CpuShares();
  readonly #watch: NodeJS.Timeout;
  readonly #awake: AwakeClock;
  readonly #onTooMuchMemory: (words: string) => void;
  #looks = 0;
  /** Of the process before any unit began, in MB. */
  #baseMb: number | null = null;
  readonly #freed = new FreedMemory(freedMs);

  /** `onTooMuchMemory` is called when the threads take too much and none of them can be blamed; then the process must end. */
  constructor(
    options: RunnerOptions,
    { onTooMuchMemory }: { readonly onTooMuchMemory: (words: string) => void },
  ) {
    this.#options = options;
    this.#onTooMuchMemory = onTooMuchMemory;
    const { host, memoryMb } = options;
    this.#data = { host, memoryMb, counters: new SharedArrayBuffer(16), watched: this.#watched.memory };
    this.#awake = new AwakeClock(this.#data.counters, 8);
    this.#busy = this.#opened();
    this.#watch = setInterval(() => this.#look(), watchMs);
  }

  #opened(): Piscina {
    const { threads, memoryMb, say } = this.#options;
    const pool = new Piscina({
      filename: workerFile,
      minThreads: threads,
      maxThreads: threads,
      idleTimeout: Number.POSITIVE_INFINITY,
      // A thread has its next lease in hand while it runs one; worker.ts starts it once all units of the first have started. Two more may
      // be there that were not known to wait when they came.
      concurrentTasksPerWorker: 4,
      atomics: "disabled",
      recordTiming: false,
      workerData: this.#data,
      resourceLimits: {
        maxYoungGenerationSizeMb: youngMb,
        ...(memoryMb !== null && { maxOldGenerationSizeMb: memoryMb }),
      },
    });
    // Authors can reach the parent port too, and post what they like: labwright's own first word has a port that none can forge.
    pool.on("message", (word: unknown) => {
      if (isHello(word)) this.#meet(word);
      else say({ type: "notice", text: "a trial posted a message to its parent port; nobody hears it" });
    });
    pool.on("error", (error: Error) =>
      say({ type: "notice", text: `a worker thread failed: ${error.message}` }),
    );
    // Who was guilty is read from the marks right after a thread's death; then they may go.
    pool.on("workerDestroy", ({ id }: { readonly id: number }) => {
      const thread = this.#threads.get(id);
      if (thread !== undefined) setTimeout(() => this.#forget(thread), 1000).unref();
    });
    return pool;
  }

  #pools(): readonly Piscina[] {
    return this.#waiting === null ? [this.#busy] : [this.#busy, this.#waiting];
  }

  open(job: OpenedJob): void {
    this.#jobs.set(job.opening.index, job);
  }

  async run(lease: LeaseMessage): Promise<LeaseEnd> {
    const started = performance.now();
    this.#leases.set(lease.lease, { job: lease.job, isCancelled: false });
    try {
      if (lease.waits) this.#waiting ??= this.#opened();
      const pool = (lease.waits ? this.#waiting : null) ?? this.#busy;
      const answer: ThreadAnswer = await pool.run(lease);
      this.#drainPorts();
      if (answer.batch !== null)
        this.#options.say({ type: "records", lease: lease.lease, batch: answer.batch });
      return answer.end;
    } catch (error) {
      this.#drainPorts();
      return { busyMs: performance.now() - started, ...this.#blame(lease.lease, error) };
    } finally {
      this.#leases.delete(lease.lease);
    }
  }

  reply(reply: CallReply): void {
    const thread = this.#calls.get(reply.call);
    this.#calls.delete(reply.call);
    thread?.port.postMessage(reply satisfies ToThread);
  }

  hear(news: EffectNews): void {
    this.#calls.get(news.call)?.port.postMessage(news satisfies ToThread);
  }

  cancel(lease: number): void {
    const held = this.#leases.get(lease);
    if (held === undefined) return;
    held.isCancelled = true;
    // Which thread has it, or will have it, only piscina knows.
    for (const thread of this.#threads.values()) tellCancelled(thread, lease);
  }

  watch(units: readonly WatchedUnit[]): void {
    this.#watched.set(units);
  }

  readings(): readonly WorkerReading[] {
    return [...this.#threads.values()].map(({ worker, systemId, marks }) => ({
      worker,
      cpu: this.#shares.ofThread(systemId),
      heldMb: marks.takenMb,
      running: marks.lease === 0 ? 0 : marks.running,
    }));
  }

  async close(): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.#pools().map((pool) => pool.destroy()));
  }

  #meet(hello: ThreadHello): void {
    const marks = new ThreadMarks(hello.marks);
    const { worker, systemId } = hello;
    const thread: Thread = {
      id: hello.threadId,
      port: hello.port,
      marks,
      worker,
      systemId,
      loading: null,
      sign: 0,
      silentMs: 0,
      isEnding: false,
    };
    this.#threads.set(thread.id, thread);
    thread.port.on("message", (message: FromThread) => this.#hear(thread, message));
    for (const [lease, { isCancelled }] of this.#leases) if (isCancelled) tellCancelled(thread, lease);
  }

  #hear(thread: Thread, message: FromThread): void {
    switch (message.type) {
      case "need-opening": {
        const opened = this.#jobs.get(message.job);
        if (opened === undefined) return;
        thread.loading = message.job;
        thread.port.postMessage({ type: "opening", job: message.job, opened } satisfies ToThread);
        return;
      }
      case "loaded":
        thread.loading = null;
        return;
      case "effect-request":
      case "effect-response":
      case "checkpoint":
      case "restore":
      case "artifact":
        this.#calls.set(message.call, thread);
        this.#options.say(message);
        return;
      default:
        this.#options.say(message);
        return;
    }
  }

  /** A thread's messages and its answer come on two ports; what it said before its answer must be heard before it. */
  #drainPorts(): void {
    for (const thread of this.#threads.values()) {
      for (;;) {
        // The port's other end is worker.ts, which sends nothing else.
        const received = receiveMessageOnPort(thread.port) as { readonly message: FromThread } | undefined;
        if (received === undefined) break;
        this.#hear(thread, received.message);
      }
    }
  }

  #look(): void {
    const now = steadyMs();
    const passedMs = this.#awake.tick(now);
    this.#looks += 1;
    for (const thread of this.#threads.values()) hearSign(thread, passedMs);
    if (this.#looks % looksAMemory === 0) this.#weigh(now);
    for (const thread of this.#threads.values()) {
      const { marks } = thread;
      const lease = this.#leases.get(marks.lease);
      if (lease === undefined || marks.running === 0) continue;
      const timeoutMs = this.#jobs.get(lease.job)?.opening.timeoutMs ?? null;
      if (timeoutMs === null) continue;
      // A unit that waits is given up by its own thread, which knows how long it has stood in a queue.
      if (thread.silentMs <= timeoutMs + graceMs) continue;
      const durationMs = now - marks.sinceMs;
      const message = timedOutWords(timeoutMs);
      this.#terminate(thread, {
        guilty: { unit: marks.unit, reason: "time-out", message, durationMs },
        broken: `one of ${marks.running} trials in a thread ${message} without a pause`,
      });
    }
  }

  /** Ends a thread whose units, or the only one of them, take more memory than they may. */
  #weigh(now: number): void {
    const { memoryMb } = this.#options;
    if (memoryMb === null) return;
    const residentMb = process.memoryUsage.rss() / 2 ** 20 - this.#freed.at(now);
    const threads = [...this.#threads.values()].map((thread) => ({
      thread,
      running: thread.isEnding ? 0 : thread.marks.running,
      silentMs: thread.silentMs,
      heldMb: thread.marks.heldMb,
    }));
    this.#baseMb ??= residentMb;
    const verdict = memoryVerdict({ residentMb, baseMb: this.#baseMb, limitMb: memoryMb, threads });
    if (verdict.kind === "within") return;
    if (verdict.kind === "unknown") {
      const allowed = `${threads.length} x ${memoryMb} MB allowed`;
      this.#onTooMuchMemory(`trials took ${Math.round(residentMb - this.#baseMb)} MB, ${allowed}`);
      return;
    }
    const { thread, heldMb } = verdict.thread;
    // One that was silent has not said what it holds: all that the process has grown by is taken for its.
    this.#freed.add(heldMb > memoryMb ? heldMb : residentMb - this.#baseMb, now);
    thread.isEnding = true;
    const message = tooMuchMemory(memoryMb);
    const durationMs = now - thread.marks.sinceMs;
    this.#terminate(thread, {
      guilty: { unit: thread.marks.unit, reason: "memory", message, durationMs },
      broken: `one of ${thread.marks.running} trials in a thread ${message}`,
    });
  }

  /** Ends a thread: of several units that run in it none can be named. */
  #terminate({ id, marks }: Thread, { guilty, broken }: Pick<LeaseEnd, "guilty" | "broken">): void {
    this.#endings.set(marks.lease, marks.running === 1 ? { ...blameless, guilty } : { ...blameless, broken });
    for (const pool of this.#pools()) void pool.threads.find(({ threadId }) => threadId === id)?.terminate();
  }

  /** Who took the thread of a lease down: the unit it ran, unless it ran several or had not started this lease. */
  #blame(leaseId: number, error: unknown): ThreadEnding {
    const ending = this.#endings.get(leaseId);
    this.#endings.delete(leaseId);
    const thread = [...this.#threads.values()].find(({ marks }) => marks.lease === leaseId);
    if (thread !== undefined) this.#forget(thread);
    if (ending !== undefined) return ending;
    if (thread === undefined) return this.#blameLoading(this.#leases.get(leaseId)?.job, error);
    const { marks } = thread;
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const isMemory = code === "ERR_WORKER_OUT_OF_MEMORY";
    const message = isMemory
      ? tooMuchMemory(this.#options.memoryMb)
      : `ended its thread: ${error instanceof Error ? error.message : String(error)}`;
    if (marks.running !== 1) return { ...blameless, broken: `a trial ${message}` };
    const durationMs = steadyMs() - marks.sinceMs;
    return {
      ...blameless,
      guilty: { unit: marks.unit, reason: isMemory ? "memory" : "crash", message, durationMs },
    };
  }

  /** A lease that had not begun is not to blame, unless its thread died over the code of its job. */
  #blameLoading(job: number | undefined, error: unknown): ThreadEnding {
    const isAlive = ({ id }: Thread): boolean =>
      this.#pools().some(({ threads }) => threads.some(({ threadId }) => threadId === id));
    for (const thread of this.#threads.values()) {
      if (job === undefined || thread.loading !== job || isAlive(thread)) continue;
      const how = error instanceof Error ? error.message : String(error);
      return { ...blameless, unloadable: `loading it ended its thread: ${how}` };
    }
    return blameless;
  }

  #forget(thread: Thread): void {
    this.#threads.delete(thread.id);
    for (const [call, caller] of this.#calls) if (caller === thread) this.#calls.delete(call);
    thread.port.close();
  }
}

/** Milliseconds since the epoch as the process began, which nobody sets: worker threads count in the same. */
function steadyMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Counts how long a thread has given no new sign of life. */
function hearSign(thread: Thread, passedMs: number): void {
  const { aliveMs } = thread.marks;
  thread.silentMs = aliveMs === thread.sign ? thread.silentMs + passedMs : 0;
  thread.sign = aliveMs;
}

/** Posted first: the thread looks for it once it is called. */
function tellCancelled({ port, marks }: Thread, lease: number): void {
  port.postMessage({ type: "cancel", lease } satisfies ToThread);
  marks.call();
}

function tooMuchMemory(limitMb: number | null): string {
  return `needed more memory than the ${limitMb === null ? "heap of its thread has" : `${limitMb} MB allowed`}`;
}

function isHello(word: unknown): word is ThreadHello {
  return (
    typeof word === "object" &&
    word !== null &&
    "port" in word &&
    word.port instanceof MessagePort &&
    "marks" in word &&
    word.marks instanceof SharedArrayBuffer
  );
}
