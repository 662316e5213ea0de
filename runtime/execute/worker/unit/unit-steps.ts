// The loop of a trial of many steps. Steps run in blocks of a few milliseconds between two looks at the clock, so that a step of ten
// nanoseconds costs no more than it must; states are on their way to the store while the next steps go on.
import { deserialize } from "node:v8";
import type { StepsOptions } from "../../../../lib/experiment/steps.ts";
import type { StepsDone } from "../../protocol/protocol.ts";
import { eventLoopTurn } from "../event-loop-turn.ts";
import { never } from "../never.ts";
import { type Pace, paceOf } from "./checkpoint-pace.ts";

/** A state made into bytes. */
export interface Snapshot {
  readonly bytes: number;
  /** Resolves once it is in the store, or with why it is not. */
  send(): Promise<string | null>;
}

interface SavedStates {
  load(): Promise<{ readonly state: Uint8Array; readonly steps: StepsDone | null } | null>;
  snapshot(state: unknown, of: { readonly steps: StepsDone; readonly keep: number }): Snapshot;
}

/** The unit whose loop it is. */
export interface SteppingUnit {
  readonly checkpoints: SavedStates;
  /** Whether the unit has its outcome: its loop must end. */
  isOver(): boolean;
  tell(at: { readonly steps: StepsDone; readonly perSecond: number; readonly saved: SavedAt | null }): void;
  warn(text: string): void;
  /** Throws where the state saved last is the one that the unit is to end with. */
  endIfLast(): void;
}

interface SavedAt {
  readonly done: number;
  readonly bytes: number;
}

/** A block of steps should take about this long, between a quarter of it and all of it. */
const blockMs = 8;
const tellMs = 500;
/** The event loop turns at least this often, if a step is not longer. */
const turnMs = 25;
/** The rate looks back so far. */
const rateMs = 10_000;

/** Resolves with the last state; never, once the unit has its outcome. Throws RangeError for options that make no sense. */
export async function runSteps<S>(unit: SteppingUnit, options: StepsOptions<S>): Promise<S> {
  const { total } = options;
  if (!Number.isSafeInteger(total) || total < 0)
    throw new RangeError(`steps of total ${String(total)}; expected a whole number from 0`);
  const pace = paceOf(options.checkpoint);
  const { checkpoints } = unit;
  const loaded = await checkpoints.load();
  if (loaded !== null && loaded.steps === null)
    throw new Error("the saved state is one of `checkpoint`; a trial that calls `steps` leaves saving to it");
  const stepping = new Stepping(unit, {
    ...options,
    pace,
    done: loaded?.steps?.done ?? 0,
    // What `initial` or a step has made, of this very trial's code.
    state: loaded === null ? options.initial() : (deserialize(loaded.state) as S),
  });
  return stepping.run();
}

class Stepping<S> {
  readonly #unit: SteppingUnit;
  readonly #options: StepsOptions<S>;
  readonly #pace: Pace;
  readonly #marks: { readonly at: number; readonly done: number }[] = [];
  #state: S;
  #done: number;
  #block = 1;
  #isEnough = false;
  #toldAt = 0;
  #turnedAt = performance.now();
  /** The state on its way to the store. */
  #saving: Promise<void> = Promise.resolve();
  #saved: SavedAt | null = null;

  constructor(
    unit: SteppingUnit,
    options: StepsOptions<S> & { readonly pace: Pace; readonly done: number; readonly state: S },
  ) {
    this.#unit = unit;
    this.#options = options;
    this.#pace = options.pace;
    this.#state = options.state;
    this.#done = options.done;
  }

  async run(): Promise<S> {
    const { total } = this.#options;
    const started = performance.now();
    this.#pace.restart(this.#done, started);
    this.#tell(started);
    while (this.#done < total && !this.#isEnough) {
      this.#unit.endIfLast();
      const before = performance.now();
      const waits = this.#runBlock();
      if (waits !== null) await waits;
      const now = performance.now();
      if (now - before < blockMs / 4) this.#block *= 2;
      else if (now - before > blockMs) this.#block = Math.max(1, this.#block >>> 1);
      if (this.#done < total && this.#pace.isDue(this.#done, now)) await this.#save();
      if (now - this.#toldAt > tellMs) this.#tell(now);
      if (now - this.#turnedAt > turnMs) await this.#turn();
    }
    await this.#saving;
    this.#tell(performance.now(), this.#done);
    return this.#state;
  }

  /** A few steps; a promise where a step gave one. */
  #runBlock(): Promise<void> | null {
    const { step, until, total } = this.#options;
    const end = Math.min(total, this.#done + this.#block, Math.max(this.#done + 1, this.#pace.nextLook));
    while (this.#done < end && !this.#isEnough) {
      const next = step(this.#state, this.#done);
      if (isPromise(next)) return this.#finishStep(next);
      if (next !== undefined) this.#state = next;
      this.#done += 1;
      this.#isEnough = until?.(this.#state, this.#done) === true;
    }
    return null;
  }

  async #finishStep(step: Promise<S | undefined>): Promise<void> {
    const next = await step;
    if (this.#unit.isOver()) return never();
    if (next !== undefined) this.#state = next;
    this.#done += 1;
    this.#isEnough = this.#options.until?.(this.#state, this.#done) === true;
  }

  /** Waits for the state before, so that one is under way at most. */
  async #save(): Promise<void> {
    await this.#saving;
    if (this.#unit.isOver()) return never();
    const done = this.#done;
    const steps = { done, total: this.#options.total };
    const snapshot = this.#unit.checkpoints.snapshot(this.#state, { steps, keep: this.#pace.keep });
    this.#pace.restart(done, performance.now());
    this.#saving = snapshot.send().then((error) => {
      // The trial goes on: without this state a kill costs more steps, and nothing else.
      if (error !== null) this.#unit.warn(`the state after step ${done} could not be saved: ${error}`);
      else this.#saved = { done, bytes: snapshot.bytes };
    });
    // Awaited before the next one, and at the end; a failure of the unit is known by then.
    this.#saving.catch(() => undefined);
  }

  async #turn(): Promise<void> {
    await eventLoopTurn();
    this.#turnedAt = performance.now();
    if (this.#unit.isOver()) return never();
  }

  /** With the steps that there will have been, once that is known. */
  #tell(now: number, total = this.#options.total): void {
    this.#toldAt = now;
    const marks = this.#marks;
    marks.push({ at: now, done: this.#done });
    while (marks.length > 2 && now - marks[0]!.at > rateMs) marks.shift();
    const { at, done } = marks[0]!;
    this.#unit.tell({
      steps: { done: this.#done, total },
      perSecond: now > at ? ((this.#done - done) * 1000) / (now - at) : 0,
      saved: this.#saved,
    });
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}
