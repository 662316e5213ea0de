// The units of one lease, one after the other; while one waits for a performer of the controller, the next may start. Records are
// sealed at the end, and before whenever much has gathered, so that little is lost with a host.
import { AsyncLocalStorage } from "node:async_hooks";
import type { BatchBuilder } from "../../record/batch-builder.ts";
import { createBatchBuilder } from "../../record/record-batch.ts";
import type { ThreadMarks, WaitingUnit } from "../host/thread-marks.ts";
import type { LeaseMessage } from "../protocol/protocol.ts";
import { timedOutWords } from "../protocol/time-out-words.ts";
import { type HeldMemory, heldMb } from "./held-memory.ts";
import type { JobRuntime } from "./job-runtime.ts";
import type { PendingWatch } from "./pending-watch.ts";
import { undoPatches, withPristine } from "./pristine.ts";
import { settlePlain, settleUnit, type UnitEnding, type UnitSink } from "./run-unit.ts";
import { TrialScope, type UnitPlace } from "./unit/trial-scope.ts";
import { UnitClock } from "./unit/unit-clock.ts";
import { messageOf, stackOf } from "./unit/unit-failure.ts";
import type { UnitLink } from "./unit/unit-link.ts";

/** Records are sent on after this long or with this many series rows, whatever comes first. */
const sendAfterMs = 100;
const sendAfterSeriesRows = 20_000;
/** How often a thread whose units wait says that its event loop turns. */
const beatMs = 50;
/** Beats between two readings of what the thread holds. */
const beatsAReading = 10;
/** Of units that took longer than this the record says how much memory their thread held at most, in ms. */
const longUnitMs = 5000;
/** Beats between two looks for units that can never settle. */
const beatsAWatch = 20;
/** Units of a lease that wait at once at most. */
const waitingMax = 512;

/** Which unit runs: for output and for errors that come out of nowhere. Set only around functions that wait. */
export const unitContext = new AsyncLocalStorage<TrialScope>();

export interface ChunkOptions {
  readonly lease: LeaseMessage;
  readonly runtime: JobRuntime;
  readonly link: UnitLink;
  readonly marks: ThreadMarks;
  /** Whether the lease was cancelled; asked before each unit. */
  readonly isCancelled: () => boolean;
  /** Milliseconds that the process has been awake. */
  readonly awake: () => number;
  /** What the thread holds; null, or absent, where nobody asks. */
  readonly memory?: HeldMemory | null;
  /** Host and thread, such as "local-1/2". */
  readonly worker: string;
  /** Makes a watch over what is pending in this thread; left out where the thread is not labwright's alone. */
  readonly pending?: () => PendingWatch;
  /** Called when a unit starts and when it ends. */
  readonly onUnit?: (scope: TrialScope | null) => void;
}

interface ChunkEnd {
  readonly busyMs: number;
  /** Records not sent on before. */
  readonly batch: Uint8Array | null;
}

/** The units of one lease, not yet started: trials that return at once run to the end within `run`. */
export interface PreparedChunk {
  run(): Promise<ChunkEnd>;
  /** Resolves once no unit is left to start and those that have started have ended or wait for the controller. */
  readonly idle: Promise<void>;
  /** Ends it early; units that wait are recorded as cancelled and told through their signal. */
  cancel(): void;
}

export function chunkOf(options: ChunkOptions): PreparedChunk {
  return new Chunk(options);
}

/** Milliseconds since the epoch, finer than Date.now. */
const clock = (): number => origin + performance.now();
const origin = performance.timeOrigin;

/** Jobs whose function returned a promise once: from then on its units run in a context of their own. */
const waitingJobs = new WeakSet<JobRuntime>();

/** Builders that no chunk fills now. Each chunk ends with a seal, so they can fill the same columns one after the other. */
const builders = new WeakMap<JobRuntime, BatchBuilder[]>();

class Chunk implements PreparedChunk {
  readonly #options: ChunkOptions;
  readonly #place: UnitPlace;
  readonly #sink: UnitSink;
  readonly #started = clock();
  readonly #waiting = new Map<TrialScope, (ending: UnitEnding) => void>();
  #deadline: number;
  #sentAt = this.#started;
  #isCancelled = false;
  /** When the last unit ended. */
  #now = this.#started;
  /** Whether units get a context of their own, by which their output and late errors are known. */
  #mayWait: boolean;
  #beat: NodeJS.Timeout | undefined;
  /** Called when a unit that waited has ended. */
  #onEnd: () => void = () => undefined;
  #giveIdle: () => void = () => undefined;
  readonly idle: Promise<void>;

  constructor(options: ChunkOptions) {
    const { lease, runtime, link, worker } = options;
    this.#options = options;
    this.idle = new Promise((resolve) => {
      this.#giveIdle = resolve;
    });
    this.#place = {
      runtime,
      link,
      lease: lease.lease,
      attempt: lease.attempt,
      conditionOf: runtime.conditionsOf(lease.conditions),
      inputsOf: inputReaderOf(lease),
    };
    const { metrics } = runtime;
    const free = builders.get(runtime) ?? [];
    builders.set(runtime, free);
    const builder = free.pop() ?? createBatchBuilder({ job: lease.job, metrics: metrics.names, worker });
    this.#sink = { runtime, attempt: lease.attempt, builder, codes: new Float64Array(metrics.names.length) };
    this.#mayWait = waitingJobs.has(runtime) || runtime.run.constructor.name === "AsyncFunction";
    this.#deadline = this.#started + (lease.budgetMs ?? Number.POSITIVE_INFINITY);
  }

  async run(): Promise<ChunkEnd> {
    const { lease, marks, runtime } = this.#options;
    marks.beginLease(lease.lease, this.#started);
    await this.#startEach();
    this.#giveIdle();
    await this.#roomFor(0);
    clearInterval(this.#beat);
    marks.endLease(lease.lease);
    const { builder } = this.#sink;
    const batch = builder.rows > 0 ? withPristine(() => builder.seal(memoryMb())) : null;
    builders.get(runtime)?.push(builder);
    return { busyMs: clock() - this.#started, batch };
  }

  cancel(): void {
    this.#isCancelled = true;
    for (const give of this.#waiting.values()) give({ kind: "cancelled", message: "the run was stopped" });
  }

  async #startEach(): Promise<void> {
    for (const [first, count] of this.#options.lease.units) {
      for (let unit = first; unit < first + count; unit++) {
        if (this.#mustStop(this.#now)) return;
        const waits = this.#runUnit(unit, this.#now);
        if (waits === null) continue;
        await waits;
        if (this.#waiting.size >= waitingMax) await this.#roomFor(waitingMax - 1);
        this.#now = clock();
        // The budget bounds work: a thread full of units that wait has done little, and is to take its whole lease.
        if (this.#waiting.size > 0)
          this.#deadline = this.#now + (this.#options.lease.budgetMs ?? Number.POSITIVE_INFINITY);
      }
    }
  }

  /** Resolves when no more than so many units are waiting. */
  async #roomFor(waiting: number): Promise<void> {
    while (this.#waiting.size > waiting)
      await new Promise<void>((resolve) => {
        this.#onEnd = resolve;
      });
  }

  #mustStop(now: number): boolean {
    return this.#isCancelled || now > this.#deadline || this.#options.isCancelled();
  }

  /** Null when the unit has ended already; else resolves once it has, or once another may start. */
  #runUnit(unit: number, startedAt: number): Promise<void> | null {
    const { runtime, marks, onUnit, lease } = this.#options;
    const scope = new TrialScope(this.#place, unit);
    marks.beginUnit(lease.lease, unit, startedAt);
    if (onUnit !== undefined) onUnit(scope);
    let returned: unknown;
    let then: Then | null;
    try {
      // The scope has the members of both contexts; the author's function takes the one of its stage.
      returned = this.#mayWait ? runWithin(scope, runtime) : runtime.run(scope as never);
      then = thenOf(returned);
    } catch (error) {
      if (scope.leaving !== null) return this.#wait(scope, waitingFor(Promise.reject(error)), startedAt);
      this.#settle(scope, { kind: "thrown", error }, startedAt, null);
      return null;
    }
    // What it left is on its way still.
    if (then === null && scope.leaving !== null)
      return this.#wait(scope, waitingFor(Promise.resolve(returned)), startedAt);
    if (then !== null) {
      waitingJobs.add(runtime);
      this.#mayWait = true;
      const ended = this.#wait(scope, { promise: returned, then }, startedAt);
      return new Promise((resolve) => {
        void ended.then(resolve);
        scope.ownEffects.onAwait(resolve);
      });
    }
    const now = clock();
    if (now - startedAt > longUnitMs) scope.notePeak(heldMb());
    if (settlePlain(scope, returned, startedAt, now - startedAt, this.#sink)) this.#afterUnit(now, null);
    else this.#settle(scope, { kind: "returned", value: returned }, startedAt, null);
    return null;
  }

  async #wait(scope: TrialScope, { promise, then }: Pending, startedAt: number): Promise<void> {
    const { timeoutMs } = this.#options.runtime.opening;
    const { marks } = this.#options;
    const mark = marks.unitWaits();
    this.#beat ??= this.#startBeat();
    let timer: UnitClock | null = null;
    const ending = await new Promise<UnitEnding>((give) => {
      this.#waiting.set(scope, give);
      // An author's own `then` may throw, or call back more than once: the first word counts.
      try {
        Reflect.apply(then, promise, [
          (value: unknown) => whenLeft(scope, () => give({ kind: "returned", value })),
          (error: unknown) => whenLeft(scope, () => give({ kind: "thrown", error })),
        ]);
      } catch (error) {
        give({ kind: "thrown", error });
      }
      if (timeoutMs === null) return;
      const message = timedOutWords(timeoutMs);
      timer = new UnitClock({
        limitMs: timeoutMs,
        awake: this.#options.awake,
        onOver: () => give({ kind: "failed", reason: "time-out", message }),
      });
      scope.ownEffects.govern(timer);
    });
    // Assigned in the executor above, which the compiler does not follow.
    (timer as UnitClock | null)?.stop();
    this.#waiting.delete(scope);
    this.#settle(scope, ending, startedAt, mark);
    if (ending.kind === "failed" || ending.kind === "cancelled") scope.abort(ending.message);
    this.#onEnd();
  }

  #startBeat(): NodeJS.Timeout {
    const { marks, pending, link, memory } = this.#options;
    let watch: PendingWatch | null = null;
    let beats = 0;
    const beat = setInterval(() => {
      marks.beat(clock());
      if (memory != null && this.#waiting.size > 0) marks.hold(memory.look());
      beats += 1;
      if (beats % beatsAReading === 0) this.#read();
      if (watch === null || beats % beatsAWatch !== 0) return;
      // The answer to a call comes from outside the thread.
      if (this.#waiting.size > 0 && link.pending === 0 && watch.isStuck()) this.#giveUp();
    }, beatMs);
    // It must not count for something that the units wait for, nor for a timer of theirs that the watch cannot see.
    beat.unref();
    watch = pending?.() ?? null;
    return beat;
  }

  /** Notes what the thread holds while units wait. */
  #read(): void {
    const held = heldMb();
    this.#options.marks.take(held);
    for (const scope of this.#waiting.keys()) scope.notePeak(held);
  }

  /** Ends the units that wait for what will never come. */
  #giveUp(): void {
    const message =
      "never settles: it waits, and nothing is pending that could end the wait (no timer, request or effect)";
    for (const give of this.#waiting.values()) give({ kind: "failed", reason: "thrown", message });
  }

  #settle(scope: TrialScope, ending: UnitEnding, startedAt: number, mark: WaitingUnit | null): void {
    const now = clock();
    undoPatches();
    if (now - startedAt > longUnitMs) scope.notePeak(heldMb());
    else scope.dropPeak();
    settleUnit(scope, ending, { startedAt, durationMs: now - startedAt }, this.#sink);
    this.#afterUnit(now, mark);
  }

  #afterUnit(now: number, mark: WaitingUnit | null): void {
    const { marks, memory, onUnit } = this.#options;
    this.#now = now;
    marks.endUnit(mark);
    if (memory != null) memory.between(now);
    if (onUnit !== undefined) onUnit(null);
    if (now - this.#sentAt > sendAfterMs || this.#sink.builder.seriesRows > sendAfterSeriesRows)
      this.#send(now);
  }

  #send(now: number): void {
    const { link, lease } = this.#options;
    const { builder } = this.#sink;
    const batch = withPristine(() => builder.seal(memoryMb()));
    this.#sentAt = now;
    link.say({ type: "records", lease: lease.lease, batch }, transferOf(batch));
  }
}

function runWithin(scope: TrialScope, runtime: JobRuntime): unknown {
  return unitContext.run(scope, () => runtime.run(scope as never));
}

/** Fails the unit that an error out of nowhere belongs to, if it still runs. Returns false when it does not. */
export function failRunning(scope: TrialScope | undefined, error: unknown, words: string): boolean {
  if (scope === undefined || scope.isOver) return false;
  const failure = scope.fail("thrown", `${words}: ${messageOf(error)}`);
  const stack = stackOf(error);
  if (stack !== null) failure.stack = stack;
  return true;
}

/** The buffer of a batch, when it is the batch's alone. */
export function transferOf(batch: Uint8Array): ArrayBuffer[] {
  return batch.buffer instanceof ArrayBuffer && batch.byteLength === batch.buffer.byteLength
    ? [batch.buffer]
    : [];
}

/** Reading the process's memory takes milliseconds where batches are sealed thousands of times a minute. */
const memoryKeptMs = 100;
let memory = { atMs: Number.NEGATIVE_INFINITY, mb: 0 };

function memoryMb(): number {
  const now = performance.now();
  if (now - memory.atMs > memoryKeptMs)
    memory = { atMs: now, mb: Math.round(process.memoryUsage.rss() / 2 ** 20) };
  return memory.mb;
}

type Then = (...args: never[]) => unknown;

/** What a unit waits for. */
interface Pending {
  readonly promise: unknown;
  readonly then: Then;
}

function waitingFor(promise: Promise<unknown>): Pending {
  const { then } = promise;
  return { promise, then };
}

/** A unit has not ended before what it left behind is kept. */
function whenLeft(scope: TrialScope, then: () => void): void {
  const { leaving } = scope;
  if (leaving === null) then();
  else void leaving.then(then);
}

/** What makes a value a promise, read once; null where it is none. May throw, as reading what an author made may. */
function thenOf(value: unknown): Then | null {
  if (typeof value !== "object" || value === null) return null;
  const then: unknown = Reflect.get(value, "then");
  // Every function can be called with any arguments.
  return typeof then === "function" ? (then as Then) : null;
}

/** Reads a lease's inputs for one of its units, by the unit's position in the lease. */
function inputReaderOf(lease: LeaseMessage): (unit: number) => Readonly<Record<string, unknown>> {
  const { inputs, units } = lease;
  const positionOf = (unit: number): number => {
    let before = 0;
    for (const [first, count] of units) {
      if (unit >= first && unit < first + count) return before + unit - first;
      before += count;
    }
    throw new Error(`unit ${unit} is not in lease ${lease.lease}`);
  };
  return (unit) => {
    const position = inputs.some(({ of }) => of !== "same") ? positionOf(unit) : 0;
    return Object.fromEntries(
      inputs.map(({ input, values, of }) => [input, values[of === "same" ? 0 : (of[position] ?? 0)]]),
    );
  };
}
