// The saved states of one unit: the author's own, at once or at a pace, and those of a loop of steps. A state is made into bytes in one
// go, so a unit may go on while they are on their way to the store.
import { deserialize } from "node:v8";
import type { CheckpointPace, StepsOptions } from "../../../../lib/experiment/steps.ts";
import type { StepsDone } from "../../protocol/protocol.ts";
import { eventLoopTurn } from "../event-loop-turn.ts";
import type { Schema } from "./checked-row.ts";
import { keptStates, paceOf } from "./checkpoint-pace.ts";
import { decodeState, encodeState, type SavedState, serialized } from "./saved-state.ts";
import { Interrupted } from "./unit-failure.ts";
import type { UnitLink } from "./unit-link.ts";
import { runSteps, type Snapshot } from "./unit-steps.ts";

/** The unit as a checkpoint sees it. */
export interface CheckpointedUnit {
  readonly link: UnitLink;
  readonly place: { readonly lease: number; readonly unit: number; readonly attempt: number };
  /** Whether it has its outcome. */
  isOver(): boolean;
  warn(text: string): void;
  /** What it has so far, beside the author's state. */
  gathered(): Omit<SavedState, "format" | "state" | "steps">;
  /** Resolves once the artifacts that `gathered` named are kept. Throws where the unit has failed meanwhile. */
  settled(): Promise<void>;
  /** Takes up what a checkpoint held. */
  adopt(saved: SavedState): void;
}

/** A unit of a trial that was running in a thread for this long lets others have a turn. */
const turnMs = 25;

export class UnitCheckpoints {
  readonly #unit: CheckpointedUnit;
  #count = 0;
  #bytesMax = 0;
  #isStepping = false;
  /** Whether the state saved last is the one that the unit is to end with. */
  #isLast = false;
  #interrupted: Interrupted | null = null;

  constructor(unit: CheckpointedUnit) {
    this.#unit = unit;
  }

  /** Set once the unit was told to end; it stands whatever the author's code makes of the error. */
  get interrupted(): Interrupted | null {
    return this.#interrupted;
  }

  /** How many states are in the store, and the bytes of the largest. */
  get telemetry(): Readonly<Record<string, number>> {
    return this.#count === 0 ? {} : { checkpoints: this.#count, checkpointBytes: this.#bytesMax };
  }

  /** The state as it is now. Throws RangeError above 10 MB. */
  snapshot(
    state: unknown,
    { steps, keep }: { readonly steps: StepsDone | null; readonly keep: number },
  ): Snapshot {
    const saved = { format: 4, state: serialized(state), steps, ...this.#unit.gathered() } as const;
    const whole = encodeState(saved);
    const bytes = whole.length;
    return { bytes, send: () => this.#send(whole, { steps, keep }) };
  }

  async #send(
    state: Uint8Array,
    of: { readonly steps: StepsDone | null; readonly keep: number },
  ): Promise<string | null> {
    const { link, place } = this.#unit;
    const bytes = state.length;
    await this.#unit.settled();
    const transfer =
      state.buffer instanceof ArrayBuffer && state.buffer.byteLength === bytes ? [state.buffer] : [];
    const reply = await link.ask({ type: "checkpoint", ...place, state, ...of }, undefined, transfer);
    if (reply.type !== "checkpoint-saved") return "it was answered otherwise";
    if (reply.error !== null) return reply.error;
    this.#isLast = reply.isLast;
    this.#count += 1;
    this.#bytesMax = Math.max(this.#bytesMax, bytes);
    return null;
  }

  /** The author's own: resolves once it is stored, rejects when it cannot be. */
  async save(state: unknown, keep = keptStates): Promise<void> {
    const error = await this.snapshot(state, { steps: null, keep }).send();
    if (error !== null) throw new Error(`the checkpoint could not be saved: ${error}`);
    this.#endIfLast();
  }

  #endIfLast(): void {
    if (!this.#isLast) return;
    this.#interrupted ??= new Interrupted("the run was stopped; the trial goes on from its saved state");
    throw this.#interrupted;
  }

  /** Saves where it is due, and lets the thread's event loop turn now and then. */
  every(given: CheckpointPace): (done: number, state: () => unknown) => Promise<void> {
    const pace = paceOf(given);
    let isBegun = false;
    let turned = performance.now();
    return async (done, state) => {
      const now = performance.now();
      if (!isBegun) {
        isBegun = true;
        // Taken up behind a saved state, it is due where it would have been anyway.
        pace.restart(done - 1, now);
      }
      if (now - turned > turnMs) {
        await eventLoopTurn();
        turned = performance.now();
      }
      if (!pace.isDue(done, now)) return;
      pace.restart(done, now);
      await this.save(state(), pace.keep);
    };
  }

  /** The last state in the store, with all that the unit had then; null where there is none. */
  async load(): Promise<{ readonly state: Uint8Array; readonly steps: StepsDone | null } | null> {
    const { link, place } = this.#unit;
    const { lease, unit } = place;
    const reply = await link.ask({ type: "restore", lease, unit });
    if (reply.type !== "restore-reply" || reply.state === null) return null;
    const saved = decodeState(reply.state);
    this.#unit.adopt(saved);
    return saved;
  }

  /** The author's own state, null where there is none. Throws on one that the schema refuses, and on one of `steps`. */
  async restore<T>(schema?: Schema<T>): Promise<T | null> {
    const saved = await this.load();
    if (saved === null) return null;
    if (saved.steps !== null)
      throw new Error("the saved state is one of `steps`, which takes it up itself: leave out `restore`");
    const state: unknown = deserialize(saved.state);
    // Without a schema the author takes the state as unknown, which T then is.
    return schema === undefined ? (state as T) : schema.parse(state);
  }

  /** Takes the trial through its steps. */
  async steps<S>(options: StepsOptions<S>): Promise<S> {
    if (this.#isStepping) throw new Error("`steps` was called twice; a trial has one loop of steps");
    this.#isStepping = true;
    const { link, place, isOver, warn } = this.#unit;
    const { lease, unit } = place;
    return runSteps(
      {
        checkpoints: this,
        isOver,
        warn,
        tell: (at) => link.say({ type: "steps", lease, unit, ...at }),
        endIfLast: () => this.#endIfLast(),
      },
      options,
    );
  }
}
